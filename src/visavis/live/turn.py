"""One utterance and its answer, as one cancellable task that may start before the utterance is known to be over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.core.flow import Utterance
from visavis.core.turn import Turn, TurnState, TurnTimings
from visavis.live.admission import Place
from visavis.live.response import Making, Response
from visavis.live.stopwatch import Stopwatch

_log = structlog.get_logger(__name__)


class _UnwantedError(Exception):
    """Ends the making of an answer that nobody wants."""


class TurnHost(Protocol):
    """What a turn asks of the session it belongs to. All calls are on the event loop and return at once."""

    def understood(self, turn: LiveTurn) -> None:
        """The words of a spoken turn are known, or could not be had."""
        ...

    def making(self, turn: LiveTurn) -> Making:
        """What the answer to this turn is made with."""
        ...

    def accept(self, turn: LiveTurn) -> bool:
        """The turn stands: what was said enters the conversation. False when nothing was said."""
        ...

    def answering(self, turn: LiveTurn) -> str | None:
        """The answer begins to be heard; returns the id of the item it follows."""
        ...

    def answered(self, turn: LiveTurn) -> None:
        """The whole answer was sent."""
        ...

    def ended(self, turn: LiveTurn) -> None:
        """The turn is done, interrupted or failed."""
        ...


class LiveTurn:
    """A turn in progress.

    `run` hears what was said, starts to make the answer, waits for `approve` (nothing is sent before it), and plays.
    """

    def __init__(
        self,
        host: TurnHost,
        hear: Callable[[], Awaitable[Utterance | None]],
        response: Response,
        stopwatch: Stopwatch,
        *,
        item_id: str = "",
        span: tuple[float, float] | None = None,
        wants_answer: bool = True,
        place: Place | None = None,
    ) -> None:
        """`hear` gives what was said (None: nothing new, answer what is pending); `span` is where a spoken turn lies
        in the audio received, `item_id` the message it becomes; `place` is the one that it takes among the turns that
        are made, None for a turn that costs nothing."""
        self.response = response
        self.stopwatch = stopwatch
        self.item_id = item_id
        self.span = span
        self.wants_answer = wants_answer
        self.utterance: Utterance | None = None
        self.error: VisavisError | None = None
        self.taken: tuple[object, tuple[Message, ...]] | None = None
        """The flow's state and the pending messages before this answer took them."""
        self.follows: str | None = None
        """The item that the answer stands behind."""
        self.accepted = False
        self._host = host
        self._hear = hear
        self._place = place
        self._turn = Turn(stopwatch.turn_id)
        self._approved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> TurnState:
        """Where the turn is."""
        return self._turn.state

    @property
    def approved(self) -> bool:
        """Whether it is known that the person had finished."""
        return self._approved.is_set()

    @property
    def over(self) -> bool:
        """Whether the turn has ended."""
        return self._turn.over

    @property
    def understood(self) -> bool:
        """Whether the words are known, or known to be unknowable."""
        return self.utterance is not None or self.error is not None

    def timings(self) -> TurnTimings:
        """What was measured so far."""
        return self.stopwatch.timings(self.response.id)

    def start(self, group: asyncio.TaskGroup) -> None:
        """Runs the turn in the session's task group."""
        self._task = group.create_task(self._run(), name=f"turn {self._turn.id}")

    def approve(self) -> None:
        """The person has finished: what is said may be acted on."""
        if not self.approved and not self.over:
            self.stopwatch.mark("endpoint")
            self._to("thinking")
            self._approved.set()
            if self._place is not None:
                self._place.urge()

    def cancel(self) -> None:
        """Stops every engine that works for this turn. What was sent stays sent."""
        self._to("interrupted")
        if self._task is not None:
            self._task.cancel()

    def made(self) -> None:
        """The engines have done with it: the next turn may be made."""
        if self._place is not None:
            self._place.leave()

    def speaking(self) -> None:
        """The first piece of the answer leaves."""
        self._to("speaking")

    def _to(self, state: TurnState) -> None:
        if not self._turn.over and self._turn.state != state:
            self._turn = self._turn.to(state)

    async def _run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                await self._steps(group)
        except* _UnwantedError:
            pass
        except* VisavisError as failures:
            self._fail(failures)
        except* Exception as failures:
            _log.exception("turn.crashed", turn=self._turn.id)
            self._fail(failures)
        finally:
            self.made()
            self._to("done")
            self._host.ended(self)

    async def _steps(self, group: asyncio.TaskGroup) -> None:
        self.stopwatch.mark("line")
        if self._place is not None and await self._place.take():
            self.stopwatch.mark("admitted")
        await self._listen()
        worth_answering = self.error is None and (self.utterance is None or self.utterance.text != "")
        if self.wants_answer and worth_answering:
            self.response.begin(group, self._host.making(self))
        await self._approved.wait()
        self.accepted = True
        if not self._host.accept(self) or not self.wants_answer:
            if self.response.begun:
                raise _UnwantedError
            return
        self.response.announce()
        if not self.response.begun:
            self.response.begin(group, self._host.making(self))
        await self.response.play(lambda: self._host.answering(self), lambda: self._host.answered(self))

    async def _listen(self) -> None:
        try:
            self.utterance = await self._hear()
        except VisavisError as error:
            self.error = error
        self._host.understood(self)

    def _fail(self, failures: BaseExceptionGroup[Exception]) -> None:
        first: BaseException = failures
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        self.error = (
            first
            if isinstance(first, VisavisError)
            else VisavisError("internal", "Something went wrong inside the server; please try again.")
        )
        self.response.fail(self.error)
        self._to("failed")
