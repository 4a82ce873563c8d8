"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says nothing on a machine that other tests share.
settings.register_profile("visavis", deadline=None)
settings.load_profile("visavis")
