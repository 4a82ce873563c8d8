"""What every STT engine must do; a test module inherits it and gives the fixtures `stt` and `said`."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass

import numpy as np
import pytest
import soxr

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.stt import STT, STTOptions


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance at 16 kHz, its language, and `words` (in lower case) that must be in its transcript."""

    audio: AudioChunk
    language: Language
    words: tuple[str, ...]

    def heard_in(self, text: str) -> bool:
        """Whether all the words are there."""
        return all(word in text.lower() for word in self.words)


class STTContract:
    """The contract of `visavis.engines.stt.STT`; `said` is one utterance in each language."""

    async def test_each_language_is_detected_and_heard(self, stt: STT, said: dict[Language, Said]) -> None:
        for language, utterance in said.items():
            transcript = await stt.transcribe(utterance.audio, STTOptions())
            assert utterance.heard_in(transcript.text), transcript.text
            assert transcript.language == language
            assert 0.3 < transcript.confidence <= 1.0
            assert transcript.duration == pytest.approx(utterance.audio.duration)
            assert transcript.text == transcript.text.strip()

    async def test_a_fixed_language_is_kept(self, stt: STT, said: dict[Language, Said]) -> None:
        transcript = await stt.transcribe(said["es"].audio, STTOptions(language="es"))
        assert transcript.language == "es" and said["es"].heard_in(transcript.text)

    async def test_only_candidates_are_detected(self, stt: STT, said: dict[Language, Said]) -> None:
        transcript = await stt.transcribe(said["zh"].audio, STTOptions(candidates=("en", "es")))
        assert transcript.language in {"en", "es"}

    @pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
    async def test_any_rate_will_do(self, stt: STT, said: dict[Language, Said], rate: int) -> None:
        samples = soxr.resample(said["en"].audio.samples, SPEECH_RATE, rate)
        assert said["en"].heard_in((await stt.transcribe(AudioChunk(samples, rate), STTOptions())).text)

    @pytest.mark.parametrize("seconds", [0.0, 0.001, 0.05, 2.0])
    async def test_silence_says_nothing(self, stt: STT, seconds: float) -> None:
        audio = AudioChunk(np.zeros(int(seconds * SPEECH_RATE), np.float32), SPEECH_RATE)
        transcript = await stt.transcribe(audio, STTOptions(language="zh"))
        assert (transcript.text, transcript.confidence, transcript.words) == ("", 0.0, ())
        assert transcript.language == "zh"

    @pytest.mark.parametrize("kind", ["white", "hum", "clicks"])
    async def test_noise_says_nothing(self, stt: STT, kind: str) -> None:
        random = np.random.default_rng(7)
        count = 3 * SPEECH_RATE
        sound = {
            "white": random.normal(0, 0.05, count),
            "hum": 0.2 * np.sin(2 * np.pi * 100 * np.arange(count) / SPEECH_RATE),
            "clicks": (random.random(count) < 0.0005) * 0.8,
        }[kind]
        assert (await stt.transcribe(AudioChunk(sound.astype(np.float32), SPEECH_RATE), STTOptions())).text == ""

    async def test_more_than_half_a_minute_is_heard_to_the_end(self, stt: STT, said: dict[Language, Said]) -> None:
        gap = np.zeros(22 * SPEECH_RATE, np.float32)
        voice = said["en"].audio.samples
        audio = AudioChunk(np.concatenate([voice, gap, voice, gap[: SPEECH_RATE // 2]]), SPEECH_RATE)
        text = (await stt.transcribe(audio, STTOptions())).text.lower()
        assert all(text.count(word) >= 2 for word in said["en"].words), text

    async def test_word_times_run_forward_inside_the_audio(self, stt: STT, said: dict[Language, Said]) -> None:
        assert stt.capabilities.word_times
        for utterance in said.values():
            transcript = await stt.transcribe(utterance.audio, STTOptions(word_times=True))
            words = transcript.words
            assert len(words) >= 3
            assert all(transcript.text[w.offset : w.offset + len(w.text)] == w.text for w in words)
            assert all(0 <= w.start <= w.end <= transcript.duration + 0.05 for w in words)
            assert all(a.start <= b.start for a, b in itertools.pairwise(words))
            assert words[-1].end > transcript.duration / 2

    async def test_partials_are_rough_but_there(self, stt: STT, said: dict[Language, Said]) -> None:
        transcript = await stt.transcribe(said["en"].audio, STTOptions(partial=True))
        assert transcript.text and transcript.passes == 1

    async def test_calls_at_once_do_not_mix(self, stt: STT, said: dict[Language, Said]) -> None:
        order: list[Language] = ["en", "zh", "es", "en"]
        results = await asyncio.gather(*(stt.transcribe(said[language].audio, STTOptions()) for language in order))
        for language, transcript in zip(order, results, strict=True):
            assert said[language].heard_in(transcript.text)

    async def test_a_cancelled_call_frees_its_place(self, stt: STT, said: dict[Language, Said]) -> None:
        await stt.warm()
        calls = [asyncio.create_task(stt.transcribe(said["en"].audio, STTOptions())) for _ in range(4)]
        await asyncio.sleep(0.05)
        begin = time.perf_counter()
        for call in calls:
            call.cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert time.perf_counter() - begin < 0.1
        assert all(isinstance(result, asyncio.CancelledError) or result for result in results)
        assert said["es"].heard_in((await stt.transcribe(said["es"].audio, STTOptions())).text)

    async def test_the_event_loop_stays_free(self, stt: STT, said: dict[Language, Said]) -> None:
        await stt.warm()
        late = []

        async def tick() -> None:
            while True:
                begin = time.perf_counter()
                await asyncio.sleep(0.01)
                late.append(time.perf_counter() - begin - 0.01)

        ticker = asyncio.create_task(tick())
        await stt.transcribe(said["en"].audio, STTOptions())
        await asyncio.sleep(0.02)
        ticker.cancel()
        assert late and np.median(late) < 0.05

    async def test_an_hour_is_too_long(self, stt: STT) -> None:
        hour = AudioChunk(np.broadcast_to(np.float32(0.0), 3600 * SPEECH_RATE), SPEECH_RATE)
        with pytest.raises(VisavisError) as caught:
            await stt.transcribe(hour, STTOptions())
        assert caught.value.code == "stt.too_long"
