"""Who is let in: one rule for HTTP, WebSocket and WebRTC."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

from starlette.types import Scope

from visavis.core.errors import VisavisError
from visavis.server.access.caller import Caller, Reach, address_of, forwarded
from visavis.server.access.credentials import Shown, shown_by
from visavis.server.access.doors import is_free, is_realtime
from visavis.server.access.hosts import Hosts, is_loopback
from visavis.server.access.keys import PREFIX as KEY
from visavis.server.access.keys import KeyStore
from visavis.server.access.rates import Rates, limits_of
from visavis.server.access.tokens import PREFIX as TOKEN
from visavis.server.access.tokens import Tokens
from visavis.settings import AccessSettings

SHARED: Final = "shared."
"""How the holder of the shared secret is named; what follows changes with the secret."""


class Rule:
    """Decides for every request. A key is needed unless the host said otherwise, or the request comes from this machine
    to a server that only this machine reaches. What looks like one of our own keys or tokens must always be a good
    one; other words, which clients send because they must send something, count as none where none is needed."""

    def __init__(self, settings: AccessSettings, hosts: Hosts, keys: KeyStore) -> None:
        self._settings = settings
        self._hosts = hosts
        self.keys = keys
        self.tokens = Tokens(lambda: keys.signing)
        self.rates = Rates()
        self._rate, self._guesses = limits_of(settings.rate), limits_of(settings.guesses)
        outside = not hosts.local or hosts.named_outside or bool(settings.secret)
        self.closed = settings.mode == "key" or (settings.mode == "auto" and outside)
        """Whether even this machine needs a key."""

    @property
    def stay(self) -> float:
        """Seconds for which a page's cookie is good."""
        return self._settings.stay * 3600

    @property
    def enterable(self) -> bool:
        """Whether anybody at all can get in. Raises VisavisError `keys.unreadable`."""
        return not self.closed or bool(self._settings.secret) or bool(self.keys.list())

    def open_to(self, scope: Scope) -> bool:
        """Whether this sender needs no key."""
        if self._settings.mode == "open":
            return True
        return not self.closed and is_loopback(address_of(scope)) and not forwarded(scope)

    async def judge(self, scope: Scope) -> Caller:
        """Who sends this HTTP request or opens this WebSocket.

        Raises VisavisError `access.missing`, `access.wrong`, `access.expired`, `access.reach`, `keys.unreadable`,
        `rate.limited`, `rate.quota`, `rate.guesses`.
        """
        free, shown = is_free(scope), shown_by(scope)
        try:
            caller = await self.identify(shown, scope)
        except VisavisError:
            if not free:
                raise
            caller = Caller(address_of(scope))
        await self._count(caller)
        if free or caller.reach == "all" or (caller.reach == "realtime" and is_realtime(scope)):
            return caller
        if caller.reach == "realtime":
            sentence = "This token is for conversations only; use an API key here."
            raise VisavisError("access.reach", sentence)
        sentence = "This server wants a key: send it as `Authorization: Bearer …`; `visavis keys add` makes one."
        raise VisavisError("access.missing", sentence)

    def enter(self, caller: Caller, scope: Scope) -> Callable[[], None]:
        """Somebody who was let in begins; what is returned is called at the end. Raises LimitedError `rate.busy`."""
        return self._enter(caller, "http" if scope["type"] == "http" else "talk")

    def talk(self, caller: Caller) -> Callable[[], None]:
        """Somebody who was let in begins a call, which outlasts its request; as `enter`."""
        return self._enter(caller, "talk")

    def _enter(self, caller: Caller, kind: Literal["http", "talk"]) -> Callable[[], None]:
        if not caller.counted:
            return _nothing
        most = self._settings.at_once if kind == "http" else self._settings.talks
        return self.rates.enter(f"{kind} {caller.holder or caller.address}", most)

    async def identify(self, shown: Shown | None, scope: Scope) -> Caller:
        """Who it is, by what they show; raises as `judge`."""
        address, is_open = address_of(scope), self.open_to(scope)
        nobody = Caller(address, "all" if is_open else "nothing", counted=not (is_open and is_loopback(address)))
        if shown is None:
            return nobody
        if shown.text.startswith(TOKEN):
            caller = self._by_token(shown.text, nobody, is_open=is_open)
            if caller is not None:
                return caller
            if shown.by_cookie:
                return nobody
            raise VisavisError("access.expired", "This token is not valid, or its time is over; ask for a new one.")
        if shown.by_cookie:
            return nobody
        if shown.text.startswith(KEY):
            key = self.keys.find(shown.text)
            if key is not None:
                return Caller(address, "all", key.id, key.quota)
            raise VisavisError("access.wrong", "This key is not valid here; `visavis keys list` names those that are.")
        return await self._by_secret(shown.text, nobody, is_open=is_open)

    def holder_of_secret(self) -> str:
        """How tokens name whoever has the shared secret: nothing about the secret can be read off it."""
        mark = hmac.new(self.keys.signing, self._settings.secret.encode(), hashlib.sha256).hexdigest()
        return SHARED + mark[:16]

    async def _by_secret(self, text: str, nobody: Caller, *, is_open: bool) -> Caller:
        if is_open and not (self._settings.secret and self.closed):
            return nobody
        sentence = "Too many wrong keys came from your address; wait before you try again."
        await self.rates.require(self._guesses, f"guess {nobody.address}", "rate.guesses", sentence)
        if self._settings.secret and _same(text, self._settings.secret):
            return replace(nobody, reach="all", holder=self.holder_of_secret(), counted=True)
        await self.rates.take(self._guesses, f"guess {nobody.address}", "rate.guesses", sentence)
        raise VisavisError("access.wrong", "This key is not valid here; check it, or make one with `visavis keys add`.")

    def _by_token(self, text: str, nobody: Caller, *, is_open: bool) -> Caller | None:
        grant = self.tokens.read(text)
        if grant is None:
            return None
        quota = ""
        if grant.holder.startswith(SHARED):
            good = bool(self._settings.secret) and grant.holder == self.holder_of_secret()
        elif grant.holder:
            key = self.keys.get(grant.holder)
            good, quota = key is not None, key.quota if key else ""
        else:
            good = is_open
        reach: Reach = grant.reach
        return Caller(nobody.address, reach, grant.holder, quota, grant.session, nobody.counted) if good else None

    async def _count(self, caller: Caller) -> None:
        if not caller.counted:
            return
        sentence = "You ask too often; wait a little (VISAVIS_RATE)."
        await self.rates.take(self._rate, f"address {caller.address}", "rate.limited", sentence)
        if caller.quota:
            sentence = "This key has used up its quota; wait until its time is over."
            await self.rates.take(limits_of(caller.quota), f"key {caller.holder}", "rate.quota", sentence)


def _nothing() -> None:
    """Ends what was not counted."""


def _same(one: str, other: str) -> bool:
    """Compares in a time that tells nothing: hashes first, so that lengths do not show either."""
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (one, other)]
    return hmac.compare_digest(*digests)
