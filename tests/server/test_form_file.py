"""Files that arrive in forms: whole and unchanged, or refused with nothing left behind by the caller."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from visavis.core.errors import VisavisError
from visavis.server.form_file import receive_file

LARGEST = 300_000
BOUNDARY = "----boundary"


def door(path: Path) -> httpx.AsyncClient:
    """A server that writes what it gets to `path` and answers with the code of what was wrong."""

    async def take(request: Request) -> JSONResponse:
        try:
            await receive_file(request, path, LARGEST)
        except VisavisError as error:
            return JSONResponse({"code": error.code, "message": error.message})
        return JSONResponse({"code": ""})

    app = Starlette(routes=[Route("/", take, methods=["POST"])])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://visavis")


def form(*parts: tuple[str, bytes]) -> bytes:
    """A form of parts, each the value of its Content-Disposition and its bytes."""
    lines = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: {how}\r\n\r\n".encode() + data + b"\r\n" for how, data in parts
    )
    return lines + f"--{BOUNDARY}--\r\n".encode()


FILE = 'form-data; name="file"; filename="a.jpg"'
KIND = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


async def sent(path: Path, body: bytes, headers: dict[str, str] = KIND) -> str:
    async with door(path) as client:
        return str((await client.post("/", content=body, headers=headers)).json()["code"])


async def chunked(body: bytes, cut: Callable[[], int]) -> AsyncIterator[bytes]:
    while body:
        size = cut()
        yield body[:size]
        body = body[size:]


async def test_a_file_arrives_as_it_was_sent(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(200_000)
    async with door(tmp_path / "it") as client:
        answer = await client.post("/", files={"file": ("me.jpg", data, "image/jpeg")})
    assert answer.json() == {"code": ""}
    assert (tmp_path / "it").read_bytes() == data


@pytest.mark.parametrize("seed", range(5))
async def test_however_the_body_is_cut_the_file_is_the_same(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    data = dice.randbytes(3000) + f"\r\n--{BOUNDARY[:-1]}\r\n".encode() + b"\r\n--" * 40 + dice.randbytes(3000)
    body = form(('form-data; name="note"', b"hello"), (FILE, data), ('form-data; name="other"; filename="b"', b"no"))
    async with door(tmp_path / "it") as client:
        await client.post("/", content=chunked(body, lambda: dice.randint(1, 90)), headers=KIND)
    assert (tmp_path / "it").read_bytes() == data


async def test_what_is_too_large_is_refused_by_its_length(tmp_path: Path) -> None:
    assert await sent(tmp_path / "it", form((FILE, bytes(LARGEST + 100_000)))) == "upload.too_large"
    assert not (tmp_path / "it").exists()


async def test_a_length_that_lies_or_is_missing_is_found_out_while_reading(tmp_path: Path) -> None:
    body, taken = form((FILE, bytes(5_000_000))), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        async for piece in chunked(body, lambda: 65536):
            taken += len(piece)
            yield piece

    async with door(tmp_path / "it") as client:
        answer = await client.post("/", content=endless(), headers=KIND)
    assert answer.json()["code"] == "upload.too_large"
    assert (tmp_path / "it").stat().st_size <= LARGEST


async def test_fields_beside_the_file_are_limited_too(tmp_path: Path) -> None:
    body = form(('form-data; name="note"', bytes(100_000)), (FILE, b"x"))
    assert await sent(tmp_path / "it", body) == "upload.too_large"


@pytest.mark.parametrize(
    ("name", "body", "headers"),
    [
        ("no form", b"\xff\xd8\xff", {"content-type": "image/jpeg"}),
        ("no type", b"\xff\xd8\xff", {}),
        ("no boundary", form((FILE, b"x")), {"content-type": "multipart/form-data"}),
        ("a long boundary", form((FILE, b"x")), {"content-type": f"multipart/form-data; boundary={'b' * 500}"}),
        ("another boundary", form((FILE, b"x")), {"content-type": "multipart/form-data; boundary=else"}),
        ("no file", form(('form-data; name="file"', b"text")), KIND),
        ("nothing", b"", KIND),
        ("half a file", form((FILE, b"x" * 5000))[:2000], KIND),
        ("endless headers", form((f'{FILE}; x="{"y" * 90_000}"', b"x")), KIND),
    ],
)
async def test_what_is_no_form_with_a_file_is_refused(
    tmp_path: Path, name: str, body: bytes, headers: dict[str, str]
) -> None:
    assert await sent(tmp_path / "it", body, headers) == "upload.form", name


async def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert await sent(tmp_path / "it", form((FILE, b""))) == "upload.empty"


async def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    # The kernel's own full disk: every write to it fails with ENOSPC.
    async with door(Path("/dev/full")) as client:
        assert (await client.post("/", files={"file": b"x"})).json()["code"] == "storage.full"
