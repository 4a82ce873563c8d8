"""Whole turns on a virtual clock, read as event logs."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from tests import virtual_time
from tests.live.scene import Echo, generating, resources, scene
from visavis.core.commands import AddItem, CommitAudio, CreateResponse
from visavis.core.conversation import Message
from visavis.core.events import (
    AmbientMotion,
    AudioDelta,
    InputCommitted,
    LanguageChanged,
    OutputDone,
    Refused,
    ResponseDone,
    SpeechMotion,
    SpeechStarted,
    SpeechStopped,
    StateChanged,
    TextDelta,
    TimingsMeasured,
    TranscriptCompleted,
    TranscriptPartial,
)
from visavis.core.flow import Generate, Say, Show, Tell
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.tts import FakeTTS


def test_a_voice_turn_from_first_word_to_silence() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.quiet(0.3)
            end = await s.say("I want to learn Python.")
            timings = (await s.until(TimingsMeasured)).timings
            await s.until(StateChanged, 4)
            assert s.names() == [
                "SpeechStarted",
                "StateChanged",
                "SpeechStopped",
                "InputCommitted",
                "ItemAdded",
                "StateChanged",
                "TranscriptCompleted",
                "ResponseStarted",
                "StateChanged",
                "OutputStarted",
                "TextDelta",
                "SpeechWords",
                "AudioDelta",
                "OutputDone",
                "ResponseDone",
                "TimingsMeasured",
                "StateChanged",
            ]
            assert [event.state for event in s.all(StateChanged)] == ["listening", "thinking", "speaking", "idle"]
            assert s.said() == [
                ("user", "I want to learn Python."),
                ("assistant", "You said: I want to learn Python."),
            ]
            assert s.at(AudioDelta) - end < 0.75
            assert timings.stt_ms == 300.0
            assert timings.endpoint is not None
            assert timings.transcript is not None
            assert timings.first_audio is not None
            assert 200 < timings.endpoint < timings.transcript < timings.first_audio < 800

    virtual_time.run(play())


def test_the_answer_is_begun_before_the_turn_is_over() -> None:
    async def play() -> None:
        # The transcript takes longer than the silence that ends the turn: it must have been started before that.
        async with scene(resources(stt=FakeSTT(delay=0.4))) as s:
            end = await s.say("I want to learn Python.")
            await s.until(TranscriptCompleted)
            assert s.at(SpeechStopped) - end < 0.4
            assert s.at(TranscriptCompleted) - end < 0.25 + 0.4

    virtual_time.run(play())


def test_partial_transcripts_grow_and_stop_with_the_voice() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(partials=True)
            end = await s.say("I want to learn Python and some more about data.")
            await s.until(ResponseDone)
            partials = [event.text for event in s.all(TranscriptPartial)]
            assert len(partials) >= 2
            for shorter, longer in pairwise(partials):
                assert longer.startswith(shorter)
            assert s.at(TranscriptPartial, -1) < end + 0.1

    virtual_time.run(play())


def test_partials_never_come_unasked() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.say("I want to learn Python and some more about data.")
            await s.until(ResponseDone)
            assert not s.all(TranscriptPartial)
            assert not s.all(SpeechMotion)
            assert not s.all(AmbientMotion)

    virtual_time.run(play())


def test_an_open_sentence_is_waited_for() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.say("I want to learn Python and")
            await s.quiet(0.8)
            await s.say("become a data scientist.")
            await s.until(ResponseDone)
            assert len(s.all(SpeechStarted)) == 1
            assert [event.text for event in s.all(TranscriptCompleted)] == [
                "I want to learn Python and become a data scientist."
            ]

    virtual_time.run(play())


def test_audio_is_paced_and_carries_its_motion() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(motion=True)
            await s.say("Tell me something long enough to be paced.")
            await s.until(ResponseDone)
            begin, sent, shown = s.at(AudioDelta), 0.0, 0.0
            for entry in s.client.log:
                if isinstance(entry.event, SpeechMotion):
                    motion = entry.event.motion
                    assert abs(motion.start - shown) < 0.021
                    shown = motion.start + motion.duration
                elif isinstance(entry.event, AudioDelta):
                    audio = entry.event.audio
                    assert abs(audio.start - sent) < 1e-6
                    sent = audio.end
                    assert sent <= entry.at - begin + 0.55, "no more than half a second ahead of the ear"
                    assert sent <= shown + 0.02, "motion comes before its audio"
            assert sent > 2.0

    virtual_time.run(play())


def test_the_face_never_stops() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(motion=True)
            await s.say("Hello there.")
            await s.until(ResponseDone)
            await s.quiet(2.0)
            shown = 0.0
            for entry in s.client.log:
                if isinstance(entry.event, AmbientMotion):
                    motion = entry.event.motion
                    assert abs(motion.start - shown) < 1e-6
                    shown += motion.duration
                    assert shown >= entry.at - 0.05, "ahead of real time"
                    assert shown <= entry.at + 0.85

    virtual_time.run(play())


def test_a_typed_turn_is_answered_aloud() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.client.send(AddItem(Message("user", "Hello you.", "item_1")))
            await s.client.send(CreateResponse())
            await s.client.wait_for(ResponseDone)
            assert s.said() == [("user", "Hello you."), ("assistant", "You said: Hello you.")]
            assert s.all(AudioDelta)
            assert s.at(AudioDelta) < 0.2

    virtual_time.run(play())


def test_a_typed_turn_in_text_alone() -> None:
    async def play() -> None:
        tts = FakeTTS()
        async with scene(resources(tts), Echo(generating)) as s:
            await s.client.send(AddItem(Message("user", "one two three four", "item_1")))
            await s.client.send(CreateResponse("text"))
            done = await s.client.wait_for(ResponseDone)
            assert isinstance(done, ResponseDone)
            assert done.text == "one two three four"
            assert len(s.all(TextDelta)) > 1
            assert not tts.spoken

    virtual_time.run(play())


def test_push_to_talk() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(turn_detection=None)
            await s.say("I want to learn Python.")
            await s.quiet(3.0)
            assert not s.all(SpeechStarted)
            await s.client.send(CommitAudio())
            await s.client.send(CreateResponse())
            await s.until(ResponseDone)
            assert s.said()[0] == ("user", "I want to learn Python.")
            assert s.names()[:3] == ["InputCommitted", "ItemAdded", "StateChanged"]

    virtual_time.run(play())


def test_push_to_talk_without_audio_is_refused() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(turn_detection=None)
            await s.client.send(CommitAudio("evt_7"))
            refused = await s.client.wait_for(Refused)
            assert isinstance(refused, Refused)
            assert (refused.code, refused.event_id) == ("input_audio_buffer_commit_empty", "evt_7")

    virtual_time.run(play())


def test_a_committed_message_waits_until_an_answer_is_asked_for() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(turn_detection=None)
            await s.say("First part.")
            await s.client.send(CommitAudio())
            await s.until(TranscriptCompleted)
            await s.say("Second part.")
            await s.client.send(CommitAudio())
            await s.until(TranscriptCompleted, 2)
            assert not s.all(AudioDelta)
            await s.client.send(CreateResponse())
            await s.until(ResponseDone)
            assert s.said()[-1] == ("assistant", "You said: First part. Second part.")
            assert len(s.all(InputCommitted)) == 2

    virtual_time.run(play())


def test_the_greeting_opens_an_empty_conversation_only() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(language="es")
            await s.greet()
            await s.client.wait_for(TimingsMeasured)
            assert s.said() == [("assistant", "Hola a todos.")]
            await asyncio.sleep(0.01)
            await s.greet()
            refused = await s.client.wait_for(Refused)
            assert isinstance(refused, Refused)
            assert refused.code == "response.nothing_to_answer"

    virtual_time.run(play())


def test_the_language_follows_the_person() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.say("Quiero aprender español.")
            await s.until(ResponseDone)
            await s.until(StateChanged, 4)
            await s.say("我想学编程。")
            await s.until(ResponseDone, 2)
            assert [event.language for event in s.all(LanguageChanged)] == ["es", "zh"]

    virtual_time.run(play())


def test_a_fixed_language_stays() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.configure(language="es")
            await s.say("I want to learn Python.")
            await s.until(ResponseDone)
            assert [event.language for event in s.all(TranscriptCompleted)] == ["es"]
            assert [event.language for event in s.all(LanguageChanged)] == ["es"]

    virtual_time.run(play())


def test_what_is_shown_comes_between_the_lines_it_belongs_to() -> None:
    async def play() -> None:
        steps = (Say("Here they are."), Show("recommendations", {"courses": [1, 2, 3]}), Say("Anything else?"))
        async with scene(resources(), Echo(lambda text: steps)) as s:
            await s.say("Show me.")
            await s.until(ResponseDone)
            order = [
                entry.event.text if isinstance(entry.event, TextDelta) else type(entry.event).__name__
                for entry in s.client.log
                if type(entry.event).__name__ in {"TextDelta", "Shown"}
            ]
            assert order == ["Here they are. ", "Shown", "Anything else? "]
            assert s.all(OutputDone)[0].text == "Here they are. Anything else?"

    virtual_time.run(play())


def test_a_quotation_is_spoken_clause_by_clause() -> None:
    async def play() -> None:
        steps = (Tell("It says: The shop opens at nine. It closes at six."), Say("Anything else?"))
        async with scene(resources(), Echo(lambda text: steps)) as s:
            await s.say("When is it open?")
            await s.until(ResponseDone)
            pieces = [event.text for event in s.all(TextDelta)]
            assert pieces == ["It says: The shop opens at nine. ", "It closes at six. ", "Anything else? "]
            assert s.all(OutputDone)[0].text == "It says: The shop opens at nine. It closes at six. Anything else?"

    virtual_time.run(play())


def test_a_checked_answer_is_spoken_whole_or_not_at_all() -> None:
    async def play() -> None:
        def steps(text: str) -> tuple[Generate, ...]:
            return (Generate((Message("user", text),), fallback="What is your goal?", forbidden=("Deep Python",)),)

        async with scene(resources(), Echo(steps)) as s:
            await s.say("Try our deep python course.")
            await s.until(ResponseDone)
            await s.until(StateChanged, 4)
            await s.say("Fine by me.")
            await s.until(ResponseDone, 2)
            assert [event.text for event in s.all(ResponseDone)] == ["What is your goal?", "Fine by me."]

    virtual_time.run(play())


def test_noise_without_words_is_no_turn() -> None:
    async def play() -> None:
        async with scene(resources(stt=FakeSTT([""], delay=0.3))) as s:
            await s.say("Hm.")
            await s.quiet(3.0)
            assert s.names()[-3:] == ["TranscriptCompleted", "ItemDeleted", "StateChanged"]
            assert s.said() == []
            assert not s.all(ResponseDone)

    virtual_time.run(play())
