"""What people send to the studio: cleaned and kept, or refused with a code and without a trace."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
from PIL import Image

from tests.server import media
from tests.server.serving import serving, settings
from visavis.face.landmarks import MODEL
from visavis.settings import ServerSettings, StudioSettings
from visavis.studio.sound import read_sound
from visavis.weights.store import WeightStore

ALL = ("image", "audio", "video")


@pytest.fixture(scope="module", autouse=True)
def face_model() -> None:
    WeightStore().pull(MODEL)


@asynccontextmanager
async def studio(folder: Path, **limits: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A server whose studio keeps its files in `folder`."""
    made = settings(studio=StudioSettings(folder=folder, **limits))
    async with serving(made) as served, httpx.AsyncClient(base_url=served.http, timeout=60) as client:
        yield client


async def send(client: httpx.AsyncClient, kind: str, data: bytes, name: str = "file") -> tuple[int, dict[str, Any]]:
    answer = await client.post(f"/api/v1/upload/{kind}", files={"file": (name, data)})
    return answer.status_code, answer.json()


def kept(folder: Path) -> list[str]:
    """The files that uploads have left, those that are still arriving too."""
    return sorted(path.name for place in ("files", "incoming") for path in (folder / place).glob("*"))


def stored(folder: Path, answer: dict[str, Any]) -> Path:
    return folder / "files" / str(answer["file_id"])


def bad_pictures() -> Iterator[tuple[str, bytes, str, int]]:
    yield "no face", media.jpeg(media.no_face()), "portrait.no_face", 400
    yield "two faces", media.jpeg(media.two_faces()), "portrait.two_faces", 400
    yield "12,000 pixels a side", media.huge_png(), "portrait.too_large", 413
    yield "a GIF bomb", media.gif_bomb(), "portrait.not_a_picture", 400
    yield "text called .jpg", b"Dear Sir or Madam, this is no picture at all.\n" * 20, "portrait.not_a_picture", 400
    yield "half a picture", media.jpeg(media.face())[:200], "portrait.not_a_picture", 400
    yield "a small picture", media.jpeg(media.face()[:100, :100]), "portrait.too_small", 400
    yield "a recording", media.wav(media.voice()), "portrait.not_a_picture", 400
    yield "an SVG", b"<svg xmlns='http://www.w3.org/2000/svg' width='500' height='500'/>", "portrait.not_a_picture", 400
    yield "21 MB", bytes(21_000_000), "upload.too_large", 413
    yield "nothing", b"", "upload.empty", 400


def bad_sounds() -> Iterator[tuple[str, bytes, str, int]]:
    yield "silence", media.wav(np.zeros(3 * media.RATE, np.float32)), "audio.silent", 400
    yield "three hours", media.three_hours(), "audio.too_long", 400
    yield "no sample", media.wav(np.zeros(0, np.float32)), "audio.empty", 400
    yield "text called .wav", b"RIFF is what a WAV begins with, but this does not.\n" * 20, "audio.not_audio", 400
    yield "a playlist", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n", "audio.not_audio", 400
    yield "a picture", media.jpeg(media.face()), "audio.not_audio", 400
    yield "nothing", b"", "upload.empty", 400


def bad_films(folder: Path) -> Iterator[tuple[str, bytes, str, int]]:
    yield "text", b"FILM " * 100, "video.not_video", 400
    yield "a playlist", b"#EXTM3U\n#EXTINF:9,\n/etc/passwd\n", "video.not_video", 400
    yield "a picture", media.jpeg(media.face()), "video.not_video", 400
    yield "half a film", media.film(folder / "a.mp4", media.face())[:300], "video.not_video", 400
    yield "nothing to see or hear", media.film(folder / "b.mp4", None, heard=False), "audio.not_audio", 400


async def test_bad_files_get_their_codes_and_leave_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "studio"
    rows = {"image": bad_pictures(), "audio": bad_sounds(), "video": bad_films(tmp_path)}
    async with studio(folder) as client:
        for kind, files in rows.items():
            for name, data, code, status in files:
                got, answer = await send(client, kind, data)
                assert (got, answer["error"]["code"]) == (status, code), f"{kind}: {name}"
                assert answer["error"]["message"].endswith("."), name
                assert kept(folder) == [], f"{kind}: {name}"
        status, answer = await send(client, "image", media.jpeg(media.face()))
        assert status == 200
        assert kept(folder) == [answer["file_id"]]


async def test_a_picture_is_kept_upright_and_without_what_it_told_of_its_owner(tmp_path: Path) -> None:
    turned = np.ascontiguousarray(np.rot90(media.face(), 1))  # lies on its side; orientation 6 turns it upright
    data = media.jpeg(turned, exif=media.secrets_in_exif(orientation=6))
    assert b"SECRET" in data
    async with studio(tmp_path) as client:
        _, answer = await send(client, "image", data, "C:\\Users\\me\\holiday.jpg")
        assert (answer["kind"], answer["width"], answer["height"]) == ("image", 512, 512)
        assert answer["path"] == answer["file_id"]
        seen = await client.get(answer["url"])
        assert seen.headers["content-type"] == "image/jpeg"
    file = stored(tmp_path, answer).read_bytes()
    assert seen.content == file
    assert b"SECRET" not in file and b"Exif" not in file
    picture = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"), np.float32)
    assert np.abs(picture - media.face()).mean() < 4


async def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    async with studio(tmp_path) as client:
        first = await send(client, "image", media.jpeg(media.face()), "a.jpg")
        assert await send(client, "image", media.jpeg(media.face(), exif=media.secrets_in_exif()), "b.jpg") == first
    assert len(kept(tmp_path)) == 1


