"""visavis: face-to-face AI that you host yourself."""

from importlib.metadata import version

__version__ = version("visavis")
