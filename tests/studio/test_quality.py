from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.studio.films import film
from tests.studio.speaking import FPS, SIZE, Spoken
from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk
from visavis.core.motion import rest
from visavis.face.rig import Rig
from visavis.studio.quality import QualityReport, report, still

Pixels = NDArray[np.uint8]
Judge = Callable[..., QualityReport]

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def portrait(genevieve: Rig) -> Pixels:
    return np.asarray(cv2.resize(genevieve.plate, (SIZE, SIZE), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.fixture(scope="module")
def judge(genevieve: Rig, spoken: Spoken, portrait: Pixels, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Makes a film of the spoken one, with other pictures or sound where given, and its report."""

    def made(pictures: list[Pixels] | None = None, sound: AudioChunk | None = None, **other: Any) -> QualityReport:
        path = film(
            tmp_path_factory.mktemp("film") / "film.mp4", pictures or spoken.pictures, sound or spoken.sound, fps=FPS
        )
        known = {"motion": spoken.motion, "timeline": spoken.timeline, "language": "en", "portrait": portrait}
        return report(path, rig=genevieve, **{**known, **other})

    return made


@pytest.fixture(scope="module")
def good(judge: Judge) -> QualityReport:
    return judge(stage_seconds={"video_generation": 2.0, "quality_enhancement": 1.0})


def test_a_good_video(good: QualityReport, spoken: Spoken) -> None:
    found = good
    assert found.frames == len(spoken.pictures) and found.fps == FPS
    assert found.duration == pytest.approx(len(spoken.pictures) / FPS, abs=0.001)
    assert found.watched == pytest.approx(found.duration, abs=0.001)
    assert found.ssim is not None and found.ssim > 0.95
    assert found.psnr is not None and found.psnr > 35
    assert found.flicker is not None and found.flicker < 0.5
    assert found.closures == 9
    assert found.closure_hits == 1.0
    assert found.lip_sync is not None and found.lip_sync > 0.3
    assert found.lag is not None and -0.10 < found.lag < 0.05
    assert found.shut_in_silence is not None and found.shut_in_silence > 0.9
    assert found.sound_excess == pytest.approx(0.0, abs=0.04)
    assert found.realtime_factor == pytest.approx(3.0 / found.duration)
    assert found.overall is not None and found.overall > 85


def test_the_report_is_json_and_guesses_nothing(good: QualityReport) -> None:
    values = good.as_mapping()
    assert json.loads(json.dumps(values)) == values
    for name in ("fid", "lse_c", "lse_d"):
        assert values[name] is None
        assert "weights" in values["not_available"][name]
    for name, value in values.items():
        assert value is not None or name in values["not_available"]


@pytest.mark.parametrize("late", [0.2, -0.2])
def test_a_shifted_sound_is_reported_with_its_lag(
    judge: Judge, good: QualityReport, spoken: Spoken, late: float
) -> None:
    samples = np.roll(spoken.sound.samples, round(late * spoken.sound.rate))  # silent at both ends
    found = judge(sound=AudioChunk(samples, spoken.sound.rate))
    assert good.lag is not None and found.lag is not None
    assert found.lag == pytest.approx(good.lag - late, abs=0.04)
    assert found.lip_sync == pytest.approx(good.lip_sync, abs=0.05)
    assert found.overall is not None and good.overall is not None and found.overall < good.overall - 8


@pytest.mark.parametrize("which", ["open", "shut"])
def test_a_frozen_mouth_meets_no_closures(judge: Judge, spoken: Spoken, genevieve: Rig, which: str) -> None:
    frame = 0 if which == "shut" else int(np.argmax(spoken.motion.channel("jawOpen")) * FPS / 50)
    found = judge([spoken.pictures[frame]] * len(spoken.pictures))
    assert found.closures == 9
    assert found.closure_hits == 0.0
    assert found.lag is None and "does not move" in found.not_available["lag"]
    assert found.shut_in_silence == (1.0 if which == "shut" else 0.0)
    assert found.overall is not None and found.overall < 65


def test_a_changed_background_and_a_flickering_one_are_seen(
    judge: Judge, good: QualityReport, spoken: Spoken, genevieve: Rig
) -> None:
    pictures = spoken.pictures[:50]
    where = still(genevieve, (SIZE, SIZE))
    random = np.random.default_rng(1)
    noisy = [_changed(one, where, random.normal(0, 15, one.shape)) for one in pictures]
    found = judge(noisy)
    assert found.ssim is not None and good.ssim is not None and found.ssim < good.ssim - 0.15
    assert found.psnr is not None and found.psnr < 30
    flickering = [_changed(one, where, np.full(one.shape, 6.0 * (k % 2))) for k, one in enumerate(pictures)]
    found = judge(flickering)
    assert found.flicker is not None and 3 < found.flicker < 7


def test_what_is_drawn_over_the_picture_is_left_out(judge: Judge, spoken: Spoken) -> None:
    pictures = [one.copy() for one in spoken.pictures[:50]]
    for one in pictures:
        one[-40:] = 255
    assert (judge(pictures).psnr or 0) < 20
    assert (judge(pictures, covered=[(0, SIZE - 48, SIZE, SIZE)]).psnr or 0) > 35


def test_what_cannot_be_measured_says_why(judge: Judge, spoken: Spoken) -> None:
    mute = AudioChunk(np.zeros_like(spoken.sound.samples), spoken.sound.rate)
    found = judge(sound=mute, portrait=None, motion=None, timeline=replace(spoken.timeline, exact=False))
    for name, reason in {
        "ssim": "background", "psnr": "background", "lip_sync": "no sound", "lag": "no sound", "closures": "estimated",
        "closure_hits": "estimated", "shut_in_silence": "no sound", "blinks_per_minute": "motion",
        "realtime_factor": "timed",
    }.items():  # fmt: skip
        assert getattr(found, name) is None
        assert reason in found.not_available[name]
    assert found.overall is not None
    assert "known which" in judge(timeline=None).not_available["closures"]


def test_blinks_are_counted(judge: Judge, spoken: Spoken) -> None:
    motion = rest(500)
    for start in (50, 200, 350):
        motion.channel("eyeBlinkLeft")[start : start + 10] = 0.9
    found = judge(motion=motion)
    assert found.blinks_per_minute == pytest.approx(18)
    assert found.blink_seconds == pytest.approx(0.2)
    none = judge(motion=rest(500))
    assert (none.blinks_per_minute, none.blink_seconds) == (0.0, None)


def test_a_video_that_begins_to_speak_later(judge: Judge, spoken: Spoken) -> None:
    pictures = spoken.pictures[:1] * FPS + spoken.pictures
    samples = np.concatenate([np.zeros(spoken.sound.rate, np.float32), spoken.sound.samples])
    found = judge(pictures, AudioChunk(samples, spoken.sound.rate), offset=1.0)
    assert found.closure_hits == 1.0
    assert (judge(pictures, AudioChunk(samples, spoken.sound.rate)).closure_hits or 0) < 0.8


def test_the_part_that_stands_still(genevieve: Rig, spoken: Spoken) -> None:
    where = still(genevieve, (SIZE, SIZE))
    assert 0.02 < where.mean() < 0.5
    stack = np.stack([one[where] for one in spoken.pictures]).astype(int)
    assert np.ptp(stack, axis=0).max() <= 1


def test_what_is_no_video_is_refused(genevieve: Rig, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(VisavisError) as caught:
        report(tmp_path / "film.mp4", rig=genevieve, portrait=None)
    assert caught.value.code == "video.unreadable"


def _changed(picture: Pixels, where: NDArray[np.bool_], by: NDArray[np.float64]) -> Pixels:
    changed = picture.astype(np.float64)
    changed[where] += by[where]
    return np.clip(changed, 0, 255).astype(np.uint8)
