"""Captions: what is said as lines in time, as SRT and VTT files, and drawn into the picture."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from visavis.core.language import Language
from visavis.core.speech import Word
from visavis.studio.line_breaks import captions, tokens

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_LINGER: Final = 0.4
_STAY: Final = 1.0
"""Seconds that a caption stays after its last word, and stays at least, if the next one lets it."""
_JOIN: Final = 0.25
"""Seconds: a shorter gap between two captions is closed, so that the picture does not flicker."""

_FACES: Final = {"en": "Noto Sans CJK KR", "es": "Noto Sans CJK KR", "zh": "Noto Sans CJK SC"}
"""Chinese quotation marks are as wide as characters; among letters the Korean ones fit, which are narrow."""
_WEIGHT: Final = 560
_HEIGHT: Final = 0.052
_SMALLEST: Final = 0.6
_LEADING: Final = 1.32
_MARGIN: Final = 0.055
"""Letters, line pitch and margins: shares of the picture's side, of the letters' height, of the side."""
_UNFINISHED: Final = re.compile(r"[，。、；：]+$", re.MULTILINE)
"""Chinese captions set no commas and full stops at the end of a row."""
_APOSTROPHE: Final = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")


@dataclass(frozen=True, slots=True)
class CaptionLine:
    """What is shown at once: `text` in one or two rows, from `start` to `end` in seconds."""

    text: str
    start: float
    end: float


def caption_lines(words: Iterable[Word], language: Language) -> tuple[CaptionLine, ...]:
    """The words as captions that never overlap: broken between sentences and clauses where that fits, in rows of up to
    32 letters or 16 Chinese characters, up for a second at least where the next one leaves time."""
    spoken = sorted((word for word in words if word.text.strip()), key=lambda word: word.start)
    groups = captions(tokens(spoken))
    starts = [group[0].start for group, _ in groups]
    ends = []
    for (group, _), start, following in zip(groups, starts, [*starts, float("inf")][1:], strict=True):
        end = min(max(group[-1].end + _LINGER, start + _STAY), following)
        ends.append(following if following - end < _JOIN else end)
    texts = [_UNFINISHED.sub("", text) if language == "zh" else text for _, text in groups]
    return tuple(CaptionLine(*line) for line in zip(texts, starts, ends, strict=True))


def srt(lines: Sequence[CaptionLine]) -> str:
    """The lines as a SubRip file."""
    cues = [f"{n}\n{_span(line, ',')}\n{line.text.replace('-->', '→')}\n" for n, line in enumerate(lines, 1)]
    return "\n".join(cues)


def vtt(lines: Sequence[CaptionLine]) -> str:
    """The lines as a WebVTT file (W3C)."""
    cues = [f"{_span(line, '.')}\n{html.escape(line.text, quote=False)}\n" for line in lines]
    return "\n".join(["WEBVTT\n", *cues])


def _span(line: CaptionLine, point: str) -> str:
    return f"{_clock(line.start, point)} --> {_clock(line.end, point)}"


def _clock(seconds: float, point: str) -> str:
    whole, thousandths = divmod(round(max(0.0, seconds) * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{thousandths:03}"


class CaptionPainter:
    """Draws captions into square pictures: white letters with a soft dark edge near the bottom.

    Not safe to share between threads. The font is Noto Sans CJK (SIL Open Font License), which a package ships.
    """

    def __init__(self, size: int, language: Language) -> None:
        """`size` is the side of the pictures in px."""
        self._size, self._face = size, _FACES[language]
        self._drawn = lru_cache(maxsize=2)(self._draw)

    def paint(self, frame: Pixels, text: str) -> Pixels:
        """A copy of `frame`, RGB or RGBA with straight alpha of shape (size, size, 3 or 4), with `text` on it."""
        painted = frame.copy()
        if not text.strip():
            return painted
        top, colour, cover = self._drawn(text)
        place = painted[top : top + len(cover)]
        below = place[..., :3].astype(np.float32)
        if frame.shape[2] == 3:
            place[:] = np.rint(below + (colour - below) * cover)
            return painted
        alpha = place[..., 3:].astype(np.float32) / 255
        total = cover + alpha * (1 - cover)
        mixed = (colour * cover + below * alpha * (1 - cover)) / np.maximum(total, 1e-6)
        place[:] = np.rint(np.concatenate([mixed, total * 255], axis=2))
        return painted

    def _draw(self, text: str) -> tuple[int, Floats, Floats]:
        """The strip with the text: its first row in the picture, colour (h, size, 1) in 0 … 255, cover in 0 … 1."""
        font, rows = self._fitted(text)
        pitch, em = font.size * _LEADING, font.size
        edge = max(1, round(em * 0.08))
        pad = 4 * edge
        height = round(pitch * len(rows)) + 2 * pad
        letters, outline = (self._written(font, rows, (pad, height), stroke) for stroke in (0, edge))
        shadow = cv2.GaussianBlur(outline, (0, 0), em * 0.14)
        dark = np.maximum(outline * np.float32(0.9), np.minimum(shadow * np.float32(1.1), 1.0) * np.float32(0.55))
        cover = letters + dark * (1 - letters)
        colour = 255 * letters / np.maximum(cover, np.float32(1e-6))
        bottom = round(self._size * (1 - _MARGIN)) + pad
        top = max(0, min(bottom, self._size) - height)
        cover, colour = cover[: self._size, :, None], colour[: self._size, :, None]
        return top, np.ascontiguousarray(colour), np.ascontiguousarray(cover)

    def _written(
        self, font: ImageFont.FreeTypeFont, rows: Sequence[str], strip: tuple[int, int], stroke: int
    ) -> Floats:
        """The rows on a strip of a height (its second number), beginning under a margin (its first), in 0 … 1."""
        image = Image.new("L", (self._size, strip[1]))
        draw = ImageDraw.Draw(image)
        for number, row in enumerate(rows):
            middle = (self._size / 2, strip[0] + font.size * _LEADING * (number + 0.5))
            draw.text(middle, row, fill=255, font=font, anchor="mm", stroke_width=stroke)
        return np.asarray(image, np.float32) / np.float32(255)

    def _fitted(self, text: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
        """A font in which every row fits, and the rows without what it cannot draw."""
        height = self._size * _HEIGHT
        font = _font(self._face, round(height))
        rows = [row for row in (_drawable(font, line) for line in text.split("\n")) if row]
        room = self._size * (1 - 2 * _MARGIN)
        wanted = max((font.getlength(row) for row in rows), default=0.0)
        if wanted > room:
            font = _font(self._face, max(round(height * _SMALLEST), int(height * room / wanted)))
        return font, rows


def _drawable(font: ImageFont.FreeTypeFont, text: str) -> str:
    """The text without characters that the font has no shape for, such as most emoji."""
    missing = bytes(_shape(font, "\U0010ffff"))
    plain = _APOSTROPHE.sub("'", unicodedata.normalize("NFC", text))
    marks = [mark for mark in plain if mark == " " or bytes(_shape(font, mark)) != missing]
    return " ".join("".join(marks).split())


def _shape(font: ImageFont.FreeTypeFont, mark: str) -> Any:
    return font.getmask(mark)


def _font(face: str, height: int) -> ImageFont.FreeTypeFont:
    """The face of that name in the collection, `height` px an em."""
    with as_file(files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc") as path:
        for index in range(8):
            font = ImageFont.truetype(str(path), height, index=index)
            if font.getname()[0] == face:
                font.set_variation_by_axes([_WEIGHT])
                return font
    raise LookupError(f"the font collection has no {face}")
