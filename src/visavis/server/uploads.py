"""What people send to the studio: looked at by content, cleaned, and kept as artifacts, or refused without a trace."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request

from visavis.core.errors import VisavisError
from visavis.face.landmarks import Landmarker
from visavis.face.picture import LARGEST_FILE, read_picture
from visavis.face.portrait import open_portrait
from visavis.server.form_file import disk_trouble, receive_file
from visavis.studio.artifacts import Artifacts
from visavis.studio.sound import read_sound, write_wav
from visavis.studio.stills import stills

UploadKind = Literal["image", "audio", "video"]

LARGEST_SIDE: Final = 4096
"""Pictures are kept at up to so many px a side: nearly twice the largest video."""

_QUALITIES: Final = (97, 92, 85, 75)
"""Of JPEG: the best that is small enough to be read again."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Bytes of a sound and of a video, seconds of a recording; pictures have `face.picture`'s own limit."""

    audio: int
    video: int
    longest: float


@dataclass(frozen=True, slots=True)
class Upload:
    """What came of one upload: ids of artifacts, "" for none, sizes in px, seconds. A picture has a `portrait`, a sound
    an `audio`, a video what of the two is in it; `problem` says why it has no portrait."""

    kind: UploadKind
    portrait: str = ""
    audio: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    problem: str = ""

    @property
    def file_id(self) -> str:
        """What a job names it by."""
        return self.audio or self.portrait


class Uploads:
    """Takes files in. One is examined at a time: a large picture needs much memory for a moment."""

    def __init__(
        self, artifacts: Artifacts, incoming: Path, landmarker: Callable[[], Landmarker], limits: UploadLimits
    ) -> None:
        """`incoming` is a folder of its own for what is still arriving; what a crash left there is removed."""
        self._artifacts = artifacts
        self._incoming = incoming
        self._make_landmarker = landmarker
        self._limits = limits
        self._examining = asyncio.Lock()
        shutil.rmtree(incoming, ignore_errors=True)

    async def image(self, request: Request) -> Upload:
        """A portrait. Raises VisavisError `upload.…`, `portrait.…` as `open_portrait`, `storage.…`."""
        async with self._received(request, LARGEST_FILE) as path:
            return await self._examined(self._image, path)

    async def audio(self, request: Request) -> Upload:
        """A recording. Raises VisavisError `upload.…`, `audio.…` as `read_sound`, `storage.…`."""
        async with self._received(request, self._limits.audio) as path:
            return await self._examined(self._audio, path)

    async def video(self, request: Request) -> Upload:
        """A video of somebody who speaks: its sound, and a picture of the face where there is a good one.

        Raises VisavisError `upload.…`, `video.not_video`, `audio.…` of a sound that cannot be used, `storage.…`.
        """
        async with self._received(request, self._limits.video) as path:
            return await self._examined(self._video, path)

    @asynccontextmanager
    async def _received(self, request: Request, largest: int) -> AsyncIterator[Path]:
        """The file while the context lasts."""
        path = self._incoming / secrets.token_hex(16)
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            await receive_file(request, path, largest)
            yield path
        except OSError as error:
            raise disk_trouble(error) from error
        finally:
            path.unlink(missing_ok=True)

    async def _examined(self, examine: Callable[[Path], Upload], path: Path) -> Upload:
        async with self._examining:
            work = asyncio.ensure_future(asyncio.to_thread(examine, path))
            try:
                return await asyncio.shield(work)
            finally:
                # A sender who has gone leaves a thread behind that cannot be stopped: the next one waits for it.
                await asyncio.wait([work])

    def _image(self, path: Path) -> Upload:
        picture = cleaned(read_picture(path.read_bytes()))
        return self._portrait("image", picture)

    def _portrait(self, kind: UploadKind, picture: NDArray[np.uint8]) -> Upload:
        data = encoded(picture)
        open_portrait(data, self._landmarker)
        height, width = picture.shape[:2]
        return Upload(kind, portrait=self._artifacts.put(data, "jpg"), width=width, height=height)

    def _audio(self, path: Path) -> Upload:
        recording = read_sound(path, longest=self._limits.longest)
        name = self._artifacts.put(write_wav(recording), "wav")
        return Upload("audio", audio=name, duration=round(len(recording.samples) / recording.rate, 3))

    def _video(self, path: Path) -> Upload:
        face, problem = Upload("video"), ""
        for picture in stills(path):
            try:
                face = self._portrait("video", cleaned(picture))
                break
            except VisavisError as error:
                if not error.code.startswith("portrait."):
                    raise
                problem = error.message
        try:
            sound = self._audio(path)
        except VisavisError:
            if not face.portrait:
                raise
            sound = Upload("audio")
        return Upload(
            "video",
            face.portrait,
            sound.audio,
            face.width,
            face.height,
            sound.duration,
            "" if face.portrait else problem,
        )

    @cached_property
    def _landmarker(self) -> Landmarker:
        return self._make_landmarker()


def cleaned(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture at no more than `LARGEST_SIDE` px a side."""
    height, width = picture.shape[:2]
    scale = LARGEST_SIDE / max(height, width)
    if scale >= 1:
        return picture
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def encoded(picture: NDArray[np.uint8]) -> bytes:
    """A JPEG of pixels alone, without any metadata, colours at full resolution; the same pixels give the same bytes.

    Raises VisavisError `portrait.too_large`.
    """
    turned = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    for quality in _QUALITIES:
        settings = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR]
        data = cv2.imencode(".jpg", turned, [*settings, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444])[1]
        if data.size <= LARGEST_FILE:
            return bytes(data.tobytes())
    raise VisavisError("portrait.too_large", "The picture holds too much detail; send a smaller one.")