async def test_a_picture_larger_than_any_video_is_made_smaller(tmp_path: Path) -> None:
    large = np.asarray(Image.fromarray(media.face()).resize((5000, 5000)), np.uint8)
    async with studio(tmp_path) as client:
        _, answer = await send(client, "image", media.jpeg(large, quality=80))
    assert (answer["width"], answer["height"]) == (4096, 4096)


@pytest.mark.parametrize(
    ("container", "codec"),
    [("wav", "pcm_s16le"), ("mp3", "libmp3lame"), ("ogg", "libopus"), ("ipod", "aac"), ("flac", "flac"),
     ("webm", "libopus")],
)  # fmt: skip
async def test_recordings_are_told_by_their_content_and_kept_as_plain_sound(
    tmp_path: Path, container: str, codec: str
) -> None:
    async with studio(tmp_path) as client:
        status, answer = await send(client, "audio", media.sound(container, codec, title="SECRET"), "speech.txt")
    assert status == 200, answer
    assert answer["kind"] == "audio"
    assert answer["duration"] == pytest.approx(1.0, abs=0.1)
    file = stored(tmp_path, answer)
    assert file.suffix == ".wav"
    assert b"SECRET" not in file.read_bytes()
    assert read_sound(file).duration == pytest.approx(1.0, abs=0.1)


async def test_a_film_gives_its_voice_and_a_picture_of_its_face(tmp_path: Path) -> None:
    data = media.film(tmp_path / "film.mp4", media.face())
    async with studio(tmp_path / "studio") as client:
        status, answer = await send(client, "video", data)
        assert status == 200, answer
        assert answer["kind"] == "video"
        assert answer["audio"] == answer["file_id"]
        assert (await client.get(f"/outputs/{answer['portrait']}")).headers["content-type"] == "image/jpeg"
        _, silent = await send(client, "video", media.film(tmp_path / "mute.mp4", media.face(), heard=False))
        assert (silent["file_id"], silent["audio"]) == (silent["portrait"], None)
        _, faceless = await send(client, "video", media.film(tmp_path / "dark.mp4", None))
        assert faceless["portrait"] is None
        assert "face" in faceless["problem"]


async def test_a_film_that_lies_on_its_side_is_turned(tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    media.film(path, np.ascontiguousarray(np.rot90(media.face(), 1)))
    turned = tmp_path / "upright.mp4"
    with av.open(str(path)) as source, av.open(str(turned), "w") as out:
        tracks = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                out.mux(packet)
    data = bytearray(turned.read_bytes())
    # The display matrix of the track header: a quarter turn clockwise.
    at = data.index(b"tkhd") + 4 + 40
    for number, value in enumerate((0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)):
        data[at + 4 * number : at + 4 * number + 4] = value.to_bytes(4, "big", signed=True)
    async with studio(tmp_path / "studio") as client:
        _, answer = await send(client, "video", bytes(data))
        assert answer["portrait"], answer


async def test_limits_are_settings(tmp_path: Path) -> None:
    async with studio(tmp_path, max_audio_bytes=50_000, longest_recording=1.5) as client:
        assert (await send(client, "audio", media.wav(media.voice(2.0))))[1]["error"]["code"] == "upload.too_large"
        data = media.sound("mp3", "libmp3lame", seconds=2.0)
        assert len(data) < 50_000
        assert (await send(client, "audio", data))[1]["error"]["code"] == "audio.too_long"
    assert kept(tmp_path) == []


@contextmanager
def full_disk(place: Path, suffix: str) -> Iterator[None]:
    """The next file in `place` is written to the kernel's own full disk: the only free name leads there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_hex", lambda _bytes: "full")
        place.mkdir(parents=True, exist_ok=True)
        name = place / (f".{os.getpid()}-full{suffix}" if suffix else "full")
        name.symlink_to("/dev/full")
        yield
        assert not name.is_symlink()


@pytest.mark.parametrize(("place", "suffix"), [("incoming", ("", "")), ("files", (".jpg", ".wav"))])
async def test_a_full_disk_refuses_files_until_there_is_room(
    tmp_path: Path, place: str, suffix: tuple[str, str]
) -> None:
    async with studio(tmp_path) as client:
        for kind, ending, data in (
            ("image", suffix[0], media.jpeg(media.face())),
            ("audio", suffix[1], media.wav(media.voice())),
        ):
            before = kept(tmp_path)
            with full_disk(tmp_path / place, ending):
                status, answer = await send(client, kind, data)
            assert (status, answer["error"]["code"]) == (507, "storage.full")
            assert kept(tmp_path) == before
            assert (await send(client, kind, data))[0] == 200


async def test_what_a_crash_left_half_sent_is_removed(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "half").write_bytes(b"x")
    async with studio(tmp_path):
        assert kept(tmp_path) == []


async def test_other_sites_pages_may_not_send(tmp_path: Path) -> None:
    made = settings(
        studio=StudioSettings(folder=tmp_path), server=ServerSettings(port=0, origins=("https://friend.example",))
    )
    async with serving(made) as served, httpx.AsyncClient(base_url=served.http, timeout=60) as client:
        for origin, status in (("https://elsewhere.example", 403), ("https://friend.example", 200), (served.http, 200)):
            files = {"file": media.wav(media.voice())}
            answer = await client.post("/api/v1/upload/audio", files=files, headers={"origin": origin})
            assert answer.status_code == status, origin
