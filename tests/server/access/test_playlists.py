"""No upload makes the server fetch something, or read a file of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.server.serving import serving, settings
from visavis.settings import StudioSettings


def lures(port: int, secret: Path) -> dict[str, bytes]:
    """Files that name another one: an address here, or a path."""
    address, path = f"http://127.0.0.1:{port}/fetched", secret.as_posix()
    image = f'<image xlink:href="{address}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{image}</svg>'
    entity = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>{svg}'
    return {
        "hls.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n#EXT-X-ENDLIST\n".encode(),
        "hls.wav": f"#EXTM3U\n#EXTINF:1,\nfile://{path}\n#EXT-X-ENDLIST\n".encode(),
        "list.ffconcat": f"ffconcat version 1.0\nfile '{path}'\nfile '{address}'\n".encode(),
        "manifest.mpd": f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{address}</BaseURL></MPD>'.encode(),
        "session.sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio {port} RTP/AVP 0\n".encode(),
        "picture.svg": svg.encode(),
        "entity.svg": entity.encode(),
        "riff.wav": b"RIFF\x24\x00\x00\x00WAVE" + f"\n#EXTM3U\n{address}\n".encode(),
        "address.txt": address.encode(),
    }


@pytest.mark.parametrize("kind", ["image", "audio", "video"])
async def test_a_file_that_names_others_reaches_none_of_them(tmp_path: Path, kind: str) -> None:
    visits: list[bytes] = []

    async def trap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(await reader.read(100))
        writer.close()

    secret = tmp_path / "secret.wav"
    secret.write_bytes(b"the host's own")
    trapped = await asyncio.start_server(trap, "127.0.0.1", 0)
    port = trapped.sockets[0].getsockname()[1]
    made = settings(studio=StudioSettings(folder=tmp_path / "studio"))
    async with serving(made) as server, httpx.AsyncClient(base_url=server.http, timeout=60) as client:
        for name, data in lures(port, secret).items():
            answer = await client.post(f"/api/v1/upload/{kind}", files={"file": (name, data)})
            assert answer.status_code == 400, name
            assert b"the host's own" not in answer.content
    trapped.close()
    assert visits == []
    assert not list((tmp_path / "studio" / "files").glob("*"))
