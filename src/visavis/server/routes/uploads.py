"""Files for the studio come in here."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from visavis.server.house import House
from visavis.server.job_answer import UploadAnswer
from visavis.server.job_view import url_of
from visavis.server.uploads import Upload, Uploads

router = APIRouter(prefix="/api/v1/upload", tags=["studio"])

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}

_ROUTE: dict[str, Any] = {
    "openapi_extra": _FORM,
    "response_model": UploadAnswer,
    "response_model_exclude_unset": True,
}


@router.post("/image", **_ROUTE)
async def image(request: Request) -> dict[str, Any]:
    """A portrait: JPEG, PNG or WebP with one face in it."""
    return _answer(request, await _uploads(request).image(request))


@router.post("/audio", **_ROUTE)
async def audio(request: Request) -> dict[str, Any]:
    """A recorded voice: WAV, MP3, Ogg, M4A, FLAC or WebM."""
    return _answer(request, await _uploads(request).audio(request))


@router.post("/video", **_ROUTE)
async def video(request: Request) -> dict[str, Any]:
    """A video of somebody who speaks: MP4, MOV, WebM or AVI; its voice is kept, and a picture of the face."""
    return _answer(request, await _uploads(request).video(request))


def _uploads(request: Request) -> Uploads:
    house: House = request.app.state.house
    house.workshop.wanted.set()  # a job will follow: the rest is opened while the file arrives
    return house.workshop.uploads


def _answer(request: Request, upload: Upload) -> dict[str, Any]:
    house: House = request.app.state.house
    sizes = {"width": upload.width, "height": upload.height} if upload.portrait else {}
    sound = {"duration": upload.duration} if upload.audio else {}
    parts = {"portrait": upload.portrait or None, "audio": upload.audio or None, "problem": upload.problem or None}
    return {
        "file_id": upload.file_id,
        "path": upload.file_id,
        "kind": upload.kind,
        **sizes,
        **sound,
        "url": url_of(house.workshop.artifacts, upload.file_id),
        **(parts if upload.kind == "video" else {}),
    }
