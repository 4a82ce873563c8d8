import struct
import time
from pathlib import Path

import numpy as np
import pytest

from tests.studio.recordings import FORMS, knock_times, knocks, record
from visavis.core.errors import VisavisError
from visavis.studio.sound import Recording, read_sound, write_wav
from visavis.studio.video import encode_segment, join


def refused(path: Path, longest: float = 600.0) -> str:
    with pytest.raises(VisavisError) as caught:
        read_sound(path, longest=longest)
    return caught.value.code


def wav(data: bytes, rate: int = 8000, claimed: int | None = None, form: int = 1, bits: int = 16) -> bytes:
    size = len(data) if claimed is None else claimed
    head = struct.pack("<HHIIHH", form, 1, rate, rate * bits // 8, bits // 8, bits)
    return (
        b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt \x10\0\0\0" + head + b"data" + struct.pack("<I", size) + data
    )


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("form", FORMS)
def test_every_container_by_its_content(tmp_path: Path, form: str, channels: int) -> None:
    # A name that says nothing; nothing moves in time, and both channels count as one.
    path = record(tmp_path / "upload", knocks(3.0), form=form, channels=channels)
    recording = read_sound(path)
    assert recording.rate == 48_000 and recording.samples.dtype == np.float32
    slack = 0.07 if form == "aac" else 0.03  # ADTS cannot say how much of its first and last block is padding
    assert recording.duration == pytest.approx(3.0, abs=slack)
    assert knock_times(recording.samples, recording.rate) == pytest.approx([0.5, 1.0, 1.5, 2.0, 2.5], abs=slack / 3)
    assert np.abs(recording.samples).max() == pytest.approx(0.8, abs=0.15)


@pytest.mark.parametrize(("rate", "kept"), [(8000, 8000), (22_050, 22_050), (44_100, 44_100), (96_000, 48_000)])
def test_rates(tmp_path: Path, rate: int, kept: int) -> None:
    recording = read_sound(record(tmp_path / "sound", knocks(1.2, rate), rate, "flac"))
    assert recording.rate == kept
    assert recording.duration == pytest.approx(1.2, abs=0.005)
    assert knock_times(recording.samples, kept) == pytest.approx([0.5, 1.0], abs=0.005)


def test_the_sound_of_a_video(tmp_path: Path) -> None:
    pictures = [np.full((64, 64, 3), level, np.uint8) for level in range(50)]
    encode_segment(tmp_path / "piece", pictures, size=64, fps=25, container="mp4", alpha=False)
    assert refused(tmp_path / "piece") == "audio.not_audio"
    for container in ("mp4", "webm"):
        encode_segment(tmp_path / "piece", pictures, size=64, fps=25, container=container, alpha=False)
        join(tmp_path / "film", [tmp_path / "piece"], Recording(knocks(2.0), 48_000), container=container)
        recording = read_sound(tmp_path / "film")
        assert knock_times(recording.samples, recording.rate) == pytest.approx([0.5, 1.0, 1.5], abs=0.005)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Hello, this is a text.",
        "Hello, this is another text.".encode("utf-16"),
        b"#EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(200),
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        wav(bytes(8000), rate=1),
    ],
)
def test_what_is_no_recording(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "sound.wav").write_bytes(data)
    assert refused(tmp_path / "sound.wav") == "audio.not_audio"


@pytest.mark.parametrize(
    "head",
    [b"RIFF\0\0\0\0WAVE", b"fLaC", b"OggS", b"ID3\x04", b"\xff\xfb\x90\x64", b"\0\0\0\x18ftyp", b"\x1aE\xdf\xa3"],
)
def test_nonsense_behind_a_good_beginning(tmp_path: Path, head: bytes) -> None:
    noise = np.random.default_rng(3).bytes(40_000)
    (tmp_path / "sound").write_bytes(head + noise)
    assert refused(tmp_path / "sound") == "audio.not_audio"
    (tmp_path / "sound").write_bytes(head)
    assert refused(tmp_path / "sound") == "audio.not_audio"


