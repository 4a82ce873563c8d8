"""The feeling in words, voices and faces, and what they say together."""

from __future__ import annotations

import numpy as np
import pytest

from tests.studio.tones import recording, silence, voice
from visavis.core.language import LANGUAGES, Language
from visavis.face.emotion import EMOTIONS, Emotion
from visavis.face.expression import Expression
from visavis.studio.emotion import combined, detect
from visavis.studio.emotion_signal import EmotionSignal
from visavis.studio.emotion_words import emotion_words, text_signal
from visavis.studio.face_signal import both, geometry_signal
from visavis.studio.features import AudioFeatures, features
from visavis.studio.prosody import prosody, voice_signal

REST = Expression(brow_inner=0.37, brow_outer=0.29, lids=0.06, corners=0.03, width=0.9)


@pytest.mark.parametrize(
    ("text", "language", "emotion"),
    [
        ("What a wonderful day, I love it here!", "en", "happy"),
        ("She cried when her old dog died.", "en", "sad"),
        ("Stop it! I have had enough of your lies.", "en", "angry"),
        ("I'm so scared, there is somebody outside.", "en", "fearful"),
        ("Yuck, this soup is rotten.", "en", "disgusted"),
        ("Wow, I can't believe you came!", "en", "surprised"),
        ("The train leaves at ten from platform two.", "en", "neutral"),
        ("¡Enhorabuena, estoy muy feliz por ti!", "es", "happy"),
        ("Me siento muy triste desde que murió.", "es", "sad"),
        ("Estoy harta de tus mentiras, ¡basta!", "es", "angry"),
        ("Tengo mucho miedo, ¡socorro!", "es", "fearful"),
        ("¡Qué asco, está podrido!", "es", "disgusted"),
        ("¡Madre mía, qué sorpresa tan increíble!", "es", "surprised"),
        ("El tren sale a las diez del andén dos.", "es", "neutral"),
        ("我今天非常高兴，谢谢大家！", "zh", "happy"),
        ("他去世了，我们都很难过。", "zh", "sad"),
        ("你太过分了，我很生气！", "zh", "angry"),
        ("救命，我好害怕！", "zh", "fearful"),
        ("这汤真恶心，我想吐。", "zh", "disgusted"),
        ("天哪，你居然来了！", "zh", "surprised"),
        ("火车十点从二号站台出发。", "zh", "neutral"),
    ],
)
def test_the_feeling_of_words(text: str, language: Language, emotion: Emotion) -> None:
    reading = detect(None, text, language)
    assert reading.emotion == emotion
    assert set(reading.signals) == {"text"}
    assert reading.signals["text"].emotion == emotion


@pytest.mark.parametrize(
    ("text", "language", "never"),
    [
        ("I am not happy with this.", "en", "happy"), ("Don't be afraid, it is only a cat.", "en", "fearful"),
        ("No estoy contento.", "es", "happy"), ("No tengo miedo.", "es", "fearful"),
        ("我不高兴。", "zh", "happy"), ("别害怕，没事的。", "zh", "fearful"),
    ],
)  # fmt: skip
def test_a_negation_turns_the_feeling(text: str, language: Language, never: Emotion) -> None:
    signal = text_signal(text, language)
    assert signal is not None
    assert signal.emotion != never
    assert signal.scores[never] < 0.05


def test_a_negation_reaches_only_its_clause() -> None:
    signal = text_signal("No, I am happy.", "en")
    assert signal is not None
    assert signal.emotion == "happy"


def test_one_warm_word_does_not_colour_a_report() -> None:
    report = "The committee met on Monday. It read the plan. It noted the costs. It thanked the chair. " * 3
    short, long = text_signal("Thank you!", "en"), text_signal(report.replace("thanked", "saw", 2), "en")
    assert short is not None
    assert long is not None
    assert short.emotion == "happy"
    assert long.emotion == "neutral"


def test_intensifiers_count() -> None:
    plain, much = text_signal("I am sad.", "en"), text_signal("I am very sad.", "en")
    assert plain is not None
    assert much is not None
    assert much.scores["sad"] > plain.scores["sad"]
    assert much.confidence > plain.confidence


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_list_each_phrase_once_and_name_what_is_strong(language: Language) -> None:
    words = emotion_words(language)
    assert set(words.words) == set(EMOTIONS) - {"neutral"}
    for row in words.words.values():
        assert len(row) == len(set(row)) >= 15
    everything = {phrase for row in words.words.values() for phrase in row}
    assert set(words.strong) <= everything


def test_no_words_no_signal() -> None:
    assert text_signal(" … !", "en") is None
    reading = detect(None, "", "en")
    assert reading.emotion == "neutral"
    assert reading.confidence == 0


