"""How the engines of a server are told of."""

from __future__ import annotations

import json

from visavis.engines.fake.stt import FakeSTT
from visavis.engines.pool import Component
from visavis.server.engine_states import broken, engine_states, offers, usable

STT = Component("stt", "openai", "whisper-base", "failed", 0.0, "Nobody answers there.")
KOKORO = Component("tts", "kokoro", "kokoro-82m", "failed", 0.0, "Broken.")
PIPER = Component("tts", "piper", "piper-en", "ready", 1.0)


class Loaded:
    """The engines that are there."""

    stt = FakeSTT()


def test_a_kind_is_broken_when_none_of_its_engines_works() -> None:
    assert broken([STT, KOKORO, PIPER]) == ("stt",)
    assert not usable([STT], "stt") and usable([KOKORO, PIPER], "tts") and not usable([], "tts")


def test_every_engine_is_told_of_as_it_is() -> None:
    (state,) = engine_states([STT])
    assert (state.kind, state.state, state.detail) == ("stt", "failed", "Nobody answers there.")


def test_a_kind_is_offered_with_the_engine_that_works_and_what_it_can_do() -> None:
    stt, tts = offers([STT, KOKORO, PIPER], Loaded())
    assert (stt["state"], stt["detail"]) == ("failed", "Nobody answers there.")
    assert stt["capabilities"] == {"languages": ["en", "es", "zh"], "detects_language": True, "word_times": True}
    assert (tts["name"], tts["state"], tts["capabilities"]) == ("piper", "ready", {})
    assert json.loads(json.dumps([stt, tts])) == [stt, tts]
