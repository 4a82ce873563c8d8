"""The rig as files: `rig.json`, fields, plate and sprites, for a browser and for the next start of the server.

The format is documented in docs/rig.md.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.core.motion import CHANNELS
from visavis.face import eye_sprites, fields, geometry, pose, shading
from visavis.face.controls import Controls, Driver
from visavis.face.fields import Box, Field
from visavis.face.geometry import Frame
from visavis.face.plate import PLATE
from visavis.face.pose import Pose
from visavis.face.rig import VERSION, Rig, RigEye, RigMouth, Sprite
from visavis.face.shading import Shade

MANIFEST: Final = "rig.json"
FIELDS: Final = "fields.bin.gz"
PLATE_FILE: Final = "plate.webp"
SPRITES: Final = "sprites.webp"
FULL_PLATE: Final = "plate.png"
"""The uncompressed plate, for the server's renderer; browsers never ask for it."""
ALPHA: Final = "alpha.png"
"""Where the plate shows the person, grey, for the server's renderer too."""

ASSETS: Final = (MANIFEST, FIELDS, PLATE_FILE, SPRITES)
"""The files that a browser may fetch."""


def write_payload(rig: Rig, folder: Path) -> None:
    """Writes all files of a rig into an existing folder."""
    atlas, places = _pack(rig)
    layers: list[NDArray[Any]] = []
    entries = []
    for field in rig.fields:
        layers += [field.upper, field.lower] if field.split else [field.upper]
        entries.append({"driver": field.name, "scale": field.scale, "split": field.split})
    data = b"".join(np.ascontiguousarray(layer[..., axis]).tobytes() for layer in layers for axis in (0, 1))
    shades = b"".join(np.ascontiguousarray(shade.map).tobytes() for shade in rig.shades)
    poses = b"".join(
        np.ascontiguousarray(field[..., axis], "<i2").tobytes()
        for field in (rig.pose.yaw, rig.pose.pitch, rig.pose.roll)
        for axis in (0, 1)
    )
    document = {
        "version": VERSION,
        "plate": {"file": PLATE_FILE, "size": PLATE},
        "sprites": {"file": SPRITES, "width": atlas.shape[1], "height": atlas.shape[0], "items": places},
        "fields": {
            "file": FIELDS, "grid": fields.GRID, "offset": 0, "items": entries,
            "box": {"x": rig.box.x, "y": rig.box.y, "side": rig.box.side},
        },
        "shades": {
            "file": FIELDS, "grid": shading.GRID, "offset": len(data),
            "items": [{"driver": s.driver, "scale": s.scale} for s in rig.shades],
        },
        "pose": {
            "file": FIELDS, "grid": pose.GRID, "offset": len(data) + len(shades), "scale": rig.pose.scale,
            "drivers": ["yaw", "pitch", "roll"],
        },
        "mouth": {
            "frame": _frame(rig.mouth.frame), "span": geometry.EDGE_SPAN,
            "upper": _rounded(rig.mouth.upper), "lower": _rounded(rig.mouth.lower),
            "skin": _rounded(rig.skin), "light": round(rig.light, 4), "open": rig.open_mouth,
        },
        "eyes": {
            side: {
                "frame": _frame(eye.frame), "span": geometry.LID_SPAN, "lashes": eye_sprites.LASHES,
                "upper": _rounded(eye.upper), "lower": _rounded(eye.lower),
                "above": round(eye.above, 4), "below": round(eye.below, 4),
            }
            for side, eye in zip(("Right", "Left"), rig.eyes, strict=True)
        },
        "eyeDistance": round(rig.eye_distance, 6),
        "channels": list(CHANNELS),
        "drivers": [driver.to_json() for driver in rig.controls.drivers],
    }  # fmt: skip
    (folder / FIELDS).write_bytes(gzip.compress(data + shades + poses, 9, mtime=0))
    shrunk = np.asarray(cv2.resize(rig.plate, (PLATE, PLATE), interpolation=cv2.INTER_AREA), np.uint8)
    (folder / PLATE_FILE).write_bytes(_encoded(".webp", shrunk, [cv2.IMWRITE_WEBP_QUALITY, 90]))
    (folder / SPRITES).write_bytes(_encoded(".webp", atlas, [cv2.IMWRITE_WEBP_QUALITY, 94]))
    (folder / FULL_PLATE).write_bytes(_encoded(".png", rig.plate, [cv2.IMWRITE_PNG_COMPRESSION, 6]))
    (folder / ALPHA).write_bytes(bytes(cv2.imencode(".png", rig.alpha)[1].tobytes()))
    (folder / MANIFEST).write_text(json.dumps(document, separators=(",", ":")) + "\n")


def read_payload(folder: Path, *, as_browser: bool = False) -> Rig:
    """The rig of a folder, with the full plate, or with the browser's own when `as_browser`.

    Raises VisavisError `rig.unreadable` when a file is missing, damaged or of another version.
    """
    try:
        return _read(folder, as_browser)
    except (OSError, ValueError, KeyError, TypeError, EOFError, cv2.error) as error:
        message = "The avatar's files are damaged or of another version; remove the avatar and add its portrait again."
        raise VisavisError("rig.unreadable", message) from error