def _talk(swing: float, rate: float, tilt: float, gap: float, rise: float = 0.0) -> AudioFeatures:
    """Twelve syllables whose pitch swings by semitones, `rate` a second."""
    parts = [silence(0.2)]
    length = 1 / rate
    for number in range(12):
        tone = swing * np.sin(number * 2.2) + (rise if number == 11 else 0.0)

        def pitch(
            times: np.ndarray[tuple[int], np.dtype[np.float64]], tone: float = tone, number: int = number
        ) -> object:
            slope = rise if number == 11 else 0.0
            return 150 * 2 ** ((tone + slope * times / length) / 12)

        parts += [voice(length * 0.75, pitch, tilt=tilt), silence(length * 0.25 + gap)]
    whole = recording(*parts)
    return features(whole, [(0.2, whole.duration)])


def test_a_flat_slow_dull_voice_sounds_sadder_than_a_lively_one() -> None:
    dull, lively = voice_signal(_talk(0.4, 2.6, 2.4, 0.15)), voice_signal(_talk(5.0, 5.5, 1.2, 0.0))
    assert dull is not None
    assert lively is not None
    assert dull.scores["sad"] > 3 * lively.scores["sad"]
    aroused: tuple[Emotion, ...] = ("happy", "angry", "surprised", "fearful")
    assert sum(lively.scores[name] for name in aroused) > 2 * sum(dull.scores[name] for name in aroused)
    assert dull.emotion == "sad"


def test_a_bright_pressed_voice_sounds_angrier() -> None:
    soft, pressed = (voice_signal(_talk(3.0, 4.8, tilt, 0.0)) for tilt in (2.2, 0.3))
    assert soft is not None
    assert pressed is not None
    assert pressed.scores["angry"] > 2 * soft.scores["angry"]


def test_the_voice_is_measured_against_itself() -> None:
    heard = _talk(3.0, 4.5, 1.5, 0.0)
    louder = AudioFeatures(
        heard.duration, heard.rms * 3, heard.zcr, heard.mel + 9.5, heard.mfcc, heard.pitch * 1.5, heard.speech
    )
    ours, theirs = prosody(heard), prosody(louder)
    assert ours is not None
    assert theirs is not None
    for name in ("lift", "span", "motion", "effort", "dynamics", "rate", "pauses", "rise"):
        assert getattr(theirs, name) == pytest.approx(getattr(ours, name), abs=0.01)


def test_a_voice_is_never_trusted_wholly_and_a_short_one_hardly() -> None:
    long, short = voice_signal(_talk(6.0, 5.0, 0.4, 0.0)), voice_signal(features(recording(voice(0.7)), [(0, 0.7)]))
    assert long is not None
    assert short is not None
    assert short.confidence < long.confidence <= 0.6
    assert voice_signal(features(recording(silence(1.0)), [])) is None


@pytest.mark.parametrize(
    ("shown", "emotion"),
    [
        (REST, "neutral"),
        (Expression(0.36, 0.28, 0.05, 0.14, 1.12), "happy"),
        (Expression(0.42, 0.28, 0.05, -0.10, 0.9), "sad"),
        (Expression(0.22, 0.27, 0.05, 0.0, 0.9), "angry"),
        (Expression(0.54, 0.46, 0.14, 0.02, 0.85), "surprised"),
    ],
)
def test_the_feeling_of_a_face(shown: Expression, emotion: Emotion) -> None:
    signal = geometry_signal(shown)
    assert signal.emotion == emotion
    assert sum(signal.scores.values()) == pytest.approx(1)


def test_geometry_and_network_are_trusted_more_where_they_agree() -> None:
    smiling = Expression(0.36, 0.28, 0.05, 0.14, 1.12)
    yes = both(smiling, dict.fromkeys(EMOTIONS, 0.0) | {"happy": 1.0})
    no = both(REST, dict.fromkeys(EMOTIONS, 0.0) | {"happy": 1.0})
    assert yes.emotion == no.emotion == "happy"
    assert yes.confidence > no.confidence + 0.1


def _sure(emotion: Emotion, confidence: float) -> EmotionSignal:
    return EmotionSignal(dict.fromkeys(EMOTIONS, 0.0) | {emotion: 1.0}, confidence)


def test_signals_are_kept_apart_and_weighed() -> None:
    signals = {"text": _sure("sad", 0.9), "face": _sure("happy", 0.7), "audio": _sure("neutral", 0.2)}
    reading = combined(signals)
    assert reading.emotion == "sad"
    assert {source: signal.emotion for source, signal in reading.signals.items()} == {
        "text": "sad", "face": "happy", "audio": "neutral",
    }  # fmt: skip
    agreed = combined({source: _sure("sad", signal.confidence) for source, signal in signals.items()})
    assert agreed.confidence > reading.confidence
    fields = reading.fields()
    assert (fields["audio_emotion"], fields["face_emotion"], fields["text_emotion"]) == ("neutral", "happy", "sad")


def test_doubtful_signals_leave_the_face_at_rest() -> None:
    reading = combined({"audio": _sure("angry", 0.1), "face": _sure("angry", 0.1)})
    assert reading.emotion == "neutral"
    assert reading.confidence < 0.3
