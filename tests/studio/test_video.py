import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.studio.recordings import knock_times, knocks
from visavis.core.errors import VisavisError
from visavis.studio.sound import Recording, read_sound
from visavis.studio.video import decode, encode_segment, join, probe

Pixels = NDArray[np.uint8]
Container = Literal["mp4", "webm"]
FORMS: list[tuple[Container, bool]] = [("mp4", False), ("webm", False), ("webm", True)]
SIZE = 96


def pictures(count: int, *, alpha: bool = False, first: int = 0) -> list[Pixels]:
    """A bar that wanders over a picture of colours; with alpha, in a round window."""
    down, across = np.mgrid[0:SIZE, 0:SIZE]
    base = np.stack([across * 2, down * 2, np.full_like(down, 90)], axis=2).astype(np.uint8)
    if alpha:
        inside = (across - SIZE / 2) ** 2 + (down - SIZE / 2) ** 2 < (SIZE / 3) ** 2
        base = np.dstack([base, np.where(inside, 255, 0).astype(np.uint8)])
    found = []
    for number in range(first, first + count):
        picture = base.copy()
        place = 3 * number % (SIZE - 8)
        picture[40:56, place : place + 8, :3] = 230
        found.append(picture)
    return found


def segment(
    path: Path, frames: list[Pixels], container: Container = "mp4", *, alpha: bool = False, fps: int = 25
) -> Path:
    assert encode_segment(path, frames, size=SIZE, fps=fps, container=container, alpha=alpha) == len(frames)
    return path


def sound(seconds: float) -> Recording:
    return Recording(knocks(seconds, 24_000), 24_000)


def payloads(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(container.streams.video[0]) if packet.size]


@pytest.mark.parametrize(("container", "alpha"), FORMS)
def test_the_same_frames_give_the_same_bytes(tmp_path: Path, container: Container, alpha: bool) -> None:
    frames = pictures(12, alpha=alpha)
    one = segment(tmp_path / "one", frames, container, alpha=alpha)
    segment(tmp_path / "other", pictures(3, alpha=alpha, first=70), container, alpha=alpha)
    two = segment(tmp_path / "two", frames, container, alpha=alpha)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(("container", "alpha"), FORMS)
def test_pieces_are_joined_as_they_are(tmp_path: Path, container: Container, alpha: bool) -> None:
    lengths, segments, first = (30, 30, 1, 7), [], 0
    for count in lengths:
        frames = pictures(count, alpha=alpha, first=first)
        segments.append(segment(tmp_path / f"{first}", frames, container, alpha=alpha))
        first += count
    film = tmp_path / "film"
    assert join(film, segments, sound(2.0), container=container, title="A film", metadata={"comment": "Made"}) == 68

    assert payloads(film) == [packet for one in segments for packet in payloads(one)]
    shown = list(decode(film))
    assert [frame.time for frame in shown] == pytest.approx([number / 25 for number in range(68)], abs=0.001)
    alone = [frame.pixels for one in segments for frame in decode(one)]
    assert all(np.array_equal(frame.pixels, pixels) for frame, pixels in zip(shown, alone, strict=True))
    facts = probe(film)
    assert (facts.width, facts.height, facts.fps, facts.frames, facts.alpha) == (SIZE, SIZE, 25.0, 68, alpha)
    assert facts.video_codec == ("h264" if container == "mp4" else "vp9")
    assert facts.audio_codec == ("aac" if container == "mp4" else "opus")
    assert facts.duration == pytest.approx(68 / 25, abs=0.001)
    assert abs(facts.audio_duration - facts.duration) <= 0.04
    with av.open(str(film)) as opened:
        tags = {key.lower(): value for key, value in opened.metadata.items()}
        assert (tags["title"], tags["comment"]) == ("A film", "Made")
    again = tmp_path / "again"
    join(again, segments, sound(2.0), container=container, title="A film", metadata={"comment": "Made"})
    assert film.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("fps", [10, 24, 30, 60])
@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_lengths_and_times_at_other_rates(tmp_path: Path, container: Container, fps: int) -> None:
    # A flash with every knock: sound and picture keep one clock, whatever the codecs put before and after.
    frames = pictures(round(2.6 * fps))
    at = [round(moment * fps) for moment in (0.5, 1.0, 1.5, 2.0, 2.5)]
    for number in at:
        frames[number] = np.full((SIZE, SIZE, 3), 255, np.uint8)
    half = len(frames) // 2
    pieces = [segment(tmp_path / "a", frames[:half], container, fps=fps)]
    pieces.append(segment(tmp_path / "b", frames[half:], container, fps=fps))
    film = tmp_path / "film"
    join(film, pieces, sound(2.6), container=container)
    flashes = [frame.time for frame in decode(film) if frame.pixels.mean() > 240]
    assert flashes == pytest.approx([number / fps for number in at], abs=0.001)
    heard = read_sound(film)
    assert knock_times(heard.samples, heard.rate) == pytest.approx([0.5, 1.0, 1.5, 2.0, 2.5], abs=0.005)
    facts = probe(film)
    assert facts.fps == pytest.approx(fps) and facts.duration == pytest.approx(len(frames) / fps, abs=0.002)
    assert abs(facts.audio_duration - facts.duration) <= 0.04


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_what_a_player_needs_stands_first(tmp_path: Path, container: Container) -> None:
    film = tmp_path / "film"
    join(film, [segment(tmp_path / "piece", pictures(60), container)], sound(2.0), container=container)
    data = film.read_bytes()
    table, media = (b"moov", b"mdat") if container == "mp4" else (b"\x1c\x53\xbb\x6b", b"\x1f\x43\xb6\x75")
    assert 0 < data.index(table) < data.index(media)


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_colours_stay(tmp_path: Path, container: Container) -> None:
    colours = [
        (200, 30, 30),
        (30, 180, 60),
        (40, 60, 210),
        (240, 200, 170),
        (128, 128, 128),
        (255, 255, 255),
        (0, 0, 0),
    ]
    for colour in colours:
        flat = np.full((SIZE, SIZE, 3), colour, np.uint8)
        seen = next(decode(segment(tmp_path / "piece", [flat] * 2, container))).pixels
        assert np.abs(seen.astype(int) - flat).max() <= 4, colour


