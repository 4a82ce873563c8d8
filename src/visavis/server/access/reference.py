"""The reference page of who is let in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from visavis.server.access.doors import PROBES

REFUSALS: Final[dict[str, tuple[int, str]]] = {
    "host.refused": (421, "A host name that is not this server's (VISAVIS_HOSTS)."),
    "origin.refused": (403, "A page of another site (VISAVIS_ORIGINS)."),
    "access.missing": (401, "No key, where one is needed."),
    "access.wrong": (401, "A key that is not valid here."),
    "access.expired": (401, "A token that is not valid, or whose time is over."),
    "access.reach": (403, "A token for conversations, used for something else."),
    "rate.limited": (429, "Too many requests from one address (VISAVIS_RATE); `Retry-After` says when to come back."),
    "rate.quota": (429, "The key's own quota is used up."),
    "rate.guesses": (429, "Too many wrong keys from one address (VISAVIS_GUESSES)."),
    "rate.busy": (429, "Too much under way at once (VISAVIS_AT_ONCE, VISAVIS_TALKS)."),
    "request.slow": (408, "A body that came too slowly (VISAVIS_PATIENCE)."),
    "session.too_large": (413, "More session settings than a token carries."),
    "keys.unreadable": (503, "The file of the keys is damaged; nobody is let in."),
}
"""Codes with their HTTP status and when they come."""

AT_START: Final[dict[str, str]] = {
    "access.needed": "Others can reach the server, and there is no key.",
    "keys.name": "A key without a name, or with one that is too long.",
    "keys.exists": "A second key of one name.",
    "keys.unknown": "A key to be removed that is not there.",
    "keys.unwritable": "The file of the keys cannot be written.",
    "settings.invalid": "A limit that cannot be read.",
}
"""Codes of the command line."""

_TEXT: Final = """On this machine no key is needed. A server that others reach wants one from everybody:

```sh
visavis keys add Ada                       # prints the key, once; only its hash is kept
visavis keys add robot --quota "60/minute;2000/day"
visavis serve --host 0.0.0.0               # does not start without a key, unless --insecure
curl -H "Authorization: Bearer $KEY" http://HOST:8000/v1/models
```

`x-api-key: KEY` and `x-shared-secret: KEY` are taken as well, over HTTP and WebSocket alike, and `SHARED_SECRET` sets
a key by hand. A browser's WebSocket shows it as the subprotocol `openai-insecure-api-key.KEY`, beside `realtime`. The
page asks for the key once and keeps a cookie, which holds a token.

`POST /v1/realtime/client_secrets` gives a token (`ek_…`) for conversations and nothing else; it ends after ten
minutes, or as `expires_after` says. What its `session` fixes holds for the conversations it opens.

What looks like a key or token of ours must be a good one, even where none is needed; any other word counts
as none there."""


def access_page(note: str) -> str:
    """`docs/access.md`."""
    return "\n".join(_lines(note)) + "\n"


def _lines(note: str) -> Iterator[str]:
    yield from ("# Keys, tokens and limits", "", note, "", _TEXT, "")
    probes = ", ".join(f"`{path}`" for path in sorted(PROBES))
    yield f"Without a key there are the page, which asks for one, and {probes}, which say no more than yes or no."
    yield from ("", "## Refusals", "", "| code | status | when |", "|---|---|---|")
    yield from (f"| `{code}` | {status} | {when} |" for code, (status, when) in REFUSALS.items())
    yield from ("", "## On the command line", "", "| code | when |", "|---|---|")
    yield from (f"| `{code}` | {when} |" for code, when in AT_START.items())
