"""Who has the floor: the person may always cut in, and what was not heard was not said."""

from __future__ import annotations

import asyncio
from typing import Literal

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.core.events import (
    InputCommitted,
    ItemAdded,
    ItemDeleted,
    SpeechStarted,
    SpeechStopped,
    TimingsMeasured,
    TranscriptPartial,
)
from visavis.core.session import Modality
from visavis.engines.stt import Transcript
from visavis.live.ear import Ear
from visavis.live.memory import Memory
from visavis.live.partials import Partials
from visavis.live.presence import Presence
from visavis.live.resources import Resources
from visavis.live.transport import Transport
from visavis.live.turn import LiveTurn
from visavis.live.turns import Turns, new_id


class Floor:
    """The turn-taking of one session: what the listener hears becomes turns, and turns take turns.

    At most one turn is `active`: approved and not over. One more may be in the making while the person pauses.
    Everything here runs on the event loop and returns at once.
    """

    def __init__(
        self,
        memory: Memory,
        resources: Resources,
        transport: Transport,
        *,
        ear: Ear,
        presence: Presence,
        turns: Turns,
        group: asyncio.TaskGroup,
    ) -> None:
        self.active: LiveTurn | None = None
        self._memory = memory
        self._transport = transport
        self._ear = ear
        self._presence = presence
        self._turns = turns
        self._group = group
        self._admission = resources.admission
        self._reopen = resources.options.reopen
        self._waiting: LiveTurn | None = None
        self._item_id = ""
        self._partials = Partials(
            resources.engines.stt, group.create_task, self._show, resources.options.partial_interval
        )
        turns.on_ended = self._ended

    # What the listener hears -----------------------------------------------------------------------------------

    @property
    def _interruptible(self) -> bool:
        detection = self._memory.options.turn_detection
        return detection is not None and detection.interrupt_response

    def suspected(self) -> None:
        """Holds the avatar's voice for a moment."""
        if self.active is not None and self._interruptible:
            self.active.response.hold()

    def dismissed(self) -> None:
        """Lets it go on."""
        if self.active is not None:
            self.active.response.release()

    def started(self, start: float) -> float:
        """The person speaks: the avatar falls silent. When nothing of its answer was heard, the turn goes on."""
        begin, turn = start, self.active
        if turn is not None and self._interruptible:
            unheard = self.interrupt(turn, "turn_detected") == ""
            if unheard and turn.span and start - turn.span[1] < self._reopen:
                begin = turn.span[0]
                self._memory.remove(turn.item_id)
                self._transport.emit(ItemDeleted(turn.item_id))
        self._item_id = new_id("item")
        self._partials.begin()
        self._transport.emit(SpeechStarted(self._item_id, start))
        self._presence.become("listening")
        return begin

    def overheard(self, start: float) -> None:
        """Shows what is being said, now and then, while that delays nobody's answer."""
        if self._memory.options.partials and self._partials.due and self._admission.free:
            self._partials.transcribe(self._ear.audio(start), self._turns.stt_options(partial=True))

    def hushed(self) -> None:
        """Leaves the processor to the final transcript."""
        self._partials.stop()

    def prepare(self, start: float, end: float) -> LiveTurn:
        """Starts a spoken turn ahead of time."""
        detection = self._memory.options.turn_detection
        answer = detection is None or detection.create_response
        turn = self._turns.spoken(self._item_id, start, end, self._ear.voiced_at, wants_answer=answer)
        turn.start(self._group)
        return turn

    def discard(self, turn: LiveTurn) -> None:
        """Throws away a turn that was begun too early."""
        turn.cancel()

    def finished(self, turn: LiveTurn) -> None:
        """The person has finished."""
        self._transport.emit(SpeechStopped(turn.item_id, self._ear.segmenter.last_voiced))
        self._take(turn)

    # What the client asks --------------------------------------------------------------------------------------

    def commit(self, start: float) -> bool:
        """Push to talk: the audio since `start` is a message, answered on request. False when there is none."""
        end = self._ear.time
        if end - start < 0.1:
            return False
        now = asyncio.get_running_loop().time()
        turn = self._turns.spoken(new_id("item"), start, end, now, wants_answer=False)
        turn.start(self._group)
        self._take(turn)
        return True

    def respond(self, modality: Modality | None) -> VisavisError | None:
        """Answers what is pending, or greets; returns why that cannot be."""
        turn, memory = self.active, self._memory
        if turn is not None and not turn.wants_answer:
            turn.wants_answer = True
            return None
        if turn is not None:
            if turn.state != "speaking" or not memory.pending:
                return VisavisError(
                    "conversation_already_has_active_response",
                    "An answer is on its way already; cancel it first, or add a message.",
                )
            self.interrupt(turn, "client_cancelled")
        elif not memory.pending and memory.conversation.messages and not memory.returning:
            return VisavisError("response.nothing_to_answer", "Everything is answered already; add a message first.")
        answer = self._turns.requested(modality)
        self.active = answer
        answer.start(self._group)
        answer.approve()
        self._presence.become("thinking")
        return None

    def cancel(self, response_id: str | None) -> bool:
        """Stops the answer on request; False when there is none of that id."""
        turn = self.active
        if turn is None or (response_id and response_id != turn.response.id):
            return False
        if turn.accepted:
            self.interrupt(turn, "client_cancelled")
        else:
            turn.wants_answer = False
        return True

    def interrupt(self, turn: LiveTurn, reason: Literal["turn_detected", "client_cancelled"]) -> str:
        """Stops the active turn at once and returns what was heard of its answer."""
        heard = turn.response.interrupt(reason)
        if heard:
            self._turns.remember(turn, heard, interrupted=True)
        else:
            self._turns.undo(turn)
        turn.cancel()
        self.active = None
        if turn.response.announced:
            self._transport.emit(TimingsMeasured(turn.timings()))
        if reason == "client_cancelled":
            self._presence.become("idle")
        return heard

    # ------------------------------------------------------------------------------------------------------------

    def _take(self, turn: LiveTurn) -> None:
        """Commits a spoken turn; it is acted on as soon as the avatar is free."""
        self._transport.emit(InputCommitted(turn.item_id, self._memory.last_item))
        self._transport.emit(ItemAdded(Message("user", "", turn.item_id), self._memory.last_item, spoken=True))
        if self.active is None:
            self._approve(turn)
            return
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = turn

    def _approve(self, turn: LiveTurn) -> None:
        self.active = turn
        turn.approve()
        self._presence.become("thinking")

    def _ended(self, turn: LiveTurn) -> None:
        if turn is self._waiting:
            self._waiting = None
        if turn is not self.active:
            return
        self.active = None
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._approve(waiting)
        elif self._presence.state != "listening":
            self._presence.become("idle")

    def _show(self, transcript: Transcript) -> None:
        self._transport.emit(TranscriptPartial(self._item_id, transcript.text, transcript.language))
        self._turns.overheard(transcript)