@pytest.mark.parametrize("form", FORMS)
def test_too_long(tmp_path: Path, form: str) -> None:
    path = record(tmp_path / "sound", knocks(4.0, 24_000), 24_000, form)
    assert refused(path, longest=3.0) == "audio.too_long"
    assert read_sound(path, longest=4.2).duration == pytest.approx(4.0, abs=0.1)


def test_three_hours_are_refused_unread(tmp_path: Path) -> None:
    path, size = tmp_path / "sound", 3 * 3600 * 96_000
    with path.open("wb") as file:  # with a hole for the samples: as long as it says, and no bytes on the disk
        file.write(wav(b"", rate=48_000, claimed=size))
        file.truncate(44 + size)
    begin = time.process_time()
    with pytest.raises(VisavisError, match="longer than 10 minutes") as caught:
        read_sound(path)
    assert caught.value.code == "audio.too_long"
    assert time.process_time() - begin < 0.5


def test_headers_that_lie(tmp_path: Path) -> None:
    # A FLAC file that says half a second and has four: decoding finds out.
    path = record(tmp_path / "sound", knocks(4.0, 16_000), 16_000, "flac")
    data = bytearray(path.read_bytes())
    data[22:26] = struct.pack(">I", 8000)
    path.write_bytes(data)
    assert refused(path, longest=3.0) == "audio.too_long"
    # A recorder that was stopped hard: its header says three hours, the file holds a second.
    pcm = (knocks(1.0, 8000) * 32767).astype("<i2").tobytes()
    for claimed in (3 * 3600 * 16_000, 0xFFFFFFFF - 36):
        path.write_bytes(wav(pcm, claimed=claimed))
        assert read_sound(path).duration == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize("samples", [0, 400])
def test_empty(tmp_path: Path, samples: int) -> None:
    (tmp_path / "sound").write_bytes(wav(b"\x10\x20" * samples))
    assert refused(tmp_path / "sound") == "audio.empty"


@pytest.mark.parametrize("level", [0.0, -90.0, -62.0, -54.0])
def test_silent(tmp_path: Path, level: float) -> None:
    noise = np.random.default_rng(4).standard_normal(24_000) * (10 ** (level / 20) if level else 0.0)
    samples = np.asarray(noise + 0.05, np.float32)  # a microphone's own offset is no sound
    assert refused(record(tmp_path / "sound", samples, 16_000)) == "audio.silent"


def test_a_far_voice_is_heard(tmp_path: Path) -> None:
    times = np.arange(32_000) / 16_000
    syllables = np.where(times % 0.5 < 0.25, 0.002, 0.0001) * np.sin(2 * np.pi * 200 * times)  # -57 dB at most
    path = record(tmp_path / "sound", np.asarray(syllables, np.float32), 16_000)
    assert read_sound(path).duration == pytest.approx(2.0)


def test_damage_is_left_out(tmp_path: Path) -> None:
    path = record(tmp_path / "sound", knocks(4.0), form="mp3")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 100] = bytes(100)
    path.write_bytes(data)
    assert 3.5 < read_sound(path).duration < 4.1
    path = record(tmp_path / "sound", knocks(4.0), form="m4a")
    path.write_bytes(path.read_bytes()[:-3000])  # with its table of contents
    assert refused(path) == "audio.not_audio"


def test_wild_numbers(tmp_path: Path) -> None:
    samples = knocks(1.0, 8000) * 4
    samples[100:103] = np.nan, np.inf, -np.inf
    (tmp_path / "sound").write_bytes(wav(samples.astype("<f4").tobytes(), form=3, bits=32))
    heard = read_sound(tmp_path / "sound").samples
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() == pytest.approx(1.0)


def test_wav_and_back(tmp_path: Path) -> None:
    recording = Recording(knocks(0.7, 24_000), 24_000)
    data = write_wav(recording)
    assert data == write_wav(recording)
    (tmp_path / "sound").write_bytes(data)
    again = read_sound(tmp_path / "sound")
    assert again.rate == 24_000 and np.allclose(again.samples, recording.samples, atol=1e-4)
    assert recording.chunk(2.0).end == pytest.approx(2.7)
