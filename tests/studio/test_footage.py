from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.studio.films import film, noise
from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk
from visavis.studio.footage import LONGEST, Picture, stretches, watch


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_every_frame_is_shown_with_its_sound(tmp_path: Path, container: str) -> None:
    pictures, _ = noise(3.0, size=128)
    times = np.arange(3 * 16_000) / 16_000
    click = (0.8 * np.sin(2 * np.pi * 400 * times) * ((times >= 1.2) & (times < 1.4))).astype(np.float32)
    path = film(tmp_path / f"film.{container}", pictures, AudioChunk(click, 16_000), container=container)  # type: ignore[arg-type]
    seen: list[tuple[float, float]] = []

    def look(picture: Picture) -> None:
        assert picture.grey.shape == (128, 128)
        seen.append((picture.time, float(np.abs(picture.rgb().astype(float) - pictures[len(seen)]).mean())))

    (found,) = watch(path, 3.0, look)
    assert [time for time, _ in seen] == pytest.approx(found.times.tolist())
    assert found.times == pytest.approx(np.arange(75) / 25, abs=0.002)
    assert found.sound is not None and found.sound.duration == pytest.approx(3.0, abs=0.001)
    heard = np.flatnonzero(np.abs(found.sound.samples) > 0.2) / found.sound.rate
    assert heard[0] == pytest.approx(1.2, abs=0.02) and heard[-1] == pytest.approx(1.4, abs=0.02)


def test_a_long_video_is_watched_in_stretches(tmp_path: Path) -> None:
    pictures, _ = noise(2.0, size=64, fps=10)
    long = [pictures[number % len(pictures)] for number in range(600)]
    ramp = np.linspace(0, 0.9, 60 * 8000, dtype=np.float32) * np.sin(np.arange(60 * 8000, dtype=np.float32))
    path = film(tmp_path / "long.mp4", long, AudioChunk(ramp, 8000), fps=10)
    count = 0

    def look(picture: Picture) -> None:
        nonlocal count
        count += 1

    found = watch(path, 60.0, look)
    assert [round(float(one.times[0])) for one in found] == [0, 27, 54]
    assert count == sum(len(one.times) for one in found) == 180
    for one in found:
        assert one.sound is not None
        middle = one.sound.samples[len(one.sound.samples) // 2 :][: one.sound.rate]
        place = float(one.times[0]) + one.sound.duration / 2 + 0.5
        assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.9 * place / 60 / np.sqrt(2), rel=0.1)


def test_short_videos_are_watched_whole() -> None:
    assert stretches(LONGEST) == ((0.0, LONGEST + 1.0),)
    assert len(stretches(LONGEST + 0.1)) == 3


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_text("no film")
    with pytest.raises(VisavisError) as caught:
        watch(path, 1.0, lambda picture: None)
    assert caught.value.code == "video.unreadable"
