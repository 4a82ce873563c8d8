"""A conversation with fake engines on a virtual clock: a person who speaks, and the log of what happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from visavis.core import events as happened
from visavis.core.commands import AppendAudio, Configure, CreateResponse
from visavis.core.conversation import Conversation, Message
from visavis.core.flow import Answer, Flow, Generate, Say, Step, Utterance
from visavis.core.language import Language
from visavis.core.media import AudioChunk, Samples
from visavis.core.session import SessionOptions
from visavis.engines.fake import spoken
from visavis.engines.fake.embedder import FakeEmbedder
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.tts import FakeTTS, FakeTTSOptions
from visavis.engines.fake.turn_detector import FakeTurnDetector
from visavis.engines.fake.vad import FakeVAD
from visavis.engines.llm import LLM
from visavis.engines.pool import EnginePool
from visavis.engines.speech_cache import CachedTTS, SpeechCache
from visavis.engines.stt import STT
from visavis.engines.tts import TTS
from visavis.face.animator import AmbientAnimator, SpeechAnimator
from visavis.live.admission import Admission
from visavis.live.animate import Animators
from visavis.live.loopback import Loopback
from visavis.live.memory import Memory
from visavis.live.resources import LiveOptions, Resources
from visavis.live.role import Role
from visavis.live.session import Session

E = TypeVar("E")

RATE = 24_000
_CHUNK = 480  # 20 ms


@dataclass(frozen=True)
class Echo:
    """A flow that answers with what was said to it, and counts its turns in its state."""

    steps: Callable[[str], tuple[Step, ...]] = lambda text: (Say(f"You said: {text}"),)

    def start(self) -> object:
        return 0

    def greeting(self, language: Language) -> str:
        return {"en": "Hello there.", "es": "Hola a todos.", "zh": "你好。"}[language]

    def fixed_lines(self, language: Language) -> tuple[str, ...]:
        return (self.greeting(language),)

    def warm_prompts(self, language: Language) -> tuple[tuple[Message, ...], ...]:
        return ()

    async def respond(self, state: object, utterance: Utterance, conversation: Conversation) -> Answer:
        assert isinstance(state, int)
        return Answer(self.steps(utterance.text), state + 1)


def generating(text: str) -> tuple[Step, ...]:
    """Lets the model answer."""
    return (Generate((Message("user", text),), fallback="Sorry, say that again."),)


@dataclass
class Scene:
    """One session, its client, and the person in front of it."""

    client: Loopback
    session: Session
    memory: Memory
    options: SessionOptions = field(default_factory=lambda: SessionOptions(partials=True))

    async def hear(self, samples: Samples) -> None:
        """The microphone takes these samples in real time."""
        for begin in range(0, len(samples), _CHUNK):
            await asyncio.sleep(_CHUNK / RATE)
            await self.client.send(AppendAudio(AudioChunk(samples[begin : begin + _CHUNK], RATE)))

    async def say(self, text: str) -> float:
        """The person says this; returns when the last voiced sample was sent."""
        await self.hear(spoken.encode(text, RATE))
        return asyncio.get_running_loop().time()

    async def quiet(self, seconds: float) -> None:
        """Nobody says anything."""
        await self.hear(np.zeros(int(seconds * RATE), np.float32))

    async def until(self, kind: type[E], count: int = 1) -> E:
        """Silence until an event has come."""
        waiting = asyncio.create_task(self.client.wait_for(kind, count))  # type: ignore[arg-type]
        for _ in range(1500):
            if waiting.done():
                break
            await self.quiet(0.02)
        assert waiting.done(), f"no {kind.__name__} within 30 s; there were {self.names()}"
        return waiting.result()  # type: ignore[return-value]

    async def configure(self, **changes: object) -> None:
        """The client changes the session's options."""
        self.options = replace(self.options, **changes)  # type: ignore[arg-type]
        await self.client.send(Configure(self.options))
        await asyncio.sleep(0.001)

    async def greet(self) -> None:
        """The client asks for the greeting."""
        await self.client.send(CreateResponse())

    def all(self, kind: type[E]) -> list[E]:
        """All events of a kind, in order."""
        return [entry.event for entry in self.client.log if isinstance(entry.event, kind)]

    def at(self, kind: type[object], which: int = 0) -> float:
        """When an event of that kind left."""
        return [entry.at for entry in self.client.log if isinstance(entry.event, kind)][which]

    def names(self, skip: Sequence[type[object]] = ()) -> list[str]:
        """The log as names, repetitions folded."""
        noise = (happened.AmbientMotion, happened.SpeechMotion, happened.TranscriptPartial, *skip)
        names = [type(entry.event).__name__ for entry in self.client.log if not isinstance(entry.event, noise)]
        return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]

    def said(self) -> list[tuple[str, str]]:
        """The conversation as role and text."""
        return [(message.role, message.text) for message in self.memory.conversation.messages]


def resources(
    tts: TTS | None = None,
    stt: STT | None = None,
    llm: LLM | None = None,
    detector: FakeTurnDetector | None = None,
    options: LiveOptions | None = None,
    *,
    turns_at_once: int | None = None,
) -> Resources:
    """Fake engines that take a plausible time."""
    pool = EnginePool(
        vad=FakeVAD(),
        turn_detector=detector or FakeTurnDetector(delay=0.03),
        stt=stt or FakeSTT(delay=0.3),
        llm=llm or FakeLLM(delay_s=0.03),
        tts=tts or FakeTTS(FakeTTSOptions(delay=0.1, pace=0.1)),
        embedder=FakeEmbedder(),
    )
    return Resources(
        engines=pool,
        tts=CachedTTS(pool.tts, SpeechCache(None)),
        animators=Animators(lambda: SpeechAnimator(seed=1), lambda: AmbientAnimator(np.random.default_rng(1))),
        detect_language=lambda text, current: "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en",
        options=options or LiveOptions(),
        admission=Admission(turns_at_once),
    )


@asynccontextmanager
async def scene(made: Resources, flow: Flow | None = None, memory: Memory | None = None) -> AsyncIterator[Scene]:
    """A running session."""
    role = Role("echo", "Echo", ("en", "es", "zh"), {}, flow or Echo())
    memory = memory or Memory.fresh(role)
    client = Loopback()
    session = Session(memory, made, client)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(session.run())
        yield Scene(client, session, memory)
        await client.close()
        await running
