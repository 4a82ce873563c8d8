from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.pictures import encoded, sample
from visavis.core.errors import VisavisError
from visavis.face.landmarks import Landmarker
from visavis.face.picture import picture_header, read_picture
from visavis.face.portrait import head_turn, open_portrait

Pixels = NDArray[np.uint8]


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that claims to be huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def refused(data: bytes, landmarker: Landmarker) -> str:
    with pytest.raises(VisavisError) as caught:
        open_portrait(data, landmarker)
    assert caught.value.message.endswith(".")
    return caught.value.code


@pytest.mark.parametrize("kind", [".png", ".jpg", ".webp"])
def test_every_format_is_read(kind: str, astronaut: Pixels) -> None:
    data = encoded(astronaut, kind)
    header = picture_header(data)
    assert (header.width, header.height) == (512, 512)
    assert read_picture(data).shape == (512, 512, 3)


def test_exif_orientation_turns_the_picture_upright(astronaut: Pixels) -> None:
    sideways = encoded(np.ascontiguousarray(np.rot90(astronaut)), ".jpg")
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    tagged = sideways[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + sideways[2:]
    upright = read_picture(tagged)
    assert float(np.abs(upright.astype(int) - astronaut.astype(int)).mean()) < 6


def test_transparency_becomes_white(astronaut: Pixels) -> None:
    clear = np.dstack([astronaut, np.zeros((512, 512), np.uint8)])
    data = bytes(cv2.imencode(".png", clear)[1].tobytes())
    assert (read_picture(data) == 255).all()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "portrait.not_a_picture"),
        (b"just words" * 50, "portrait.not_a_picture"),
        (b"GIF89a" + bytes(400), "portrait.not_a_picture"),
        (b"\xff\xd8\xff\xe0", "portrait.not_a_picture"),
        (b"RIFF\0\0\0\0WEBPVP8X", "portrait.not_a_picture"),
        (bomb(30_000, 30_000), "portrait.too_large"),
        (bomb(12_000, 300), "portrait.too_large"),
        (bomb(512, 512), "portrait.not_a_picture"),
        (bomb(90, 400), "portrait.too_small"),
        (bytes(21_000_000), "portrait.too_large"),
    ],
)
def test_what_is_no_usable_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(VisavisError) as caught:
        read_picture(data)
    assert caught.value.code == code


@pytest.mark.real
class TestChecks:
    def test_a_good_portrait_passes(self, astronaut: Pixels, landmarker: Landmarker) -> None:
        portrait = open_portrait(encoded(astronaut, ".jpg"), landmarker)
        yaw, roll = head_turn(portrait.landmarks)
        assert abs(yaw) < 5
        assert abs(roll) < 5
        assert portrait.landmarks.presence > 0.9

    def test_half_a_file(self, astronaut: Pixels, landmarker: Landmarker) -> None:
        assert refused(encoded(astronaut, ".png")[:4000], landmarker) == "portrait.not_a_picture"

    def test_no_face(self, landmarker: Landmarker) -> None:
        assert refused(encoded(sample("coffee")), landmarker) == "portrait.no_face"
        assert refused(encoded(sample("chelsea")), landmarker) == "portrait.no_face"
        assert refused(encoded(np.full((300, 300, 3), 127, np.uint8)), landmarker) == "portrait.no_face"

    def test_two_faces(self, astronaut: Pixels, landmarker: Landmarker) -> None:
        assert refused(encoded(np.hstack([astronaut, astronaut])), landmarker) == "portrait.two_faces"

    def test_a_tiny_face(self, astronaut: Pixels, landmarker: Landmarker) -> None:
        assert refused(encoded(cv2.resize(astronaut, (220, 220))), landmarker) == "portrait.too_small"  # type: ignore[arg-type]

    def test_a_face_cut_by_the_edge(self, astronaut: Pixels, landmarker: Landmarker) -> None:
        assert refused(encoded(astronaut[:, 200:]), landmarker) in {"portrait.cut_off", "portrait.no_face"}
        assert refused(encoded(astronaut[:, 185:]), landmarker) == "portrait.cut_off"

    def test_a_picture_on_its_side(self, astronaut: Pixels, landmarker: Landmarker) -> None:
        turned = np.ascontiguousarray(np.rot90(astronaut))
        assert refused(encoded(turned), landmarker) in {"portrait.turned", "portrait.no_face"}

    def test_a_mouth_behind_hair(self, astronaut: Pixels, landmarker: Landmarker) -> None:
        found = open_portrait(encoded(astronaut), landmarker).landmarks.points
        bearded = astronaut.copy()
        rng = np.random.default_rng(1)
        middle, chin = found[14, :2], found[152, :2]
        y, x = np.mgrid[:512, :512]
        beard = ((x - middle[0]) / 42) ** 2 + ((y - (middle[1] + chin[1]) / 2) / (chin[1] - middle[1] + 4)) ** 2 < 1
        lips = ((x - middle[0]) / 20) ** 2 + ((y - middle[1]) / 8) ** 2 < 1
        bearded[beard & ~lips] = rng.integers(20, 70, (int((beard & ~lips).sum()), 1))
        assert refused(encoded(bearded), landmarker) == "portrait.mouth_hidden"