def test_transparency_stays(tmp_path: Path) -> None:
    frames = pictures(10, alpha=True)
    film = tmp_path / "film"
    join(film, [segment(tmp_path / "piece", frames, "webm", alpha=True)], sound(0.4), container="webm")
    for frame, original in zip(decode(film), frames, strict=True):
        difference = np.abs(frame.pixels[..., 3].astype(int) - original[..., 3])
        assert frame.pixels.shape == (SIZE, SIZE, 4) and difference.mean() < 2 and np.median(difference) == 0
        inside = original[..., 3] > 0
        assert np.abs(frame.pixels[..., :3].astype(int) - original[..., :3])[inside].mean() < 6


def test_short_sound_is_filled_up_and_long_sound_refused(tmp_path: Path) -> None:
    piece = segment(tmp_path / "piece", pictures(50))
    film = tmp_path / "film"
    join(film, [piece], sound(0.8), container="mp4")
    facts = probe(film)
    assert abs(facts.audio_duration - facts.duration) <= 0.04
    assert np.abs(read_sound(film).samples[48_000:90_000]).max() < 0.001
    join(film, [piece], sound(2.03), container="mp4")
    assert abs(probe(film).audio_duration - 2.0) <= 0.04
    with pytest.raises(ValueError, match="longer than the pictures"):
        join(film, [piece], sound(2.2), container="mp4")


def test_pieces_that_do_not_fit(tmp_path: Path) -> None:
    piece, film = segment(tmp_path / "piece", pictures(5)), tmp_path / "film"
    with pytest.raises(ValueError, match="not made like"):
        join(film, [piece, segment(tmp_path / "fast", pictures(5), fps=30)], sound(0.2), container="mp4")
    with pytest.raises(ValueError, match="no pieces"):
        join(film, [], sound(0.2), container="mp4")
    (tmp_path / "broken").write_bytes(piece.read_bytes()[:700])
    with pytest.raises(VisavisError, match="broken cannot be read"):
        join(film, [piece, tmp_path / "broken"], sound(0.2), container="mp4")
    (tmp_path / "text").write_text("no video")
    for read in (probe, lambda path: next(decode(path))):
        with pytest.raises(VisavisError) as caught:
            read(tmp_path / "text")
        assert caught.value.code == "video.unreadable"


def test_frames_that_cannot_be_kept(tmp_path: Path) -> None:
    path, frames = tmp_path / "piece", pictures(2)
    with pytest.raises(ValueError, match="only WebM"):
        encode_segment(path, pictures(2, alpha=True), size=SIZE, fps=25, container="mp4", alpha=True)
    with pytest.raises(ValueError, match="even"):
        encode_segment(path, frames, size=95, fps=25, container="mp4", alpha=False)
    with pytest.raises(ValueError, match="frame 0 is"):
        encode_segment(path, frames, size=64, fps=25, container="mp4", alpha=False)
    for container in ("mp4", "webm"):
        with pytest.raises(ValueError, match="at least one"):
            encode_segment(path, [], size=SIZE, fps=25, container=container, alpha=False)


def test_one_picture_at_a_time_and_errors_pass(tmp_path: Path) -> None:
    drawn = []

    def drawing() -> Iterator[Pixels]:
        for number, picture in enumerate(pictures(40)):
            drawn.append(number)
            yield picture
            if number == 30:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode_segment(tmp_path / "piece", drawing(), size=SIZE, fps=25, container="mp4", alpha=False)
    assert drawn == list(range(31))


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    source = np.random.default_rng(1)
    frames = [source.integers(0, 255, (SIZE, SIZE, 3), np.uint8) for _ in range(30)]
    with pytest.raises(OSError) as caught:
        encode_segment(Path("/dev/full"), frames, size=SIZE, fps=25, container="webm", alpha=False)
    assert caught.value.errno == errno.ENOSPC
    piece = segment(tmp_path / "piece", frames, "webm")
    with pytest.raises(OSError) as caught:
        join(Path("/dev/full"), [piece], sound(1.0), container="webm")
    assert caught.value.errno == errno.ENOSPC
