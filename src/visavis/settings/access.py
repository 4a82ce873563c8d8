"""Settings: who may come in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from visavis.settings.source import FromEnvironment, variable


class AccessSettings(FromEnvironment):
    """Who may use the server, and how much of it."""

    mode: Literal["auto", "key", "open"] = variable(
        "auto",
        "VISAVIS_ACCESS",
        description="`auto`: a key is needed where more than this machine reaches it; `key`: always; `open`: never.",
    )
    secret: str = variable(
        "",
        "SHARED_SECRET",
        "VISAVIS_API_KEY",
        description="A key of your own choice, beside `visavis keys`.",
        repr=False,
    )
    keys: Path | None = variable(
        None, "VISAVIS_KEYS", description="File of the keys' hashes; default: in the user's data folder."
    )
    hosts: tuple[str, ...] = variable(
        (),
        "VISAVIS_HOSTS",
        description="JSON list of names under which the server is reached besides its address; `*` for any.",
    )
    rate: str = variable(
        "1200/minute",
        "VISAVIS_RATE",
        description="Requests that one address may make; several limits with `;` between.",
    )
    guesses: str = variable("20/hour", "VISAVIS_GUESSES", description="Wrong keys that one address may try.")
    at_once: int = variable(
        32, "VISAVIS_AT_ONCE", description="Requests that one key, or one address, may have under way.", ge=1
    )
    talks: int = variable(
        8, "VISAVIS_TALKS", description="Conversations that one key, or one address, may have open.", ge=1
    )
    stay: float = variable(720.0, "VISAVIS_STAY", description="Hours for which a page's cookie is good.", gt=0)
