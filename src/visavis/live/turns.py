"""Makes the turns of one session and writes what becomes of them into its memory."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.core.events import (
    ItemDeleted,
    LanguageChanged,
    Notice,
    TimingsMeasured,
    TranscriptCompleted,
    TranscriptFailed,
    Waiting,
)
from visavis.core.flow import Answer, Say, Utterance
from visavis.core.language import Language
from visavis.core.session import Modality
from visavis.engines.stt import STTOptions, Transcript
from visavis.engines.tts import TTSOptions
from visavis.live.admission import Place
from visavis.live.ear import Ear
from visavis.live.memory import Memory
from visavis.live.play import joined
from visavis.live.presence import Presence
from visavis.live.recall import Recall
from visavis.live.resources import Resources
from visavis.live.response import Making, Response
from visavis.live.speak import Voicing
from visavis.live.stopwatch import Stopwatch
from visavis.live.transport import Transport
from visavis.live.turn import LiveTurn


def new_id(prefix: str) -> str:
    """A fresh protocol id such as `item_4f…`."""
    return f"{prefix}_{secrets.token_hex(8)}"


class Turns:
    """The turns' host: hears for them, plans for them, remembers for them."""

    def __init__(
        self,
        memory: Memory,
        resources: Resources,
        transport: Transport,
        *,
        ear: Ear,
        presence: Presence,
        recall: Recall,
    ) -> None:
        self.on_understood: Callable[[], None] = lambda: None
        """Called when the words of a turn are known."""
        self.on_ended: Callable[[LiveTurn], None] = lambda turn: None
        """Called when a turn is over."""
        self._memory = memory
        self._resources = resources
        self._transport = transport
        self._ear = ear
        self._presence = presence
        self._recall = recall
        self._plans: dict[LiveTurn, tuple[Answer, tuple[str, ...]]] = {}

    def spoken(self, item_id: str, start: float, end: float, origin: float, *, wants_answer: bool) -> LiveTurn:
        """A turn from the audio between `start` and `end`; `origin` is when its last voiced sample was received."""
        stopwatch = Stopwatch(new_id("turn"), origin)
        audio = self._ear.audio(start, end)

        async def hear() -> Utterance:
            stopwatch.mark("stt")
            transcript = await self._resources.engines.stt.transcribe(audio, self.stt_options())
            stopwatch.mark("transcript")
            language = self._memory.options.language or transcript.language
            return Utterance(transcript.text.strip(), language, metadata={"duration": audio.duration})

        return LiveTurn(
            self,
            hear,
            self._response(stopwatch, None),
            stopwatch,
            item_id=item_id,
            span=(start, end),
            wants_answer=wants_answer,
            place=self._place(),
        )

    def requested(self, modality: Modality | None) -> LiveTurn:
        """A turn that answers what is pending, or greets."""
        stopwatch = Stopwatch(new_id("turn"), asyncio.get_running_loop().time())

        async def hear() -> None:
            return None

        place = self._place() if self._memory.pending else None  # a greeting is a fixed line
        return LiveTurn(self, hear, self._response(stopwatch, modality), stopwatch, place=place)

    def _place(self) -> Place:
        return self._resources.admission.place(lambda position, length: self._transport.emit(Waiting(position, length)))

    def overheard(self, transcript: Transcript) -> None:
        """The person seems to be saying this: what it asks for may be looked up already."""
        text = ""
        for said in (*(message.text for message in self._memory.pending), transcript.text.strip()):
            text += joined(text, said, transcript.language)
        self._recall.overhear(Utterance(text, self._memory.options.language or transcript.language))

    def stt_options(self, *, partial: bool = False) -> STTOptions:
        """How to transcribe this person now: what the persona's documents are called will be said."""
        options, role = self._memory.options, self._memory.role
        names = role.names(options.language or self._memory.language) if role.names is not None else ""
        return STTOptions(language=options.language, candidates=role.languages, partial=partial, prompt=names)

    def _response(self, stopwatch: Stopwatch, modality: Modality | None) -> Response:
        modality = modality or self._memory.options.modality
        if not self._resources.speaks():
            modality = "text"
        pace = self._resources.options.pace
        return Response(
            self._transport, stopwatch, pace, response_id=new_id("resp"), item_id=new_id("item"), modality=modality
        )

    # TurnHost --------------------------------------------------------------------------------------------------

    def understood(self, turn: LiveTurn) -> None:
        """The words are known: that may end the turn."""
        self.on_understood()

    def making(self, turn: LiveTurn) -> Making:
        """The engines, voice and plan of an answer to `turn` and to whatever else is pending."""
        memory, resources = self._memory, self._resources
        pending = memory.pending
        text, spoken = "", False
        for message in pending:
            text += joined(text, message.text, memory.language)
        language = memory.options.language or (
            resources.detect_language(text, memory.language) if text else memory.language
        )
        if turn.utterance is not None:
            language, spoken = turn.utterance.language, True
            if not turn.accepted:
                text += joined(text, turn.utterance.text, language)
        language = self._spoken_language(language)
        covered = (*(message.id for message in pending), turn.item_id)

        async def plan() -> Answer:
            flow, state = memory.role.flow, memory.state
            if text:
                utterance = Utterance(text, language, spoken, await self._recall.found(text))
                answer = await flow.respond(state, utterance, memory.answered)
            else:
                answer = Answer(tuple(Say(line) for line in memory.opening(language)), state)
            self._plans[turn] = (answer, covered)
            return answer

        voice = memory.options.voice or memory.role.voices.get(language, "")
        voicing = Voicing(resources.tts, TTSOptions(language, voice, memory.options.speed))
        watched = memory.options.motion and turn.response.modality == "audio"
        animator = resources.animators.speech() if watched else None
        return Making(plan, resources.engines.llm, voicing, animator, self.report, turn.made)

    def _spoken_language(self, language: Language) -> Language:
        known = self._memory.role.languages
        return language if language in known else known[0]

    def accept(self, turn: LiveTurn) -> bool:
        """What was said enters the conversation."""
        utterance, memory = turn.utterance, self._memory
        if turn.span is None:
            self._speak(memory.options.language or self._pending_language())
            return True
        if turn.error is not None:
            self._transport.emit(TranscriptFailed(turn.item_id, turn.error.code, turn.error.message))
            self.report(turn.error)
            self._transport.emit(ItemDeleted(turn.item_id))
            return False
        assert utterance is not None
        duration = float(utterance.metadata["duration"])
        self._transport.emit(TranscriptCompleted(turn.item_id, utterance.text, utterance.language, duration))
        if not utterance.text:
            self._transport.emit(ItemDeleted(turn.item_id))
            return False
        memory.hear(Message("user", utterance.text, turn.item_id))
        self._speak(utterance.language)
        return True

    def _pending_language(self) -> Language:
        current = self._memory.language
        text = " ".join(message.text for message in self._memory.pending)
        return self._resources.detect_language(text, current) if text else current

    def _speak(self, language: Language) -> None:
        language = self._spoken_language(language)
        if language != self._memory.language:
            self._memory.language = language
            self._transport.emit(LanguageChanged(language))

    def answering(self, turn: LiveTurn) -> str | None:
        """The answer stands: the flow moves on."""
        memory = self._memory
        answer, covered = self._plans.pop(turn)
        turn.taken = (memory.state, tuple(m for m in memory.pending if m.id in covered))
        turn.follows = memory.last_item
        memory.state, memory.returning = answer.state, False
        memory.pending = tuple(message for message in memory.pending if message.id not in covered)
        turn.speaking()
        self._presence.become("speaking", turn.response.id)
        return turn.follows

    def answered(self, turn: LiveTurn) -> None:
        """The answer was sent; that it was heard is taken for granted until the person cuts in."""
        if turn.response.sounding:
            self.remember(turn, turn.response.text, interrupted=False)

    def ended(self, turn: LiveTurn) -> None:
        """The turn is over; of an answer that failed, what was sent is remembered."""
        self._plans.pop(turn, None)
        if turn.state == "failed":
            if turn.error is not None:
                self.report(turn.error)
            if turn.response.sounding:
                self.remember(turn, turn.response.sent_text(), interrupted=True)
        if turn.state != "interrupted" and turn.response.announced:
            self._transport.emit(TimingsMeasured(turn.timings()))
        self.on_ended(turn)

    # What becomes of an answer ---------------------------------------------------------------------------------

    def remember(self, turn: LiveTurn, said: str, *, interrupted: bool) -> None:
        """The avatar said this, as far as it was heard."""
        self._memory.answer(turn.response.item_id, turn.response.playout, said, turn.follows, interrupted=interrupted)

    def undo(self, turn: LiveTurn) -> None:
        """Nothing of the answer was heard: the conversation stands where it stood before it."""
        memory = self._memory
        memory.remove(turn.response.item_id)
        if turn.taken is not None:
            memory.state, pending = turn.taken
            memory.pending = (*pending, *(message for message in memory.pending if message not in pending))

    def report(self, error: VisavisError) -> None:
        """Tells the client of an engine's failure."""
        self._transport.emit(Notice(error.code, error.message, "warning" if error.retryable else "error"))
