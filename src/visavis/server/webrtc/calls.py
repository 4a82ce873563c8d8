"""The calls that are on."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from visavis.core.errors import VisavisError
from visavis.server.access.caller import Caller
from visavis.server.access.rule import Rule
from visavis.server.conversation import Wish, attend, fresh_config
from visavis.server.gone import GoneError
from visavis.server.house import House
from visavis.server.late_import import late_import
from visavis.server.problems import error_event

if TYPE_CHECKING:
    from visavis.server.webrtc.peer import Peer

_log = structlog.get_logger(__name__)

_PATIENCE: Final = 5.0
"""Seconds that hanging up waits for the end of the call."""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call: its `id`, whose it is (the id of a key, "" without one) and the SDP `answer`."""

    id: str
    holder: str
    answer: str


class Calls:
    """Takes calls, at most as many as may talk and wait for a place, and ends them."""

    def __init__(self, house: House, rule: Rule) -> None:
        self._house = house
        self._rule = rule
        self._on: dict[str, tuple[Call, Peer, asyncio.Task[None]]] = {}
        self._coming = 0

    def __len__(self) -> int:
        return len(self._on) + self._coming

    async def begin(self, caller: Caller, sdp: str, wish: Wish) -> Call:
        """Answers an offer; the conversation begins when the caller is connected.

        Raises VisavisError `call.offer`, `call.media`, `call.unavailable`, `sessions.full`, `rate.busy`.
        """
        limits = self._house.settings.sessions
        if len(self) >= limits.places + limits.queue:
            sentence = "All places and the whole queue are taken; please try again later."
            raise VisavisError("sessions.full", sentence, retryable=True)
        leave = self._rule.talk(caller)
        self._coming += 1
        try:
            call, peer = await self._answer(caller, sdp)
        except BaseException:
            leave()
            raise
        finally:
            self._coming -= 1
        self._on[call.id] = call, peer, asyncio.create_task(self._run(call, peer, wish, leave))
        return call

    async def _answer(self, caller: Caller, sdp: str) -> tuple[Call, Peer]:
        await late_import("visavis.server.webrtc.peer")
        from visavis.server.webrtc.ice import Ice
        from visavis.server.webrtc.peer import Peer

        settings = self._house.settings
        ice = Ice(settings.server.host, settings.calls)
        peer = Peer(fresh_config(self._house), ice, settings.server.max_message_bytes)
        try:
            async with asyncio.timeout(settings.calls.setup):
                answer = await peer.answer(sdp)
        except (TimeoutError, OSError) as error:
            await peer.close()
            raise VisavisError(
                "call.unavailable", "The call could not be set up in time; please try again.", retryable=True
            ) from error
        except BaseException:
            await peer.close()
            raise
        return Call(f"rtc_{secrets.token_urlsafe(18)}", caller.holder, answer), peer

    async def _run(self, call: Call, peer: Peer, wish: Wish, leave: Callable[[], None]) -> None:
        try:
            await self._connected(peer)
            await attend(self._house, peer, wish)
        except GoneError:
            _log.info("call.abandoned")
        except VisavisError as error:
            peer.outbox.say(error_event(error.code, error.message))
        except Exception:
            _log.exception("session.crashed")
        finally:
            leave()
            try:
                await peer.close()
            finally:
                self._on.pop(call.id, None)

    async def _connected(self, peer: Peer) -> None:
        try:
            async with asyncio.timeout(self._house.settings.calls.setup):
                await peer.opened()
        except TimeoutError as error:
            raise GoneError from error

    async def hang_up(self, call_id: str, holder: str) -> None:
        """Ends a call; its place is free then. Raises VisavisError `call.unknown`, for others' calls too."""
        call, peer, task = self._on.get(call_id, (None, None, None))
        if call is None or peer is None or task is None or call.holder != holder:
            raise VisavisError("call.unknown", "There is no call of that id, or it has ended.")
        peer.leave()
        await asyncio.wait([task], timeout=_PATIENCE)

    async def aclose(self) -> None:
        """Ends all of them."""
        tasks = []
        for _, peer, task in list(self._on.values()):
            peer.leave()
            tasks.append(task)
        if tasks:
            await asyncio.wait(tasks, timeout=_PATIENCE)
