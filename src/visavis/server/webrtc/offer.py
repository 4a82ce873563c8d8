"""What a caller offers: an SDP that is checked before anything is opened for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from visavis.core.errors import VisavisError
from visavis.server.routes.client_secrets import SecretSession

LARGEST: Final = 64 * 1024
"""Bytes of an offer, and of the session beside it."""

_MOST_CANDIDATES: Final = 16
_NUMERIC: Final = re.compile(r"[0-9.]+|[0-9A-Fa-f:]+")


@dataclass(frozen=True, slots=True)
class Offer:
    """A caller's SDP, and the changes to the session that came with it."""

    sdp: str
    session: dict[str, Any] = field(default_factory=dict)


async def read_offer(request: Request) -> Offer:
    """The offer of a request: the body itself (`application/sdp`), or the fields `sdp` and `session` of a form.

    Raises VisavisError `call.type`, `call.too_large`, `call.offer`, `call.session`.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/sdp":
        return Offer(_text(await _body(request)))
    if kind != "multipart/form-data":
        raise VisavisError(
            "call.type", "Send the SDP offer as `application/sdp`, or as the field `sdp` of a multipart form."
        )
    async with request.form(max_files=2, max_fields=4, max_part_size=LARGEST) as form:
        sdp, session = [await _field(form.get(name)) for name in ("sdp", "session")]
    return Offer(_text(sdp), _session(session) if session else {})


async def _body(request: Request) -> bytes:
    taken = bytearray()
    async for piece in request.stream():
        taken += piece
        _bounded(len(taken))
    return bytes(taken)


async def _field(value: UploadFile | str | None) -> bytes:
    data = await value.read(LARGEST + 1) if isinstance(value, UploadFile) else (value or "").encode()
    _bounded(len(data))
    return data


def _bounded(size: int) -> None:
    if size > LARGEST:
        raise VisavisError("call.too_large", f"The offer is too large; send at most {LARGEST // 1024} KiB.")


def _session(data: bytes) -> dict[str, Any]:
    try:
        wanted = SecretSession.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(("session", *(str(part) for part in first["loc"])))
        raise VisavisError("call.session", f"`{where}`: {first['msg']}.") from error
    return wanted.model_dump(mode="json", exclude_unset=True, exclude={"type"})


def _text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise unreadable() from error
    if not text.startswith("v=0"):
        raise unreadable()
    return text


def unreadable() -> VisavisError:
    """The error for an offer that makes no sense."""
    return VisavisError("call.offer", "This is no SDP offer of a WebRTC connection; send what `createOffer` made.")


def screened(sdp: str, *, candidates: bool) -> str:
    """The offer without what the server does not follow up: without `candidates` no address of the caller's at all, as
    a caller shows its address by coming; else the first numeric ones, never names.

    Raises VisavisError `call.offer`, `call.media`.
    """
    lines = [line.rstrip("\r") for line in sdp.split("\n") if line.strip()]
    media = [line.split(" ", 1)[0] for line in lines if line.startswith("m=")]
    if sorted(media) != ["m=application", "m=audio"]:
        raise VisavisError("call.media", "Offer one audio track and one data channel named `oai-events`, nothing else.")
    needed = ("a=group:BUNDLE ", "a=fingerprint:", "a=ice-ufrag:", "a=ice-pwd:")
    if not all(any(line.startswith(start) for line in lines) for start in needed):
        raise unreadable()
    kept, named = [], 0
    for line in lines:
        if line.startswith("a=candidate:"):
            parts = line.split()
            if not candidates or len(parts) < 8 or not _NUMERIC.fullmatch(parts[4]) or named >= _MOST_CANDIDATES:
                continue
            named += 1
        elif line.startswith("a=end-of-candidates"):
            continue
        kept.append(line)
    return "\r\n".join(kept) + "\r\n"
