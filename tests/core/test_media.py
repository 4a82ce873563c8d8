import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.media import AudioChunk


@given(st.lists(st.integers(-32768, 32767), max_size=400))
def test_pcm16_survives_a_round_trip(values: list[int]) -> None:
    data = np.array(values, dtype="<i2").tobytes()
    back = np.frombuffer(AudioChunk.from_pcm16(data, 24_000).pcm16(), "<i2").astype(int)
    assert np.abs(back - np.array(values, dtype=int)).max(initial=0) <= 1


def test_pcm16_clips_instead_of_wrapping() -> None:
    loud = AudioChunk(np.array([2.0, -2.0], dtype=np.float32), 24_000)
    assert np.frombuffer(loud.pcm16(), "<i2").tolist() == [32767, -32767]


def test_odd_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="even"):
        AudioChunk.from_pcm16(b"\0\0\0", 24_000)


def test_time_runs_from_start_to_end() -> None:
    chunk = AudioChunk(np.zeros(480, dtype=np.float32), 24_000, start=1.5)
    assert chunk.duration == pytest.approx(0.02)
    assert chunk.end == pytest.approx(1.52)
