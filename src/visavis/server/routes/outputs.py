"""What the studio has made, and what was sent to it, by id."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from visavis.core.errors import VisavisError
from visavis.server.house import House

router = APIRouter(tags=["studio"])

_TYPES: Final = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "jpg": "image/jpeg",
    "png": "image/png",
    "wav": "audio/wav",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "c2pa": "application/c2pa",
}
"""What may be fetched; the pipeline's own notes may not."""

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600, immutable",
}


@router.get("/outputs/{file}", response_class=FileResponse)
@router.head("/outputs/{file}", include_in_schema=False)
def output(file: str, request: Request, download: str = "") -> FileResponse:
    """A video, its captions, a preview or an upload, whole or by `Range`; `?download=NAME` has it saved as that."""
    house: House = request.app.state.house
    suffix = file.rpartition(".")[2]
    if suffix not in _TYPES:
        raise VisavisError("artifact.unknown", "There is no such file; it may have been removed after its time.")
    path = house.workshop.artifacts.path(file)
    name = PurePath(download[:100]).name.replace("\0", "")
    return FileResponse(path, media_type=_TYPES[suffix], filename=name or None, headers=_ALWAYS)