def _read(folder: Path, as_browser: bool) -> Rig:
    document = json.loads((folder / MANIFEST).read_text())
    if document["version"] != VERSION or document["channels"] != list(CHANNELS):
        raise ValueError("another version")
    raw = gzip.decompress((folder / FIELDS).read_bytes())
    atlas = _decoded(folder / SPRITES, cv2.IMREAD_UNCHANGED)
    plate = _decoded(folder / (PLATE_FILE if as_browser else FULL_PLATE), cv2.IMREAD_COLOR)
    alpha = cv2.imdecode(np.frombuffer((folder / ALPHA).read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    if alpha is None:
        raise ValueError(f"{ALPHA} is not a picture")
    if len(alpha) != len(plate):
        alpha = cv2.resize(alpha, (len(plate), len(plate)), interpolation=cv2.INTER_AREA)
    mouth = document["mouth"]
    box = document["fields"]["box"]
    sprites = {}
    for name, item in document["sprites"]["items"].items():
        x, y, width, height = item["place"]
        sprites[name] = Sprite(atlas[y : y + height, x : x + width], tuple(item["rect"]))
    eyes = [
        RigEye(_framed(eye["frame"]), np.array(eye["upper"]), np.array(eye["lower"]), eye["above"], eye["below"])
        for eye in (document["eyes"]["Right"], document["eyes"]["Left"])
    ]
    return Rig(
        plate=plate,
        box=Box(box["x"], box["y"], box["side"]),
        mouth=RigMouth(_framed(mouth["frame"]), np.array(mouth["upper"]), np.array(mouth["lower"])),
        eyes=(eyes[0], eyes[1]),
        fields=_fields(document["fields"], raw),
        shades=_shades(document["shades"], raw),
        pose=_pose(document["pose"], raw),
        sprites=sprites,
        controls=Controls([Driver.from_json(entry) for entry in document["drivers"]]),
        skin=(mouth["skin"][0], mouth["skin"][1], mouth["skin"][2]),
        light=mouth["light"],
        eye_distance=document["eyeDistance"],
        open_mouth=mouth["open"],
        alpha=np.asarray(alpha, np.uint8),
    )


def _fields(entry: dict[str, Any], raw: bytes) -> tuple[Field, ...]:
    grid, place, result = entry["grid"], entry["offset"], []
    for item in entry["items"]:
        count = 4 if item["split"] else 2
        planes = np.frombuffer(raw, np.int8, count * grid * grid, place).reshape(count, grid, grid)
        place += planes.size
        upper = np.stack(list(planes[:2]), -1)
        lower = np.stack(list(planes[2:]), -1) if item["split"] else upper
        result.append(Field(item["driver"], item["scale"], upper, lower, item["split"]))
    return tuple(result)


def _shades(entry: dict[str, Any], raw: bytes) -> tuple[Shade, ...]:
    grid = entry["grid"]
    maps = np.frombuffer(raw, np.int8, len(entry["items"]) * grid * grid, entry["offset"]).reshape(-1, grid, grid)
    return tuple(Shade(i["driver"], i["scale"], m) for i, m in zip(entry["items"], maps, strict=True))


def _pose(entry: dict[str, Any], raw: bytes) -> Pose:
    grid = entry["grid"]
    planes = np.frombuffer(raw, "<i2", 6 * grid * grid, entry["offset"]).reshape(3, 2, grid, grid)
    yaw, pitch, roll = (np.ascontiguousarray(p.transpose(1, 2, 0)).astype(np.int16) for p in planes)
    return Pose(entry["scale"], yaw, pitch, roll)


def _pack(rig: Rig) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """All sprites in one picture, each with a rim of repeated px against bleeding, and where they lie."""
    rim, width = 2, 256
    x = y = row = 0
    places: dict[str, Any] = {}
    for name, sprite in sorted(rig.sprites.items(), key=lambda item: -item[1].picture.shape[0]):
        h, w = sprite.picture.shape[0] + 2 * rim, sprite.picture.shape[1] + 2 * rim
        width = max(width, w)
        if x + w > width:
            x, y, row = 0, y + row, 0
        places[name] = {"place": [x + rim, y + rim, w - 2 * rim, h - 2 * rim], "rect": list(sprite.rect)}
        x, row = x + w, max(row, h)
    atlas = np.zeros((y + row, width, 4), np.uint8)
    for name, sprite in rig.sprites.items():
        px, py, w, h = places[name]["place"]
        padded = np.pad(sprite.picture, ((rim, rim), (rim, rim), (0, 0)), mode="edge")
        atlas[py - rim : py + h + rim, px - rim : px + w + rim] = padded
    return atlas, places


def _encoded(kind: str, picture: NDArray[np.uint8], options: list[int]) -> bytes:
    code = cv2.COLOR_RGBA2BGRA if picture.shape[2] == 4 else cv2.COLOR_RGB2BGR
    done, data = cv2.imencode(kind, cv2.cvtColor(picture, code), options)
    if not done:
        raise ValueError(f"this OpenCV cannot write {kind}")
    return bytes(data.tobytes())


def read_plate(folder: Path) -> NDArray[np.uint8]:
    """The portrait of a rig on disk, RGB (n, n, 3). Raises OSError, ValueError."""
    return _decoded(folder / FULL_PLATE, cv2.IMREAD_COLOR)


def _decoded(path: Path, flags: int) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), flags)
    if picture is None:
        raise ValueError(f"{path.name} is not a picture")
    code = cv2.COLOR_BGRA2RGBA if picture.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(picture, code), np.uint8)


def _frame(frame: Frame) -> dict[str, Any]:
    return {"origin": _rounded(frame.origin, 6), "scale": round(frame.scale, 6), "angle": round(frame.angle, 6)}


def _framed(entry: dict[str, Any]) -> Frame:
    return Frame((entry["origin"][0], entry["origin"][1]), entry["scale"], entry["angle"])


def _rounded(values: Any, digits: int = 4) -> list[float]:
    return [round(float(v), digits) for v in values]
