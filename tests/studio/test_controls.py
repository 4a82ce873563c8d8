"""Who sets the controls, and to what."""

from __future__ import annotations

import json
import math

import pytest

from tests.studio.tones import recording, silence, voice
from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.engines.builtin.llamacpp import DEFAULT_MODEL, LlamaCpp, LlamaCppOptions
from visavis.engines.fake.llm import FakeLLM
from visavis.face.emotion import EMOTIONS, Emotion
from visavis.studio import controls
from visavis.studio.controls import AvatarControl, decide, heuristics, prompt
from visavis.studio.emotion import EmotionReading
from visavis.studio.features import features
from visavis.weights.store import WeightStore

ANSWER = {
    "blink_rate": 0.7, "head_tilt": 0.2, "expression_intensity": 0.9, "mouth_openness": 0.6, "eyebrow_raise": 0.8,
}  # fmt: skip
HAPPY = EmotionReading("happy", 0.8, {})


async def test_the_model_decides() -> None:
    decision = await decide(FakeLLM([json.dumps(ANSWER)]), HAPPY, None, "Hello!", "en")
    assert decision.source == "llm"
    assert decision.control.model_dump() == ANSWER
    assert json.loads(decision.response) == ANSWER
    assert not decision.error


async def test_values_out_of_range_are_clamped() -> None:
    wild = ANSWER | {"blink_rate": 7, "head_tilt": -3.5, "mood": "great"}
    decision = await decide(FakeLLM(["Sure: " + json.dumps(wild) + " !"]), HAPPY, None, "Hello!", "en")
    assert decision.source == "llm"
    assert (decision.control.blink_rate, decision.control.head_tilt) == (1.0, 0.0)


@pytest.mark.parametrize(
    "reply",
    [
        "", "I would open the mouth.", "[1, 2]", '{"blink_rate": 0.5}', json.dumps(ANSWER | {"blink_rate": "often"}),
        json.dumps(ANSWER | {"blink_rate": math.nan}), json.dumps(ANSWER | {"head_tilt": True}), '{"blink_rate": 0.',
        VisavisError("llm.unavailable", "The model is away."),
    ],
)  # fmt: skip
async def test_rules_decide_when_the_model_fails(reply: str | VisavisError) -> None:
    decision = await decide(FakeLLM([reply]), HAPPY, None, "Hello!", "en")
    assert decision.source == "heuristics"
    assert decision.error
    assert decision.control == heuristics(HAPPY, 0.5)


async def test_rules_decide_when_the_model_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls, "TIMEOUT", 0.05)
    decision = await decide(FakeLLM([json.dumps(ANSWER)], delay_s=0.2), HAPPY, None, "Hello!", "en")
    assert decision.source == "heuristics"
    assert "did not answer" in decision.error


async def test_defaults_when_the_rules_have_nothing_to_go_by() -> None:
    for reading in (None, EmotionReading("happy", math.nan, {})):
        decision = await decide(None, reading, None, "", "en")
        assert decision.source == "defaults"
        assert set(decision.control.model_dump().values()) == {0.5}
        assert decision.error


def test_rules_follow_emotion_certainty_and_energy() -> None:
    assert heuristics(EmotionReading("neutral", 0.9, {}), 0.5) == AvatarControl()
    happy, sad = (heuristics(EmotionReading(name, 0.9, {}), 0.5) for name in ("happy", "sad"))
    assert happy.eyebrow_raise > 0.5 > sad.eyebrow_raise
    assert happy.blink_rate > 0.5 > sad.blink_rate
    assert sad.head_tilt > happy.head_tilt
    unsure = heuristics(EmotionReading("surprised", 0.1, {}), 0.5)
    assert 0.5 < unsure.eyebrow_raise < heuristics(EmotionReading("surprised", 1.0, {}), 0.5).eyebrow_raise
    for name in EMOTIONS:
        quiet, loud = (heuristics(EmotionReading(name, 0.8, {}), energy) for energy in (0.0, 1.0))
        assert loud.mouth_openness > quiet.mouth_openness
        assert loud.expression_intensity > quiet.expression_intensity


async def test_the_energy_of_the_voice_counts() -> None:
    loud, faint = (features(recording(voice(1.0, level=v), silence(0.2)), [(0, 1)]) for v in (0.7, 0.01))
    shouted, whispered = [await decide(None, HAPPY, heard, "Hello!", "en") for heard in (loud, faint)]
    assert shouted.control.mouth_openness > whispered.control.mouth_openness + 0.2


def test_the_prompt_quotes_the_text_and_cuts_it() -> None:
    said = prompt(HAPPY, 0.4, 'He said: "do\nit" ' + "la " * 400, "en")[-1].text
    assert '\\"do it\\"' in said
    assert len(said) < 400


@pytest.mark.real
async def test_the_real_model_keeps_to_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls, "TIMEOUT", 120.0)
    store = WeightStore()
    store.pull([DEFAULT_MODEL])
    llm = LlamaCpp(store, LlamaCppOptions(slots=1, context=1024, drafts=8), threads=1)
    try:
        cases: tuple[tuple[Emotion, str, Language], ...] = (
            ("happy", "I love it!", "en"),
            ("sad", "Lo extraño mucho.", "es"),
        )
        for emotion, text, language in cases:
            decision = await decide(llm, EmotionReading(emotion, 0.9, {}), None, text, language)
            assert decision.source == "llm", decision.error
            assert set(json.loads(decision.response)) == set(ANSWER)
            assert all(0 <= value <= 1 for value in decision.control.model_dump().values())
            assert decision.control != AvatarControl()
    finally:
        await llm.aclose()
