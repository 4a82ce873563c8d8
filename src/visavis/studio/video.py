"""Video files: pieces encoded one by one, joined without encoding them again, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.core.media import VideoFrame
from visavis.engines.resample import at_rate
from visavis.studio.sound import Recording

Container = Literal["mp4", "webm"]
Pixels = NDArray[np.uint8]

SOUND_RATE: Final = 48_000
"""Hz of the sound in every video."""

_KEYFRAMES: Final = 2
"""Seconds from one keyframe to the next: how finely a player seeks."""
_SOUND: Final = {"mp4": ("aac", 128_000), "webm": ("libopus", 96_000)}
_SOUND_STEP: Final = 4096
_BITEXACT: Final = {"fflags": "+bitexact"}
_WHOLE: Final = {"mp4": {"movflags": "+faststart"}, "webm": {"cues_to_front": "1"}}
"""What a player needs first stands first in the file."""
_SCALING: Final = Interpolation.BICUBIC | Interpolation.BITEXACT
_READERS: Final = {b"ftyp": "mov", b"\x1a\x45\xdf\xa3": "matroska"}


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What is in a video file, as measured by reading it: size in px, `frames` counted, `duration` of the picture and
    `audio_duration` of the sound in s (0 without), FFmpeg's names of the codecs ("" without sound)."""

    width: int
    height: int
    fps: float
    frames: int
    duration: float
    video_codec: str
    audio_duration: float = 0.0
    audio_codec: str = ""
    alpha: bool = False


def encode_segment(
    path: Path,
    frames: Iterable[Pixels],
    *,
    size: int,
    fps: int,
    container: Container,
    alpha: bool,
    draft: bool = False,
) -> int:
    """Writes a piece of video, without sound, that stands for itself: H.264 in MP4, or VP9 in WebM. Returns how many
    frames it has; the same frames give the same bytes.

    `frames` are RGB (size, size, 3), or RGBA (size, size, 4) with straight alpha when `alpha`, which WebM alone can
    keep; one at a time is held. `size` is even. A `draft` is to be encoded once more: quick, large and near to what
    was drawn. Raises ValueError on anything else and on no frames, OSError when the
    file cannot be written. Blocking, on one thread.
    """
    if alpha and container != "webm":
        raise ValueError("only WebM keeps transparency")
    if size % 2:
        raise ValueError("the side of a video must be even")
    count, shape = 0, (size, size, 4 if alpha else 3)
    with av.open(str(path), mode="w", format=container, container_options=dict(_BITEXACT)) as output:
        stream = _encoder(output, size, fps, container, alpha=alpha, draft=draft)
        for pixels in frames:
            if pixels.shape != shape or pixels.dtype != np.uint8:
                raise ValueError(f"frame {count} is {pixels.dtype} {pixels.shape}, not uint8 {shape}")
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgba" if alpha else "rgb24")
            picture = picture.reformat(
                format=stream.pix_fmt, interpolation=_SCALING, threads=1,
                src_color_range=ColorRange.JPEG, dst_color_range=ColorRange.MPEG, dst_colorspace=Colorspace.ITU709,
            )  # fmt: skip
            picture.pts, picture.time_base = count, Fraction(1, fps)
            output.mux(stream.encode(picture))
            count += 1
        output.mux(stream.encode(None))
    if not count:
        raise ValueError("a piece of video needs at least one frame")
    return count


def _encoder(output: Any, size: int, fps: int, container: Container, *, alpha: bool, draft: bool) -> Any:
    if container == "mp4":
        codec = "libx264"
        # No B-frames: every packet is shown when it is decoded, so pieces join without a gap or an overlap.
        options = {
            "preset": "ultrafast" if draft else "veryfast", "crf": "10" if draft else "18", "profile": "high",
            "x264-params": "threads=1:lookahead-threads=1:sliced-threads=0:open-gop=0:bframes=0:rc-lookahead=20",
        }  # fmt: skip
    else:
        codec = "libvpx-vp9"
        # One packet a picture: what looks ahead would hide pictures in packets, and cannot keep transparency.
        options = {
            "deadline": "realtime", "cpu-used": "8" if draft else "6", "crf": "10" if draft else "22", "b": "0",
            "row-mt": "0", "lag-in-frames": "0", "auto-alt-ref": "0",
        }  # fmt: skip
    stream = output.add_stream(codec, rate=fps, options=options, width=size, height=size)
    stream.pix_fmt = "yuva420p" if alpha else "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, fps)
    context.thread_count = 1
    context.gop_size = _KEYFRAMES * fps
    context.flags |= av.codec.context.Flags.closed_gop | av.codec.context.Flags.bitexact
    context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    if alpha:
        stream.metadata["alpha_mode"] = "1"
    return stream


