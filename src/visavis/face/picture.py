"""Opens a picture of unknown origin safely: type by content, size known before a pixel is decoded, metadata dropped."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError

LARGEST_FILE: Final = 20_000_000
"""Bytes."""
LARGEST_SIDE: Final = 8192
LARGEST_AREA: Final = 40_000_000
SMALLEST_SIDE: Final = 160

Format = Literal["jpeg", "png", "webp"]


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What the first bytes of a file say it is."""

    format: Format
    width: int
    height: int


def read_picture(data: bytes) -> NDArray[np.uint8]:
    """The pixels of a JPEG, PNG or WebP: RGB (height, width, 3), upright by EXIF orientation, transparency on white.

    Raises VisavisError `portrait.not_a_picture`, `portrait.too_large`, `portrait.too_small`.
    """
    if len(data) > LARGEST_FILE:
        raise VisavisError(
            "portrait.too_large",
            f"The picture has {len(data) / 1e6:.0f} MB; send one of at most {LARGEST_FILE / 1e6:.0f} MB.",
        )
    header = picture_header(data)
    if max(header.width, header.height) > LARGEST_SIDE or header.width * header.height > LARGEST_AREA:
        raise VisavisError(
            "portrait.too_large",
            f"The picture has {header.width} × {header.height} pixels; "
            f"shrink it to at most {LARGEST_SIDE} a side and {LARGEST_AREA // 1_000_000} megapixels.",
        )
    if min(header.width, header.height) < SMALLEST_SIDE:
        raise VisavisError(
            "portrait.too_small",
            f"The picture has {header.width} × {header.height} pixels; choose one of at least {SMALLEST_SIDE} a side.",
        )
    raw = np.frombuffer(data, np.uint8)
    try:
        # Plain colour reading turns the picture upright; only a PNG or WebP can be transparent.
        picture = cv2.imdecode(raw, cv2.IMREAD_COLOR)
        if header.format != "jpeg" and picture is not None:
            whole = cv2.imdecode(raw, cv2.IMREAD_UNCHANGED)
            if whole is not None and whole.ndim == 3 and whole.shape[2] == 4:
                picture = _on_white(whole)
    except cv2.error:
        picture = None
    if picture is None:
        raise VisavisError("portrait.not_a_picture", "The picture is damaged; save it again as JPEG or PNG.")
    return np.ascontiguousarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def picture_header(data: bytes) -> PictureHeader:
    """Format and size of a picture without decoding it. Raises VisavisError `portrait.not_a_picture`."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
            width, height = struct.unpack(">II", data[16:24])
            return _sized("png", width, height)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError) as error:
        raise _refusal() from error
    raise _refusal()


def _refusal() -> VisavisError:
    return VisavisError("portrait.not_a_picture", "This file is not a picture; choose a JPEG, PNG or WebP.")


def _sized(kind: Format, width: int, height: int) -> PictureHeader:
    if width < 1 or height < 1:
        raise _refusal()
    return PictureHeader(kind, width, height)


def _jpeg(data: bytes) -> PictureHeader:
    """Walks the segments to the frame header."""
    place = 2
    while place + 9 < len(data):
        if data[place] != 0xFF:
            raise _refusal()
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return _sized("jpeg", width, height)
        if 0xD0 <= marker <= 0xD9 or marker == 0x01:
            place += 2
            continue
        place += 2 + int(struct.unpack(">H", data[place + 2 : place + 4])[0])
    raise _refusal()


def _webp(data: bytes) -> PictureHeader:
    """The canvas of a simple, lossless or extended WebP."""
    kind = data[12:16]
    if len(data) < 30:
        raise _refusal()
    if kind == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        return _sized("webp", width, 1 + int.from_bytes(data[27:30], "little"))
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return _sized("webp", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return _sized("webp", width & 0x3FFF, height & 0x3FFF)
    raise _refusal()


def _on_white(picture: NDArray[np.generic]) -> NDArray[np.uint8]:
    full = 65535 if picture.dtype == np.uint16 else 255
    values = picture.astype(np.float32) / full
    alpha = values[..., 3:]
    return np.asarray(np.rint((values[..., :3] * alpha + 1 - alpha) * 255), np.uint8)
