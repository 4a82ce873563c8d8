"""Files as people send them, good and bad, made when they are needed."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.face.pictures import sample

RATE = 16_000


def face() -> NDArray[np.uint8]:
    """A portrait that can become an avatar: Eileen Collins, NASA, public domain; RGB (512, 512, 3)."""
    return sample("astronaut")


def two_faces() -> NDArray[np.uint8]:
    return np.concatenate([face(), face()], axis=1)


def no_face() -> NDArray[np.uint8]:
    return sample("coffee")


def jpeg(picture: NDArray[np.uint8], *, exif: bytes | None = None, quality: int = 92) -> bytes:
    stream = io.BytesIO()
    extra = {} if exif is None else {"exif": exif}
    Image.fromarray(picture).save(stream, "JPEG", quality=quality, **extra)
    return stream.getvalue()


def secrets_in_exif(orientation: int = 1) -> bytes:
    """Metadata that tells where and by whom a picture was taken."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = "SECRET description"
    tags[0x013B] = "SECRET name"
    tags.get_ifd(0x8825)[1] = "N"
    return tags.tobytes()


def huge_png(side: int = 12_000) -> bytes:
    """A picture of 144 megapixels in a few hundred kilobytes."""
    stream = io.BytesIO()
    Image.new("L", (side, side), 128).save(stream, "PNG", compress_level=9)
    return stream.getvalue()


def gif_bomb() -> bytes:
    """A GIF of a few bytes that says it is 65,535 pixels a side."""
    return (
        b"GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff"
        + b"\x2c\x00\x00\x00\x00\xff\xff\xff\xff\x00"
        + (b"\x02\x02\x44\x01\x00\x3b")
    )


def voice(seconds: float = 1.0, rate: int = RATE) -> NDArray[np.float32]:
    """Something loud in syllables, as a voice is."""
    t = np.arange(round(seconds * rate)) / rate
    tone = np.sign(np.sin(2 * np.pi * 140 * t)) * (0.5 + 0.5 * np.sin(2 * np.pi * 4 * t))
    return (0.3 * tone).astype(np.float32)


def wav(samples: NDArray[np.float32], rate: int = RATE) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return stream.getvalue()


def three_hours() -> bytes:
    """A WAV of three hours, 8 bit at 4 kHz: 43 MB."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(4000)
        file.writeframes(bytes(3 * 3600 * 4000))
    return stream.getvalue()


def sound(container: str, codec: str, seconds: float = 1.0, **tags: str) -> bytes:
    """A voice in any container."""
    stream = io.BytesIO()
    rate = 48_000
    samples = voice(seconds, rate)
    with av.open(stream, "w", format=container) as out:
        out.metadata.update(tags)
        track = out.add_stream(codec, rate=rate)
        assert isinstance(track, av.AudioStream)
        track.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.sample_rate = rate
        frame.pts = 0
        _mux(out, track, [frame])
    return stream.getvalue()


def film(path: Path, picture: NDArray[np.uint8] | None, *, seconds: float = 1.2, heard: bool = True) -> bytes:
    """A video of a still picture (None: black), with a voice when it is `heard`."""
    shown = np.zeros((256, 256, 3), np.uint8) if picture is None else picture
    with av.open(str(path), "w", format="mp4") as out:
        screen = out.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        screen.width, screen.height, screen.pix_fmt = shown.shape[1], shown.shape[0], "yuv420p"
        track = out.add_stream("aac", rate=RATE) if heard else None
        if track is not None:
            track.layout = "mono"
        frames = [av.VideoFrame.from_ndarray(shown, format="rgb24") for _ in range(round(seconds * 10))]
        _mux(out, screen, frames)
        if track is not None:
            frame = av.AudioFrame.from_ndarray(voice(seconds)[None], format="fltp", layout="mono")
            frame.sample_rate = RATE
            frame.pts = 0
            _mux(out, track, [frame])
    return path.read_bytes()


def _mux(out: av.container.OutputContainer, stream: object, frames: Sequence[object]) -> None:
    for frame in [*frames, None]:
        for packet in stream.encode(frame):  # type: ignore[attr-defined]
            out.mux(packet)
