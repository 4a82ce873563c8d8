"""Looks up what the person seems to ask for while they still speak."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from visavis.core.errors import VisavisError
from visavis.core.flow import Utterance
from visavis.core.passage import Passage
from visavis.core.wording import same_request
from visavis.live.memory import Memory


@dataclass(frozen=True, slots=True)
class _Search:
    """One search, for these words in this state of the conversation."""

    text: str
    messages: int
    task: asyncio.Task[tuple[Passage, ...] | None]


class Recall:
    """The searches of one session: one at a time, for the newest partial transcript. What it found is used only when
    the final words ask for the same; a persona without documents is never asked."""

    def __init__(self, memory: Memory, spawn: Callable[..., asyncio.Task[tuple[Passage, ...] | None]]) -> None:
        """`spawn` starts a task in the session's group."""
        self._memory = memory
        self._spawn = spawn
        self._search: _Search | None = None

    def overhear(self, utterance: Utterance) -> None:
        """The person seems to be saying this: begins to look it up, unless a search is under way or it says nothing
        new."""
        look_up = self._memory.role.look_up
        if look_up is None or (self._search is not None and not self._search.task.done()):
            return
        if self._search is not None and self._fits(self._search, utterance.text):
            return
        self._search = _Search(utterance.text, self._said(), self._spawn(self._find(utterance)))

    async def found(self, text: str) -> tuple[Passage, ...] | None:
        """What was found for these final words, waiting for a search that is about to know; None when it is to be
        looked up."""
        search, self._search = self._search, None
        if search is None:
            return None
        if not self._fits(search, text):
            search.task.cancel()
            return None
        return await asyncio.shield(search.task)

    async def _find(self, utterance: Utterance) -> tuple[Passage, ...] | None:
        look_up = self._memory.role.look_up
        try:
            return await look_up(utterance, self._memory.answered) if look_up is not None else None
        except VisavisError:
            return None

    def _fits(self, search: _Search, text: str) -> bool:
        return search.messages == self._said() and same_request(search.text, text)

    def _said(self) -> int:
        return len(self._memory.answered.messages)
