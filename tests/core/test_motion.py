import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from visavis.core.motion import ARKIT, CHANNELS, FPS, RANGE, Motion, compose, decode, encode, rest

WIDTH = len(CHANNELS)


@given(hnp.arrays(np.float32, st.tuples(st.integers(0, 5), st.just(WIDTH)), elements=st.floats(-1, 1, width=32)))
def test_the_wire_form_loses_less_than_a_step(fractions: np.ndarray) -> None:
    frames = (fractions * RANGE).astype(np.float32)
    back = decode(encode(Motion(frames)), start=0.5)
    assert back.start == 0.5
    assert back.frames.shape == frames.shape
    assert np.all(np.abs(back.frames - frames) <= RANGE / 32767)


def test_the_wire_form_clips_at_full_scale() -> None:
    frames = np.full((1, WIDTH), 99.0, dtype=np.float32)
    assert np.allclose(decode(encode(Motion(frames))).frames, RANGE)


@given(st.integers(1, 4 * WIDTH).filter(lambda n: n % (2 * WIDTH) != 0))
def test_part_of_a_frame_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="multiple"):
        decode(bytes(length))


def test_there_are_52_blendshapes_and_six_more() -> None:
    assert len(ARKIT) == len(set(ARKIT)) == 52
    assert WIDTH == len(set(CHANNELS)) == 58


def test_rest_is_still_and_lasts() -> None:
    motion = rest(FPS)
    assert motion.duration == pytest.approx(1.0)
    assert not motion.frames.any()


def test_layers_add_up_within_their_ranges() -> None:
    ambient, speech = rest(1), rest(1)
    ambient.channel("jawOpen")[:] = 0.8
    speech.channel("jawOpen")[:] = 0.7
    ambient.channel("mouthPressLeft")[:] = -0.2
    ambient.channel("headYaw")[:] = -4.0
    speech.channel("headYaw")[:] = 1.5
    total = compose(ambient, speech)
    assert total.channel("jawOpen")[0] == 1.0
    assert total.channel("mouthPressLeft")[0] == 0.0
    assert total.channel("headYaw")[0] == pytest.approx(-2.5)