def join(
    path: Path,
    segments: Sequence[Path],
    audio: Recording,
    *,
    container: Container,
    title: str = "",
    metadata: Mapping[str, str] | None = None,
) -> int:
    """Writes the video that `segments` (of `encode_segment`, all made alike) and `audio` are together; returns how many
    frames it has. The pictures are copied as they are; the sound becomes AAC in MP4 or Opus in WebM, filled up with
    silence to the very length of the pictures. What a player needs first stands first in the file.

    `metadata` are tags that the container knows (`comment`, `artist`, `date` …). Raises ValueError when there are no
    segments, they differ, or the sound is longer than the pictures by more than one of them; VisavisError
    `video.unreadable` for a broken segment; OSError when the file cannot be written. Blocking.
    """
    if not segments:
        raise ValueError("there are no pieces of video to join")
    tags = {**({"title": title} if title else {}), **(metadata or {})}
    samples = at_rate(audio.chunk(), SOUND_RATE)
    with (
        av.open(str(path), mode="w", format=container, container_options=_BITEXACT | _WHOLE[container]) as output,
        reading(segments[0]) as first,
    ):
        output.metadata.update(tags)
        template = first.streams.video[0]
        fps, form = template.average_rate, _form(template)
        picture = _copied(output, template, container)
        codec, bits = _SOUND[container]
        voice: Any = output.add_stream(codec, rate=SOUND_RATE, bit_rate=bits, layout="mono")
        count = done = 0
        for segment in segments:
            with reading(segment) as source:
                if _form(source.streams.video[0]) != form:
                    raise ValueError(f"{segment.name} was not made like the pieces before it")
                for packet in _packets(source):
                    packet.pts = packet.dts = count
                    packet.duration, packet.time_base, packet.stream = 1, 1 / fps, picture
                    output.mux_one(packet)
                    count += 1
                    done = _speak(output, voice, samples, done, int(count * SOUND_RATE / fps))
        total = round(count * SOUND_RATE / fps)
        if len(samples) > total + SOUND_RATE / fps:
            raise ValueError("the sound is longer than the pictures")
        _speak(output, voice, samples, done, total, last=True)
        output.mux(voice.encode(None))
    return count


def _copied(output: Any, template: Any, container: Container) -> Any:
    if container == "mp4":
        return output.add_stream_from_template(template, opaque=True)
    width, height = template.codec_context.width, template.codec_context.height
    stream = output.add_mux_stream("vp9", rate=template.average_rate, width=width, height=height)
    stream.time_base = 1 / template.average_rate
    if _transparent(template):
        stream.metadata["alpha_mode"] = "1"
    return stream


def _form(stream: Any) -> tuple[Any, ...]:
    """What has to be the same in all pieces."""
    context = stream.codec_context
    alike = context.name, context.width, context.height, stream.average_rate, context.extradata
    return *alike, _transparent(stream)


def _transparent(stream: Any) -> bool:
    return any(key.lower() == "alpha_mode" and value == "1" for key, value in stream.metadata.items())


def _packets(source: Any) -> Iterator[Any]:
    """The video packets, in the order in which they are shown, which is the one they were encoded in."""
    for packet in source.demux(source.streams.video[0]):
        if packet.size:
            yield packet


def _speak(output: Any, stream: Any, samples: Any, done: int, until: int, *, last: bool = False) -> int:
    """Encodes the sound from sample `done` to `until`, in steps, silence after its end; returns how far it came."""
    while until - done >= _SOUND_STEP or (last and until > done):
        step = min(_SOUND_STEP, until - done)
        piece = np.zeros((1, step), np.float32)
        heard = samples[done : done + step]
        piece[0, : len(heard)] = np.clip(heard, -1.0, 1.0)
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, done, Fraction(1, SOUND_RATE)
        output.mux(stream.encode(frame))
        done += step
    return done


def decode(path: Path) -> Iterator[VideoFrame]:
    """The pictures of a video in order, one at a time: RGB, or RGBA with straight alpha when it is transparent.

    Raises VisavisError `video.unreadable`.
    """
    with reading(path) as container:
        stream = container.streams.video[0]
        alpha = _transparent(stream)
        # FFmpeg's own decoder of VP9 leaves transparency out.
        decoder = av.CodecContext.create("libvpx-vp9", "r") if alpha else stream.codec_context
        for packet in container.demux(stream):
            for frame in decoder.decode(packet if packet.size else None):
                time = float(frame.pts * stream.time_base) if frame.pts is not None else 0.0
                yield VideoFrame(np.asarray(frame.to_ndarray(format="rgba" if alpha else "rgb24"), np.uint8), time)


def probe(path: Path) -> VideoFacts:
    """What is in the file; packets are counted and the sound decoded, so headers cannot lie. Blocking: some
    milliseconds a second. Raises VisavisError `video.unreadable`."""
    with reading(path) as container:
        video = container.streams.video[0]
        times = [packet.pts * video.time_base for packet in _packets(container) if packet.pts is not None]
        fps = float(video.average_rate or 0)
        facts = VideoFacts(
            width=video.codec_context.width,
            height=video.codec_context.height,
            fps=fps,
            frames=len(times),
            duration=float(max(times) - min(times)) + 1 / fps if times and fps else 0.0,
            video_codec=video.codec_context.name,
            alpha=_transparent(video),
        )
    with reading(path) as container:
        sound = next(iter(container.streams.audio), None)
        if sound is None:
            return facts
        heard = sum(frame.samples for frame in container.decode(sound))
        return replace(facts, audio_duration=heard / sound.rate, audio_codec=sound.codec_context.name)


@contextmanager
def reading(path: Path) -> Iterator[Any]:
    """An MP4 or WebM file with a picture track, open for reading. Raises VisavisError `video.unreadable`."""
    problem = VisavisError("video.unreadable", f"{path.name} cannot be read as a video; render it again.")
    try:
        with path.open("rb") as file:
            head = file.read(8)
            file.seek(0)
            kind = _READERS.get(head[4:8]) or _READERS.get(head[:4])
            if kind is None:
                raise problem
            with av.open(file, mode="r", format=kind) as container:
                if not container.streams.video:
                    raise problem
                yield container
    except FileNotFoundError as error:
        raise problem from error
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):  # a full disk, met while writing what was read
            raise
        raise problem from error
