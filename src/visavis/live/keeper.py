"""Writes a conversation down while it goes on, for a person who agreed to be remembered."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol

import structlog

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.core.events import Event, ItemDeleted, ItemTruncated, TimingsMeasured
from visavis.core.recollection import KeptConversation, Remembering
from visavis.live.memory import Memory

_log = structlog.get_logger(__name__)

_MOST: Final = 200
"""Messages of one conversation that are kept, the newest."""
_LONGEST: Final = 2000
"""Characters of one message that are kept."""


class Diary(Protocol):
    """Where one person's conversations are kept."""

    async def keep(self, conversation: KeptConversation, *, new: bool) -> bool:
        """Writes a conversation down in place of what was known of it. False when nothing was written: the person has
        not agreed, or it is not `new` and has been deleted. May raise VisavisError."""
        ...


class Keeper:
    """Keeps one conversation in a diary: after each turn, as far as it was heard, and never what the diary already held
    when the conversation began. What was said before somebody deleted it is not written down again."""

    def __init__(self, memory: Memory, diary: Diary, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.diary = diary
        self._memory = memory
        self._now = now
        self._left_out = set(memory.recalled)
        self._changed = asyncio.Event()
        self._closing = False
        self._begin()

    def observe(self, event: Event) -> None:
        """Sees every event of the session; returns at once."""
        if isinstance(event, TimingsMeasured | ItemTruncated | ItemDeleted):
            self._changed.set()

    async def run(self) -> None:
        """Writes after every turn until `close` is called, and then once more."""
        self._closing = False
        while True:
            await self._changed.wait()
            self._changed.clear()
            last = self._closing
            await self._keep()
            if last:
                return

    def close(self) -> None:
        """The connection has ended: `run` writes down what is left, and returns."""
        self._closing = True
        self._changed.set()

    def _begin(self) -> None:
        self._id, self._began, self._made = secrets.token_hex(16), self._now(), False
        self._written: tuple[Message, ...] = ()

    async def _keep(self) -> None:
        heard = self._heard()
        if heard == self._written:
            return
        flow, state = self._memory.role.flow, self._memory.state
        facts = flow.facts(state) if isinstance(flow, Remembering) else {}
        conversation = KeptConversation(
            self._id, self._memory.role.id, self._memory.language, self._began, self._now(), heard, facts
        )
        try:
            kept = await self.diary.keep(conversation, new=not self._made)
        except VisavisError as error:
            _log.warning("memory.not_kept", code=error.code)
            return
        if kept:
            self._made, self._written = True, heard
        else:
            self._left_out |= {message.id for message in self._memory.conversation.messages}
            self._begin()

    def _heard(self) -> tuple[Message, ...]:
        return tuple(
            Message(message.role, message.text[:_LONGEST], message.id, message.interrupted)
            for message in self._memory.conversation.messages
            if message.role in ("user", "assistant") and message.text and message.id not in self._left_out
        )[-_MOST:]
