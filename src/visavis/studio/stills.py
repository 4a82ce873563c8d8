"""A few pictures out of a video of unknown origin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError

_EVERY: Final = 0.5
"""Seconds between two stills."""
_MOST: Final = 8

_LARGEST_SIDE: Final = 4096
"""Of a video, in px."""


def stills(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Up to eight pictures of the first seconds, RGB (height, width, 3); none of a file with sound alone.

    Raises VisavisError `video.not_video`, `video.too_large`.
    """
    try:
        with path.open("rb") as file:
            # The reader is named: left to guess, it would take playlists, which name other files, and plain text.
            kind = _container(file.read(16))
            file.seek(0)
            with av.open(file, mode="r", format=kind) as container:
                yield from _stills(container)
    except av.error.FFmpegError as error:
        raise _refusal() from error


def _container(head: bytes) -> str:
    """FFmpeg's name of a container, by its first bytes."""
    if head[4:8] == b"ftyp":
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    raise _refusal()


def _refusal() -> VisavisError:
    return VisavisError("video.not_video", "This file is not a video; choose an MP4, MOV, WebM or AVI.")


def _stills(container: Any) -> Iterator[NDArray[np.uint8]]:
    if not container.streams.video:
        return
    stream = container.streams.video[0]
    width, height = stream.codec_context.width, stream.codec_context.height
    if max(width, height) > _LARGEST_SIDE:
        raise VisavisError(
            "video.too_large", f"The video has {width} × {height} pixels; shrink it to at most {_LARGEST_SIDE} a side."
        )
    wanted = 0.0
    for frame in container.decode(stream):
        time = float(frame.time or 0.0)
        if time < wanted:
            continue
        pixels = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
        yield np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / 90)))
        wanted = time + _EVERY
        if wanted >= _MOST * _EVERY:
            return
