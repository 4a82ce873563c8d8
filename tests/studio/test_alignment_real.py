"""Alignment of speech whose phoneme times are known, by the word times that Whisper hears."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pytest

from visavis.core.language import LANGUAGES, Language
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.core.speech import Phoneme, Timeline
from visavis.engines.builtin.g2p import G2P
from visavis.engines.builtin.kokoro import Kokoro, KokoroOptions
from visavis.engines.builtin.silero import SileroVAD
from visavis.engines.builtin.whisper import WhisperOptions, WhisperSTT
from visavis.engines.resample import at_rate
from visavis.engines.stt import STTOptions
from visavis.engines.tts import TTSOptions
from visavis.studio.activity import speech_spans
from visavis.studio.alignment import timeline_of
from visavis.studio.features import AudioFeatures, features
from visavis.studio.sound import Recording
from visavis.studio.speech import Utterance, joined, with_pause
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.real

LINES: dict[Language, tuple[str, str]] = {
    "en": ("Maybe people bring their own umbrella.", "But Bob came without one."),
    "es": ("Mi abuela prepara pan con mermelada.", "Después bebemos un poco de té."),
    "zh": ("妹妹不明白，为什么爸爸每天都跑步。", "明年我们一起跑吧。"),
}
VOICES: dict[Language, str] = {"en": "af_jessica", "es": "em_santa", "zh": "zf_xiaoni"}
"""None of them, and none of the lines, is among what the acoustic model was measured on."""
SILENCE: Final = 0.5
"""Seconds between the two sentences of a line."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One line: the times that the voice gave (and the pitch of its first sentence), those found in the sound, and the
    sound's features."""

    true: Timeline
    found: Timeline
    sound: AudioFeatures


async def _heard() -> dict[Language, Heard]:
    store, g2p = WeightStore(), G2P()
    store.pull(["kokoro-82m", "kokoro-voices", "whisper-base", "silero-vad"])
    voice = Kokoro(store, threads=1, options=KokoroOptions(warm_languages=()))
    ear, vad = WhisperSTT(store, WhisperOptions(), threads=1), SileroVAD(store)
    result: dict[Language, Heard] = {}
    for language, line in LINES.items():
        spoken: list[Utterance] = []
        for sentence in line:
            chunks = [chunk async for chunk in voice.synthesize(sentence, TTSOptions(language, VOICES[language]))]
            whole = np.concatenate([chunk.audio.samples for chunk in chunks])
            rate = chunks[0].audio.rate
            spoken.append(with_pause(Utterance(sentence, language, whole, rate, chunks[0].timeline), SILENCE))
        samples = at_rate(AudioChunk(np.concatenate([one.samples for one in spoken]), spoken[0].rate), SPEECH_RATE)
        true = replace(joined(spoken, 0.0), pitch=spoken[0].timeline.pitch)
        said = await ear.transcribe(AudioChunk(samples, SPEECH_RATE), STTOptions(language, word_times=True))
        sound = features(Recording(samples, SPEECH_RATE), speech_spans(vad, samples))
        found = timeline_of(said.words, language, Recording(samples, SPEECH_RATE), g2p.words, sound)
        result[language] = Heard(true, found, sound)
    await voice.aclose()
    await ear.aclose()
    return result


@pytest.fixture(scope="module")
def heard() -> Iterator[dict[Language, Heard]]:
    yield asyncio.run(_heard())


def _labials(timeline: Timeline) -> list[Phoneme]:
    return [phoneme for phoneme in timeline.phonemes if phoneme.symbol[:1] in {"p", "b", "m"}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_lips_shut_when_the_voice_says_p_b_and_m(heard: dict[Language, Heard], language: Language) -> None:
    true, found = (_labials(timeline) for timeline in (heard[language].true, heard[language].found))
    middles = np.array([(phoneme.start + phoneme.end) / 2 for phoneme in found])
    misses = [float(np.abs(middles - (p.start + p.end) / 2).min()) for p in true]
    # Whisper may hear another word; what it hears right has to lie right.
    assert len(true) >= 6
    assert np.median(misses) < 0.02
    assert np.mean(np.array(misses) < 0.06) >= 0.8


@pytest.mark.parametrize("language", LANGUAGES)
def test_p_b_and_m_are_fainter_than_what_is_beside_them(heard: dict[Language, Heard], language: Language) -> None:
    level = heard[language].sound.level
    dips = []
    for phoneme in _labials(heard[language].found):
        middle = round((phoneme.start + phoneme.end) * 50)
        dips.append(
            float(level[max(0, middle - 15) : middle + 16].max() - level[max(0, middle - 1) : middle + 2].mean())
        )
    assert np.median(dips) > 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pause_between_sentences_is_found(heard: dict[Language, Heard], language: Language) -> None:
    pauses = [p for p in heard[language].true.phonemes[1:-1] if p.symbol == "sil" and p.end - p.start > 0.3]
    found = [p for p in heard[language].found.phonemes if p.symbol == "sil"]
    assert pauses
    for pause in pauses:
        covered = sum(max(0.0, min(pause.end, p.end) - max(pause.start, p.start)) for p in found)
        assert covered > 0.6 * (pause.end - pause.start)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pitch_is_the_one_that_was_spoken(heard: dict[Language, Heard], language: Language) -> None:
    one = heard[language]
    times = np.arange(len(one.true.pitch)) * one.true.pitch_step
    spoken = np.array(one.true.pitch)
    measured = one.sound.pitch[np.clip(np.rint(times * 100).astype(int), 0, len(one.sound.pitch) - 1)]
    both = (spoken > 0) & (measured > 0)
    assert both.sum() > 0.5 * (spoken > 0).sum()
    assert np.median(np.abs(12 * np.log2(measured[both] / spoken[both]))) < 0.5
