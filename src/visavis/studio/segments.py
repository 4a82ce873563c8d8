"""Pieces of video: what a drawing process is asked for, and how it makes it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from visavis.core.language import Language
from visavis.face import backdrop, enhance
from visavis.face.payload import MANIFEST, read_payload
from visavis.face.renderer import Renderer, resample
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
    """A piece drawn from the motion artifact `motion`, which is `total` pictures long. `smooth` takes out what
    flickers, before anything is lost to the codec; the pictures next to the piece count, so that there are no seams."""

    kind: Literal["drawn"] = "drawn"
    motion: str
    total: int
    smooth: bool = False

    def pictures(self, artifacts: Artifacts) -> Iterator[Pixels]:
        """The face in front of its background."""
        renderer = _renderer(self.rig, (self.rig / MANIFEST).stat().st_mtime_ns, self.size, self.background)
        frames = resample(read_motion(artifacts.read(self.motion)), self.fps)

        def draw(number: int) -> Pixels:
            return renderer.draw(frames[min(number, len(frames) - 1)])

        drawn = map(draw, range(self.first, self.last))
        if not self.smooth:
            return drawn
        before = draw(self.first - 1) if self.first else None
        after = draw(self.last) if self.last < self.total else None
        return enhance.smoothed(drawn, before, after)


@lru_cache(maxsize=1)
def _renderer(rig: Path, made: int, size: int, background: str) -> Renderer:
    """What draws a rig `made` at that time: the pieces of a video follow each other with the same one."""
    return backdrop.renderer(read_payload(rig), size, background)


class EnhancedSegment(_Order):
    """The piece `source` with the face sharpened, if wanted, and brought to `size`."""

    kind: Literal["enhanced"] = "enhanced"
    source: str
    sharpen: bool

    def pictures(self, artifacts: Artifacts) -> Iterator[Pixels]:
        """The pictures made better."""
        source = (frame.pixels for frame in decode(artifacts.path(self.source)))
        first = next(source)
        mask = enhance.face_mask(read_payload(self.rig), len(first)) if self.sharpen else None
        return enhance.enhanced(chain([first], source), mask, smooth=False, size=self.size)


Order = DrawnSegment | EnhancedSegment
_ORDERS: Final[TypeAdapter[Order]] = TypeAdapter(Annotated[Order, Field(discriminator="kind")])


def order_of(fields: Mapping[str, Any]) -> Order:
    """The order that a process was sent. Raises ValueError on anything else."""
    return _ORDERS.validate_python(fields)


def pieces(total: int, longest: int) -> Sequence[tuple[int, int]]:
    """`total` pictures in pieces of at most `longest`: first and one past the last of each. They are all about as long
    and an even number, so that two processes end together; where there are more it still leaves little to wait for."""
    count = min(total, 2 * math.ceil(total / (2 * longest)))
    edges = [number * total // count for number in range(count + 1)] if count else []
    return list(pairwise(edges))


def _watched(pictures: Iterator[Pixels], progress: Told, shown: list[Pixels]) -> Iterator[Pixels]:
    for drawn, picture in enumerate(pictures):
        if drawn % _TOLD_EVERY == 0:
            progress(drawn)
        if not shown:
            shown.append(picture.copy())
        yield picture


def _jpeg(picture: Pixels) -> bytes:
    small = cv2.resize(picture[..., :3], (_PREVIEW, _PREVIEW), interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])[1].tobytes())
