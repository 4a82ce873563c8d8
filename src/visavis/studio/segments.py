"""Pieces of video: what a drawing process is asked for, and how it makes it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from visavis.core.language import Language
from visavis.face import backdrop, enhance
from visavis.face.payload import read_payload
from visavis.face.renderer import resample
from visavis.studio.artifacts import Artifacts
from visavis.studio.captions import CaptionPainter
from visavis.studio.motion_file import read_motion
from visavis.studio.video import decode, encode_segment

Pixels = NDArray[np.uint8]
Told = Callable[[int], None]

_TOLD_EVERY: Final = 5
"""Pictures between two words of progress; as often an order can be dropped."""

_PREVIEW: Final = 256
"""Side of the preview picture in px."""


class Caption(BaseModel):
    """A line that is drawn into the pictures `first` … `last` - 1 of the whole video."""

    model_config = ConfigDict(frozen=True)

    text: str
    first: int
    last: int


class _Order(BaseModel):
    """What all orders share: where artifacts and the rig lie, which pictures are meant (`first` … `last` - 1 of the
    whole video), and how they are encoded: a `draft` is made better afterwards.
    `size` is the side in px."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    rig: Path
    first: int
    last: int
    size: int
    fps: int
    container: Literal["mp4", "webm"]
    background: str
    captions: tuple[Caption, ...] = ()
    language: Language = "en"
    draft: bool = False

    def fulfil(self, progress: Told) -> dict[str, Any]:
        """Makes the piece; the answer is {segment, preview, pictures, seconds}. Raises what `progress` raises, leaving
        nothing behind."""
        begin = time.monotonic()
        artifacts = Artifacts(self.folder)
        shown: list[Pixels] = []
        segment = artifacts.make(
            self.container,
            lambda path: encode_segment(
                path,
                _watched(self._captioned(self.pictures(artifacts)), progress, shown),
                size=self.size,
                fps=self.fps,
                container=self.container,
                alpha=self.background == backdrop.TRANSPARENT,
                draft=self.draft,
            ),
        )
        preview = artifacts.put(_jpeg(shown[0]), "jpg")
        seconds = round(time.monotonic() - begin, 3)
        return {"segment": segment, "preview": preview, "pictures": self.last - self.first, "seconds": seconds}

    def pictures(self, artifacts: Artifacts) -> Iterator[Pixels]:
        """The pictures of the piece, without captions."""
        raise NotImplementedError

    def _captioned(self, pictures: Iterator[Pixels]) -> Iterator[Pixels]:
        painter = CaptionPainter(self.size, self.language) if self.captions else None
        for number, picture in enumerate(pictures, self.first):
            text = next((line.text for line in self.captions if line.first <= number < line.last), "")
            yield painter.paint(picture, text) if painter and text else picture


class DrawnSegment(_Order):
    """A piece drawn from the motion artifact `motion`."""

    kind: Literal["drawn"] = "drawn"
    motion: str

    def pictures(self, artifacts: Artifacts) -> Iterator[Pixels]:
        """The face in front of its background."""
        renderer = backdrop.renderer(read_payload(self.rig), self.size, self.background)
        frames = resample(read_motion(artifacts.read(self.motion)), self.fps)
        for number in range(self.first, self.last):
            yield renderer.draw(frames[min(number, len(frames) - 1)])


class EnhancedSegment(_Order):
    """The piece `source` made better; `before` and `after` are the pieces next to it, "" at the ends."""

    kind: Literal["enhanced"] = "enhanced"
    source: str
    before: str = ""
    after: str = ""
    smooth: bool
    sharpen: bool

    def pictures(self, artifacts: Artifacts) -> Iterator[Pixels]:
        """The pictures smoothed, sharpened and brought to `size`."""

        def of(name: str) -> Iterator[Pixels]:
            return (frame.pixels for frame in decode(artifacts.path(name)))

        source = of(self.source)
        first = next(source)
        mask = enhance.face_mask(read_payload(self.rig), len(first)) if self.sharpen else None
        before = _last(of(self.before)) if self.before and self.smooth else None
        after = next(of(self.after)) if self.after and self.smooth else None
        whole = _chained(first, source)
        yield from enhance.enhanced(whole, mask, smooth=self.smooth, size=self.size, before=before, after=after)


Order = DrawnSegment | EnhancedSegment
_ORDERS: Final[TypeAdapter[Order]] = TypeAdapter(Annotated[Order, Field(discriminator="kind")])


def order_of(fields: Mapping[str, Any]) -> Order:
    """The order that a process was sent. Raises ValueError on anything else."""
    return _ORDERS.validate_python(fields)


def pieces(total: int, step: int) -> Sequence[tuple[int, int]]:
    """`total` pictures in pieces of `step`: first and one past the last of each."""
    return [(first, min(first + step, total)) for first in range(0, total, step)]


def _watched(pictures: Iterator[Pixels], progress: Told, shown: list[Pixels]) -> Iterator[Pixels]:
    for drawn, picture in enumerate(pictures):
        if drawn % _TOLD_EVERY == 0:
            progress(drawn)
        if not shown:
            shown.append(picture.copy())
        yield picture


def _chained(first: Pixels, rest: Iterator[Pixels]) -> Iterator[Pixels]:
    yield first
    yield from rest


def _last(pictures: Iterator[Pixels]) -> Pixels | None:
    last = None
    for picture in pictures:
        last = picture
    return last


def _jpeg(picture: Pixels) -> bytes:
    small = cv2.resize(picture[..., :3], (_PREVIEW, _PREVIEW), interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])[1].tobytes())
