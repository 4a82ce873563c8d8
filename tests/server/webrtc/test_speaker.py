"""The track that plays the avatar's voice."""

from __future__ import annotations

import numpy as np

from visavis.core.events import AudioDelta
from visavis.core.media import AudioChunk
from visavis.server.webrtc.speaker import FRAME, Heard, Speaker


def piece(seconds: float, start: float = 0.0, rate: int = 24_000) -> AudioDelta:
    return AudioDelta("resp", "item", AudioChunk(np.full(round(seconds * rate), 0.5, np.float32), rate, start))


async def loudness(speaker: Speaker) -> float:
    frame = await speaker.recv()
    assert frame.samples == FRAME
    return float(np.abs(frame.to_ndarray()).max()) / 32767


async def test_it_tells_what_was_played_and_where_on_its_clock() -> None:
    told: list[Heard] = []
    speaker = Speaker(told.append)
    assert await loudness(speaker) == 0
    assert speaker.place("item", 0.0) == 0.02
    speaker.put(piece(0.05))
    assert np.isclose(speaker.place("item", 0.05), 0.07)
    speaker.finish_item("item")
    assert [await loudness(speaker) > 0.4 for _ in range(5)] == [True, True, True, False, False]
    begun, ended = told
    assert (begun.position, begun.track, begun.playing) == (0.0, 0.02, True)
    assert np.allclose((ended.position, ended.track), (0.05, 0.07))
    assert (ended.playing, ended.finished) == (False, True)


async def test_it_is_silent_from_the_next_frame_on_when_the_person_cuts_in() -> None:
    told: list[Heard] = []
    speaker = Speaker(told.append)
    speaker.put(piece(1.0))
    assert await loudness(speaker) > 0.4
    speaker.flush()
    assert await loudness(speaker) == 0
    assert (told[-1].playing, told[-1].finished) == (False, False)
    assert np.isclose(told[-1].position, 0.02)


async def test_a_voice_of_another_rate_takes_as_long() -> None:
    speaker = Speaker(lambda heard: None)
    for number in range(10):
        speaker.put(piece(0.1, number * 0.1, 22_050))
    assert abs(speaker.place("item", 1.0) - 1.0) < 0.05
    assert [await loudness(speaker) > 0.3 for _ in range(5)][1:] == [True] * 4
