"""What every TTS engine must do; a test module inherits it and gives the fixtures `tts` and `lines`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import ClassVar, cast
from weakref import WeakKeyDictionary

import numpy as np
import pytest

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.speech import SpeechChunk
from visavis.engines.tts import TTS, TTSOptions

Lines = dict[Language, str]


async def speak(tts: TTS, text: str, language: Language, **options: float) -> list[SpeechChunk]:
    return [chunk async for chunk in tts.synthesize(text, TTSOptions(language, **options))]  # type: ignore[arg-type]


_SPOKEN: WeakKeyDictionary[TTS, dict[tuple[Language, str], list[SpeechChunk]]] = WeakKeyDictionary()


async def spoken_once(tts: TTS, text: str, language: Language) -> list[SpeechChunk]:
    """What this engine says, synthesised when it is first asked for: several tests look at the same."""
    known = _SPOKEN.setdefault(tts, {})
    if (language, text) not in known:
        known[language, text] = await speak(tts, text, language)
    return known[language, text]


class TTSContract:
    """The contract of `visavis.engines.tts.TTS`; `lines` holds one sentence in each language the engine speaks."""

    has_speeds: ClassVar[bool] = True

    async def test_chunks_follow_each_other_and_the_last_one_says_so(self, tts: TTS, lines: Lines) -> None:
        for language, text in lines.items():
            chunks = await spoken_once(tts, text, language)
            end = 0.0
            for chunk in chunks:
                assert chunk.audio.start == pytest.approx(end, abs=1e-6)
                assert chunk.audio.rate == tts.capabilities.rate
                assert chunk.audio.samples.dtype == np.float32
                assert len(chunk.audio.samples)
                assert np.all(np.isfinite(chunk.audio.samples))
                assert (chunk.text, chunk.language) == (text, language)
                end = chunk.audio.end
            assert [chunk.final for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
            assert len({chunk.utterance for chunk in chunks}) == 1
            assert float(np.max(np.abs(np.concatenate([chunk.audio.samples for chunk in chunks])))) > 0.05

    async def test_the_timeline_is_in_order_and_covers_the_audio(self, tts: TTS, lines: Lines) -> None:
        for language, text in lines.items():
            chunks = await spoken_once(tts, text, language)
            if tts.capabilities.timings_ahead:
                assert all(chunk.timeline == chunks[0].timeline for chunk in chunks)
            for chunk in chunks:
                timeline = chunk.timeline
                assert timeline.duration >= chunk.audio.end - 0.03
                edge = 0.0
                for phoneme in timeline.phonemes:
                    assert edge - 1e-6 <= phoneme.start <= phoneme.end <= timeline.duration + 1e-6
                    assert phoneme.stress in {0, 1, 2}
                    edge = phoneme.end
                if timeline.pitch:
                    assert len(timeline.pitch) * timeline.pitch_step == pytest.approx(timeline.duration, abs=0.05)
            assert chunks[-1].timeline.duration == pytest.approx(chunks[-1].audio.end, abs=0.03)
            assert any(phoneme.symbol != "sil" for phoneme in chunks[-1].timeline.phonemes)

    async def test_words_cover_the_text_where_they_stand(self, tts: TTS, lines: Lines) -> None:
        for language, text in lines.items():
            words = (await spoken_once(tts, text, language))[-1].timeline.words
            covered: set[int] = set()
            edge, place = 0.0, -1
            for word in words:
                assert text[word.offset : word.offset + len(word.text)] == word.text
                assert edge - 1e-6 <= word.start <= word.end
                assert word.offset > place
                covered.update(range(word.offset, word.offset + len(word.text)))
                edge, place = word.end, word.offset
            assert all(index in covered for index, character in enumerate(text) if character.isalnum())

    @pytest.mark.parametrize("text", ["", "   ", "…", "?!", "\n", "。"])
    async def test_nothing_to_say_gives_nothing(self, tts: TTS, lines: Lines, text: str) -> None:
        assert await speak(tts, text, next(iter(lines))) == []

    async def test_another_language_or_voice_is_refused(self, tts: TTS, lines: Lines) -> None:
        with pytest.raises(VisavisError) as refused:
            await speak(tts, "Bonjour", cast("Language", "fr"))
        assert refused.value.code == "tts.language"
        with pytest.raises(VisavisError) as unknown:
            async for _ in tts.synthesize("a", TTSOptions(next(iter(lines)), voice="nobody")):
                pass
        assert unknown.value.code == "tts.voice"

    async def test_speed_changes_the_length(self, tts: TTS, lines: Lines) -> None:
        language, text = next(iter(lines.items()))
        slow, fast = [(await speak(tts, text, language, speed=speed))[-1].timeline.duration for speed in (0.8, 1.3)]
        assert slow > 1.2 * fast if self.has_speeds else slow == fast

    async def test_closing_stops_it_at_once_and_it_speaks_again(self, tts: TTS, lines: Lines) -> None:
        language, text = next(iter(lines.items()))
        stream = cast("AsyncGenerator[SpeechChunk]", tts.synthesize(text, TTSOptions(language)))
        await anext(stream)
        began = time.monotonic()
        await stream.aclose()
        assert time.monotonic() - began < 0.1
        assert (await speak(tts, text, language))[-1].final

    async def test_cancelling_while_it_works_stops_it_at_once(self, tts: TTS, lines: Lines) -> None:
        language, text = next(iter(lines.items()))
        task = asyncio.create_task(speak(tts, text, language))
        await asyncio.sleep(0.05)
        began = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert time.monotonic() - began < 0.1
        assert (await speak(tts, text, language))[-1].final

    async def test_two_at_once_do_not_mix(self, tts: TTS, lines: Lines) -> None:
        language, text = next(iter(lines.items()))
        alone = await spoken_once(tts, text, language)
        pair = await asyncio.gather(speak(tts, text, language), speak(tts, text, language))
        for chunks in pair:
            spoken = [(word.text, word.offset) for word in chunks[-1].timeline.words]
            assert spoken == [(word.text, word.offset) for word in alone[-1].timeline.words]
            assert chunks[-1].audio.end == pytest.approx(alone[-1].audio.end, rel=0.3)
            assert chunks[-1].final
        assert pair[0][0].utterance != pair[1][0].utterance
