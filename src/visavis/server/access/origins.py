"""Which pages may use the server: its own, and those of origins that the host has named."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_FRAMES = frozenset({"iframe", "frame", "embed", "object", "fencedframe"})


class Origins:
    """Tells the pages that may from those that may not."""

    def __init__(self, listed: Collection[str]) -> None:
        """`listed` are further origins, such as `https://friend.example`."""
        self._listed = frozenset(listed)

    def welcome(self, headers: Headers, method: str) -> bool:
        """Whether whoever sends this may; what is no page, like a script, always may.

        Browsers name the page in `Origin`. Where they do not (pictures, scripts, videos of another site's page), they
        say in `Sec-Fetch-Site` that it is another's; following a link from there is allowed, framing us is not.
        """
        origin = headers.get("origin")
        if origin is not None:
            return self._known(origin, headers)
        if headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
            return True
        followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") not in _FRAMES
        if followed and method in {"GET", "HEAD"}:
            return True
        page = urlsplit(headers.get("referer", ""))
        return bool(page.netloc) and self._known(f"{page.scheme}://{page.netloc}", headers)

    def _known(self, origin: str, headers: Headers) -> bool:
        return origin in self._listed or urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
