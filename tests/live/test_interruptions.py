"""The person cuts in: the avatar falls silent at once, and only what was heard was said."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from tests import virtual_time
from tests.live.scene import RATE, Echo, Scene, resources, scene
from visavis.core.commands import CancelResponse, CreateResponse, ReportPlayback, TruncateItem
from visavis.core.events import (
    AudioDelta,
    ItemDeleted,
    ItemTruncated,
    OutputStarted,
    PlayoutCleared,
    Refused,
    ResponseDone,
    ResponseStarted,
    SpeechMotion,
    SpeechStarted,
    SpeechStopped,
    StateChanged,
    TranscriptCompleted,
)
from visavis.core.flow import Say
from visavis.core.session import TurnDetection
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.turn_detector import FakeTurnDetector

LONG = "Tell me everything there is to know about the sea and its boats."


async def speaking(s: Scene, seconds: float) -> None:
    """The avatar answers, and has been heard for about so long."""
    await s.configure(motion=True)
    await s.say(LONG)
    await s.until(AudioDelta)
    await s.quiet(seconds)


@pytest.mark.parametrize("after", [0.3, 0.52, 0.77, 1.0, 1.23, 1.6, 2.2])
def test_the_voice_stops_within_300_ms_of_the_first_voiced_sample(after: float) -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await speaking(s, after)
            cut_in = asyncio.get_running_loop().time()
            await s.say("Wait a moment please.")
            await s.until(ResponseDone, 1)
            first = s.all(ResponseDone)[0]
            assert (first.status, first.reason) == ("cancelled", "turn_detected")
            response = first.response_id
            for kind in (AudioDelta, SpeechMotion):
                sent = [e.at for e in s.client.log if isinstance(e.event, kind) and e.event.response_id == response]
                assert sent[-1] - cut_in <= 0.3
            assert s.at(PlayoutCleared) - cut_in <= 0.3
            heard = s.all(ItemTruncated)[0]
            assert abs(heard.audio_end - (s.at(PlayoutCleared) - s.at(AudioDelta))) < 0.05
            whole = f"You said: {LONG}"
            said = s.said()[1][1]
            assert whole.startswith(said)
            assert said == heard.text
            assert len(said) == pytest.approx(heard.audio_end / 0.06, abs=9), "60 ms a letter, cut at a word"

    virtual_time.run(play())


def test_the_clients_own_account_of_what_was_heard_wins() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await speaking(s, 1.0)
            item = s.all(OutputStarted)[0].item_id
            await s.client.send(ReportPlayback(item, 0.4, playing=False))
            await s.say("Stop.")
            await s.until(ResponseDone)
            assert s.all(ItemTruncated)[0].audio_end == pytest.approx(0.4)
            assert s.said()[1] == ("assistant", "You")

    virtual_time.run(play())


def test_a_click_only_makes_it_pause() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await speaking(s, 0.5)
            click = 0.3 * np.sin(np.arange(int(0.03 * RATE)) / 5).astype(np.float32)
            await s.hear(click)
            await s.until(ResponseDone)
            assert s.all(ResponseDone)[0].status == "completed"
            assert len(s.all(SpeechStarted)) == 1
            assert not s.all(PlayoutCleared)

    virtual_time.run(play())


def test_the_next_turn_knows_only_what_was_heard() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await speaking(s, 0.6)
            await s.say("Thanks, and now boats.")
            await s.until(ResponseDone, 2)
            roles = [role for role, _ in s.said()]
            assert roles == ["user", "assistant", "user", "assistant"]
            assert s.memory.conversation.messages[1].interrupted
            assert s.memory.state == 2

    virtual_time.run(play())


def test_an_interruption_before_anything_was_heard_continues_the_turn() -> None:
    async def play() -> None:
        # The detector takes the pause for an end; the person goes on while the answer is being made.
        detector = FakeTurnDetector([0.99], delay=0.03)
        async with scene(resources(stt=FakeSTT(delay=0.3), detector=detector)) as s:
            await s.say("I am a complete beginner.")
            await s.until(ResponseStarted)
            await s.say("And I want to learn Python.")
            await s.until(ResponseDone)
            await s.until(StateChanged, 6)
            both = "I am a complete beginner. And I want to learn Python."
            assert s.said() == [("user", both), ("assistant", f"You said: {both}")]
            assert len(s.all(ItemDeleted)) == 1
            assert s.memory.state == 1, "the first answer's state was never taken over"

    virtual_time.run(play())


def test_going_on_before_the_transcript_is_there_is_no_turn_at_all() -> None:
    async def play() -> None:
        detector = FakeTurnDetector([0.99], delay=0.03)
        async with scene(resources(stt=FakeSTT(delay=1.0), detector=detector)) as s:
            await s.say("I am a complete beginner.")
            await s.until(SpeechStopped)
            await s.say("And I want to learn Python.")
            await s.until(ResponseDone)
            assert len(s.all(SpeechStarted)) == 2
            assert [event.text for event in s.all(TranscriptCompleted)] == [
                "I am a complete beginner. And I want to learn Python."
            ]
            assert len(s.all(ResponseStarted)) == 1

    virtual_time.run(play())


def test_speculation_that_came_too_early_is_dropped_and_made_again() -> None:
    async def play() -> None:
        planned: list[str] = []

        def steps(text: str) -> tuple[Say, ...]:
            planned.append(text)
            return (Say("Yes."),)

        detector = FakeTurnDetector([0.0, 0.0], delay=0.03)
        async with scene(resources(stt=FakeSTT(delay=0.05), detector=detector), Echo(steps)) as s:
            await s.say("I am a beginner,")
            await s.quiet(0.4)
            await s.say("and I like,")
            await s.quiet(0.4)
            await s.say("well, Python.")
            await s.until(ResponseDone)
            assert len(planned) == 3, "each pause was worth a try"
            assert len(s.all(ResponseStarted)) == 1
            assert s.memory.state == 1, "thrown away plans left no trace"
            assert s.said()[0][1] == planned[-1]

    virtual_time.run(play())


def test_cancel_stops_at_once_and_keeps_what_was_heard() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await speaking(s, 1.0)
            before = asyncio.get_running_loop().time()
            await s.client.send(CancelResponse())
            done = await s.client.wait_for(ResponseDone)
            assert isinstance(done, ResponseDone)
            assert (done.status, done.reason) == ("cancelled", "client_cancelled")
            assert asyncio.get_running_loop().time() - before < 0.01
            sent = len(s.all(AudioDelta))
            await s.quiet(1.0)
            assert len(s.all(AudioDelta)) == sent
            assert s.said()[1][1] == done.text
            assert s.all(StateChanged)[-1].state == "idle"

    virtual_time.run(play())


def test_cancel_before_the_answer_keeps_the_question() -> None:
    async def play() -> None:
        async with scene(resources(stt=FakeSTT(delay=1.0))) as s:
            await s.say("I want to learn Python.")
            await s.until(SpeechStopped)
            await s.client.send(CancelResponse())
            await s.until(TranscriptCompleted)
            await s.quiet(1.0)
            assert s.said() == [("user", "I want to learn Python.")]
            assert not s.all(ResponseStarted)
            await s.client.send(CreateResponse())
            await s.until(ResponseDone)
            assert s.said()[1] == ("assistant", "You said: I want to learn Python.")

    virtual_time.run(play())


def test_there_may_be_nothing_to_cancel() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.client.send(CancelResponse(event_id="evt_1"))
            refused = await s.client.wait_for(Refused)
            assert isinstance(refused, Refused)
            assert (refused.code, refused.event_id) == ("response_cancel_not_active", "evt_1")

    virtual_time.run(play())


def test_truncating_a_finished_answer() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.say("Hello you.")
            await s.until(ResponseDone)
            await s.until(StateChanged, 4)
            item = s.all(OutputStarted)[0].item_id
            await s.client.send(TruncateItem(item, 0.55))
            await s.client.wait_for(ItemTruncated)
            assert s.said()[1] == ("assistant", "You said:")
            await s.client.send(TruncateItem("item_unknown", 1.0))
            refused = await s.client.wait_for(Refused)
            assert isinstance(refused, Refused)
            assert refused.code == "item.unknown"

    virtual_time.run(play())


def test_interruptions_can_be_turned_off() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(turn_detection=TurnDetection(interrupt_response=False))
            await speaking(s, 0.5)
            await s.configure(turn_detection=TurnDetection(interrupt_response=False))
            await s.say("And boats?")
            await s.until(ResponseDone, 2)
            assert [event.status for event in s.all(ResponseDone)] == ["completed", "completed"]
            assert s.said()[-1] == ("assistant", "You said: And boats?")

    virtual_time.run(play())


def test_speech_can_be_heard_without_being_answered() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(turn_detection=TurnDetection(create_response=False))
            await s.say("I want to learn Python.")
            await s.until(TranscriptCompleted)
            await s.quiet(2.0)
            assert not s.all(ResponseStarted)
            assert s.said() == [("user", "I want to learn Python.")]

    virtual_time.run(play())
