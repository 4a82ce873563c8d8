from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.studio.speaking import FPS, SIZE, Spoken
from visavis.core.motion import Motion
from visavis.face.measure import lip_gaps
from visavis.face.render_cpu import CpuRenderer
from visavis.face.renderer import resample
from visavis.face.rig import Rig
from visavis.studio.lip_track import SHUT, LipTracker


def _seen(
    rig: Rig, pictures: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    tracker = LipTracker(rig, _grey(rig.plate))
    return np.array([tracker.gap(_grey(picture)) for picture in pictures])


def _grey(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.real
def test_what_is_seen_is_what_was_drawn(genevieve: Rig, spoken: Spoken) -> None:
    drawn = lip_gaps(CpuRenderer(genevieve, SIZE), Motion(resample(spoken.motion, FPS)))
    drawn = drawn / (genevieve.mouth.frame.scale * SIZE)
    seen = _seen(genevieve, spoken.pictures)
    assert drawn.max() > 0.5
    assert np.corrcoef(drawn, seen)[0, 1] > 0.95
    assert np.percentile(np.abs(drawn - seen), 95) < 0.12
    assert np.mean((seen < SHUT) == (drawn < 0.04)) > 0.85


@pytest.mark.real
@pytest.mark.parametrize("size", [256, 512, 1080])
def test_the_size_does_not_matter(genevieve: Rig, size: int) -> None:
    from visavis.face.vectors import motion_frame

    renderer = CpuRenderer(genevieve, size)
    shut, ajar, wide = (
        renderer.draw(motion_frame({"jawOpen": jaw, "headYaw": 6.0, "headPitch": -4.0})) for jaw in (0.0, 0.2, 0.5)
    )
    gaps = _seen(genevieve, [shut, ajar, wide, shut])
    assert gaps[0] < SHUT < gaps[1] < gaps[2]
    assert gaps[3] == pytest.approx(gaps[0], abs=0.03)
