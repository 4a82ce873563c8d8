from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
import pytest

from visavis.core.media import AudioChunk
from visavis.core.speech import SpeechChunk
from visavis.engines.fake import spoken
from visavis.engines.fake.tts import FakeTTS
from visavis.engines.tts import TTSOptions
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import Rig
from visavis.studio.streaming import Stage, Streamed, stream

RATE = 24_000


async def _sound(pieces: int, seconds: float, taken: list[int]) -> AsyncIterator[AudioChunk]:
    whole = spoken.encode("mama may bump my map again", RATE)
    size = round(seconds * RATE)
    for number in range(pieces):
        taken.append(number)
        yield AudioChunk(whole[number * size : (number + 1) * size], RATE)


async def test_pictures_come_with_the_sound_they_belong_to(genevieve: Rig) -> None:
    taken: list[int] = []
    stage = Stage.of(_sound(4, 0.25, taken), CpuRenderer(genevieve, 256), fps=10)
    found: list[Streamed] = []
    async for piece in stream(stage):
        found.append(piece)
        assert len(taken) <= len(found) + 1, "no more is taken than is given out"
    assert [piece.audio.start for piece in found] == [0.0, 0.25, 0.5, 0.75]
    times = [frame.time for piece in found for frame in piece.frames]
    assert times == pytest.approx([number / 10 for number in range(10)])
    for piece in found:
        assert all(piece.audio.start - 1e-9 <= frame.time < piece.audio.end for frame in piece.frames)
        assert piece.frames[0].pixels.shape == (256, 256, 3)
    jaw = np.concatenate([piece.motion.channel("jawOpen") for piece in found])
    assert jaw.max() > 0.1, "sound alone opens the mouth"


async def test_speech_moves_the_lips_by_its_phonemes(genevieve: Rig) -> None:
    async def speech() -> AsyncIterator[SpeechChunk]:
        async for chunk in FakeTTS().synthesize("mama may bump", TTSOptions("en")):
            yield chunk

    stage = Stage.of(speech(), CpuRenderer(genevieve, 256), emotion="happy", fps=10)
    found = [piece async for piece in stream(stage)]
    smile = np.concatenate([piece.motion.channel("mouthSmileLeft") for piece in found])
    press = np.concatenate([piece.motion.channel("mouthPressLeft") for piece in found])
    assert smile.mean() > 0.1 and press.max() > 0.2


async def test_closing_ends_the_stream(genevieve: Rig) -> None:
    taken: list[int] = []
    pieces = stream(Stage.of(_sound(50, 0.05, taken), CpuRenderer(genevieve, 256), fps=10))
    await anext(pieces)
    await pieces.aclose()  # type: ignore[attr-defined]
    assert len(taken) < 5


async def test_no_sound_no_pictures(genevieve: Rig) -> None:
    assert [piece async for piece in stream(Stage.of(_sound(0, 1, []), CpuRenderer(genevieve, 256)))] == []
