"""Fixed lines are spoken once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.engines.contracts.tts import Lines, TTSContract
from visavis.core.speech import SpeechChunk
from visavis.engines.fake.tts import FakeTTS
from visavis.engines.speech_cache import CachedTTS, SpeechCache
from visavis.engines.tts import TTSOptions

EN = TTSOptions("en")


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def say(tts: CachedTTS, text: str, options: TTSOptions = EN) -> list[SpeechChunk]:
    return [chunk async for chunk in tts.synthesize(text, options, fixed=True)]


class TestCachedTTS(TTSContract):
    has_speeds = False

    @pytest.fixture
    def tts(self, tmp_path: Path) -> CachedTTS:
        return CachedTTS(FakeTTS(), SpeechCache(tmp_path))

    @pytest.fixture
    def lines(self) -> Lines:
        return {"en": "Bob, hello there.", "zh": "你好，世界。", "es": "¿Qué tal, mamá?"}


async def test_a_fixed_line_is_spoken_once_and_sounds_the_same(tmp_path: Path) -> None:
    engine = FakeTTS()
    tts = CachedTTS(engine, SpeechCache(tmp_path))
    first, again = await say(tts, "Hello there"), await say(tts, "Hello there")
    later = await say(CachedTTS(engine, SpeechCache(tmp_path)), "Hello there")
    assert engine.spoken == ["Hello there"]
    for other in (again, later):
        assert other[0].timeline == first[0].timeline
        assert other[-1].final
        joined = [np.concatenate([chunk.audio.samples for chunk in chunks]) for chunks in (first, other)]
        assert np.max(np.abs(joined[0] - joined[1])) < 1e-4


async def test_everything_that_changes_the_sound_changes_the_key(tmp_path: Path) -> None:
    tts = CachedTTS(FakeTTS(), SpeechCache(tmp_path))
    keys = {
        tts.key("a", EN), tts.key("b", EN), tts.key("a", TTSOptions("es")), tts.key("a", TTSOptions("en", "tone")),
        tts.key("a", TTSOptions("en", speed=1.1)), CachedTTS(FakeTTS(name="other"), SpeechCache(None)).key("a", EN),
    }  # fmt: skip
    assert len(keys) == 6


async def test_other_text_goes_through(tmp_path: Path) -> None:
    engine = FakeTTS()
    tts = CachedTTS(engine, SpeechCache(tmp_path))
    for _ in range(2):
        _ = [chunk async for chunk in tts.synthesize("Free talk", EN)]
    assert engine.spoken == ["Free talk", "Free talk"]
    assert not files(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no", b"\0" * 500])
async def test_a_damaged_file_is_ignored_and_written_again(tmp_path: Path, damage: bytes) -> None:
    engine = FakeTTS()
    await say(CachedTTS(engine, SpeechCache(tmp_path)), "Hello")
    (file,) = files(tmp_path)
    file.write_bytes(damage)
    assert (await say(CachedTTS(engine, SpeechCache(tmp_path)), "Hello"))[-1].final
    await say(CachedTTS(engine, SpeechCache(tmp_path)), "Hello")
    assert engine.spoken == ["Hello", "Hello"]


async def test_a_line_that_was_not_heard_out_is_not_kept(tmp_path: Path) -> None:
    engine = FakeTTS()
    tts = CachedTTS(engine, SpeechCache(tmp_path))
    async for _ in tts.synthesize("A line of some length to be cut", EN, fixed=True):
        break
    await say(tts, "A line of some length to be cut")
    assert len(engine.spoken) == 2


async def test_memory_and_disk_are_bounded(tmp_path: Path) -> None:
    engine = FakeTTS()
    tts = CachedTTS(engine, SpeechCache(tmp_path, memory_bytes=1, disk_bytes=20_000))
    await tts.prewarm([(f"line number {index} of many", EN) for index in range(12)])
    assert sum(file.stat().st_size for file in files(tmp_path)) <= 20_000
    await say(tts, "line number 0 of many")
    assert engine.spoken.count("line number 0 of many") == 2


async def test_prewarming_speaks_only_what_is_missing(tmp_path: Path) -> None:
    tts = CachedTTS(FakeTTS(), SpeechCache(tmp_path))
    assert await tts.prewarm([("one", EN), ("two", EN)]) == 2
    assert await tts.prewarm([("one", EN), ("two", EN), ("three", EN)]) == 1


async def test_a_disk_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("here")
    engine = FakeTTS()
    tts = CachedTTS(engine, SpeechCache(blocked / "folder"))
    await say(tts, "Hello")
    await say(tts, "Hello")
    assert engine.spoken == ["Hello"]
