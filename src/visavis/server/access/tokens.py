"""Short-lived tokens: given for a key, signed, and worth less than it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from itsdangerous import BadData, URLSafeSerializer

PREFIX: Final = "ek_"
"""How every token begins, as OpenAI's ephemeral keys do."""

_SALT: Final = "visavis.access"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token says: whose key it stands for, what it may, until when (Unix time), and what it fixes."""

    holder: str
    reach: Literal["realtime", "all"]
    expires: int
    session: Mapping[str, Any] | None = None


class Tokens:
    """Makes and reads tokens; nothing about them is stored."""

    def __init__(self, signing: Callable[[], bytes], now: Callable[[], float] = time.time) -> None:
        """`signing` gives the secret they are signed with; `now` is Unix time in seconds."""
        self._signing = signing
        self._now = now

    def mint(
        self,
        holder: str,
        reach: Literal["realtime", "all"],
        seconds: float,
        session: Mapping[str, Any] | None = None,
    ) -> tuple[str, Grant]:
        """A token that is good for so many seconds."""
        grant = Grant(holder, reach, int(self._now() + seconds), session)
        body = {"h": grant.holder, "r": grant.reach, "e": grant.expires, **({"s": dict(session)} if session else {})}
        text = self._serializer().dumps(body)
        return PREFIX + (text if isinstance(text, str) else text.decode("ascii")), grant

    def read(self, text: str) -> Grant | None:
        """What the token says; None for one that is not ours, was changed, or whose time is over."""
        if not text.startswith(PREFIX):
            return None
        try:
            body = self._serializer().loads(text.removeprefix(PREFIX))
            grant = Grant(body["h"], body["r"], body["e"], body.get("s"))
        except (BadData, ValueError, KeyError, TypeError):
            return None
        return grant if self._now() < grant.expires else None

    def _serializer(self) -> URLSafeSerializer:
        options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        return URLSafeSerializer(self._signing(), salt=_SALT, signer_kwargs=options)
