"""Engines fail; the session goes on and says what happened."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests import virtual_time
from tests.live.scene import Echo, generating, resources, scene
from visavis.core.conversation import Conversation, Message
from visavis.core.errors import VisavisError
from visavis.core.events import AudioDelta, Notice, ResponseDone, StateChanged, TranscriptCompleted, TranscriptFailed
from visavis.core.flow import Answer, Generate, Utterance
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.tts import FakeTTS

DOWN = VisavisError("llm.unavailable", "The language model does not answer; start it again.", retryable=True)


def test_deaf_for_one_turn() -> None:
    async def play() -> None:
        failure = VisavisError("stt.unavailable", "Speech cannot be transcribed now.", retryable=True)
        async with scene(resources(stt=FakeSTT([failure], delay=0.2))) as s:
            await s.say("I want to learn Python.")
            failed = await s.until(TranscriptFailed)
            assert failed.code == "stt.unavailable"
            assert [event.code for event in s.all(Notice)] == ["stt.unavailable"]
            assert s.said() == []
            await s.quiet(0.5)
            assert s.all(StateChanged)[-1].state == "idle"
            await s.say("Once more.")
            assert (await s.until(ResponseDone)).status == "completed"

    virtual_time.run(play())


def test_a_failing_model_is_covered_by_the_fallback_line() -> None:
    async def play() -> None:
        async with scene(resources(llm=FakeLLM([DOWN, "All is well."])), Echo(generating)) as s:
            await s.say("I want to learn Python.")
            done = await s.until(ResponseDone)
            assert (done.status, done.text) == ("completed", "Sorry, say that again.")
            assert [event.code for event in s.all(Notice)] == ["llm.unavailable"]
            await s.until(StateChanged, 4)
            await s.say("Once more.")
            assert (await s.until(ResponseDone, 2)).text == "All is well."

    virtual_time.run(play())


def test_a_failing_model_without_a_fallback_fails_the_response_only() -> None:
    async def play() -> None:
        def steps(text: str) -> tuple[Generate, ...]:
            return (Generate((Message("user", text),)),)

        async with scene(resources(llm=FakeLLM([DOWN, "All is well."])), Echo(steps)) as s:
            await s.say("I want to learn Python.")
            done = await s.until(ResponseDone)
            assert (done.status, done.code) == ("failed", "llm.unavailable")
            await s.quiet(0.5)
            await s.say("Once more.")
            done = await s.until(ResponseDone, 2)
            assert done.text == "All is well."
            assert s.said() == [
                ("user", "I want to learn Python."),
                ("user", "Once more."),
                ("assistant", "All is well."),
            ]

    virtual_time.run(play())


def test_a_voice_that_fails_midway_leaves_what_was_heard() -> None:
    async def play() -> None:
        broken = VisavisError("tts.unavailable", "The voice does not work.")
        tts = FakeTTS(failures=iter([broken, None]), fail_after=2)
        async with scene(resources(tts)) as s:
            await s.say("I want to learn Python and more.")
            done = await s.until(ResponseDone)
            assert (done.status, done.code) == ("failed", "tts.unavailable")
            await s.quiet(0.5)
            assert s.said()[-1] == ("assistant", "You said: I want")
            await s.say("Once more.")
            assert (await s.until(ResponseDone, 2)).status == "completed"

    virtual_time.run(play())


def test_without_a_voice_answers_are_written_until_it_is_back() -> None:
    async def play() -> None:
        voiced = False
        async with scene(replace(resources(), speaks=lambda: voiced)) as s:
            await s.say("I want to learn Python.")
            done = await s.until(ResponseDone)
            assert (done.status, done.modality, done.text) == ("completed", "text", "You said: I want to learn Python.")
            assert s.all(AudioDelta) == []
            voiced = True
            await s.say("Once more.")
            done = await s.until(ResponseDone, 2)
            assert (done.status, done.modality) == ("completed", "audio")
            assert s.all(AudioDelta)

    virtual_time.run(play())


def test_a_flow_that_crashes_is_told_as_an_internal_error() -> None:
    class Crashing(Echo):
        async def respond(self, state: object, utterance: Utterance, conversation: Conversation) -> Answer:
            raise ZeroDivisionError("not for clients")

    async def play() -> None:
        async with scene(resources(), Crashing()) as s:
            await s.say("I want to learn Python.")
            done = await s.until(ResponseDone)
            assert (done.status, done.code) == ("failed", "internal")
            assert "not for clients" not in done.message
            await s.say("Once more.")
            assert (await s.until(TranscriptCompleted, 2)).text

    virtual_time.run(play())


def test_cancelling_a_turn_stops_the_model_within_100_ms() -> None:
    async def play() -> None:
        stopped: list[float] = []

        class Watched(FakeLLM):
            async def generate(self, messages, options):  # type: ignore[no-untyped-def]
                try:
                    for _ in range(1000):
                        await asyncio.sleep(0.05)
                        yield (await anext(super().generate(messages, options)))
                finally:
                    stopped.append(asyncio.get_running_loop().time())

        async with scene(resources(llm=Watched()), Echo(generating)) as s:
            await s.say("I want to learn Python.")
            await s.until(StateChanged, 2)
            await s.quiet(0.6)
            begin = asyncio.get_running_loop().time()
            await s.say("Stop, please.")
            assert stopped
            assert stopped[0] - begin < 0.1 + 0.1, "100 ms to be sure of the voice, and the model's own time"

    virtual_time.run(play())
