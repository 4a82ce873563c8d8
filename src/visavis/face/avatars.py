"""The avatars of this machine: portraits turned into rigs, kept as folders that a browser can read from."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import threading
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

import cv2
from platformdirs import user_data_path

from visavis.core.errors import VisavisError
from visavis.face.landmarks import Landmarker
from visavis.face.payload import ASSETS, MANIFEST, read_payload, write_payload
from visavis.face.portrait import Portrait, open_portrait
from visavis.face.rig import BUILD, Rig, build_rig

CARD: Final = "avatar.json"
PORTRAIT: Final = "portrait.jpg"
"""The picture as it was given, without its metadata."""

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Avatar:
    """One avatar: `id` for addresses, `name` for people, the `folder` of its files, whether it ships with visavis."""

    id: str
    name: str
    folder: Path
    shipped: bool


@dataclass(frozen=True, slots=True)
class ShippedPortrait:
    """A portrait that comes with visavis: its picture and, for a drawing, the file of its hand-set curves."""

    picture: Path
    curves: Path | None


def default_root() -> Path:
    """Where avatars live: `$VISAVIS_HOME/avatars` when that is set, else the user's data folder."""
    home = os.environ.get("VISAVIS_HOME")
    return Path(home).expanduser() / "avatars" if home else user_data_path("visavis") / "avatars"


def shipped_portraits(folder: Path | None = None) -> dict[str, ShippedPortrait]:
    """The portraits in a folder by file name, `None` for visavis' own: `x.png` or `x.webp` with `x.curves.json`."""
    if folder is None:
        folder = Path(str(resources.files("visavis"))) / "personas" / "data" / "portraits"
    found: dict[str, ShippedPortrait] = {}
    for picture in sorted([*folder.glob("*.webp"), *folder.glob("*.png")]):
        curves = picture.with_suffix(".curves.json")
        found[picture.stem] = ShippedPortrait(picture, curves if curves.exists() else None)
    return found


class AvatarStore:
    """Avatars under one folder, each complete or not there at all; safe to use from several threads.

    Shipped portraits become rigs on first use, and again when they or the way rigs are computed change.
    """

    def __init__(
        self,
        root: Path,
        landmarker: Callable[[], Landmarker],
        shipped: Mapping[str, ShippedPortrait] | None = None,
    ) -> None:
        """`landmarker` is called when a portrait has to be looked at; `shipped` None means `shipped_portraits()`."""
        self.root = root
        self._landmarker = landmarker
        self._shipped = dict(shipped_portraits() if shipped is None else shipped)
        self._lock = threading.Lock()

    def list(self) -> tuple[Avatar, ...]:
        """Every avatar, the shipped ones first; the rigs of those need not exist yet."""
        own = []
        if self.root.is_dir():
            for folder in sorted(self.root.iterdir()):
                card = _card(folder)
                if card is not None and folder.name not in self._shipped:
                    own.append(Avatar(folder.name, str(card["name"]), folder, shipped=False))
        shipped = [Avatar(key, key.capitalize(), self.root / key, shipped=True) for key in self._shipped]
        return (*shipped, *own)

    def get(self, avatar_id: str) -> Avatar:
        """One avatar with its rig in place; takes a few seconds when it has to be computed first.

        Raises VisavisError `avatar.unknown`, and `weights.missing` when the face model is not here.
        """
        with self._lock:
            if avatar_id in self._shipped:
                return self._ensure_shipped(avatar_id)
            folder = self._folder(avatar_id)
            card = _card(folder)
            if card is None:
                raise VisavisError(
                    "avatar.unknown", f"There is no avatar '{avatar_id}'; `visavis avatar list` shows all."
                )
            if card.get("build") != BUILD:
                data = (folder / PORTRAIT).read_bytes()
                portrait = open_portrait(data, self._landmarker(), card.get("curves"))
                self._write(avatar_id, str(card["name"]), portrait, str(card["portrait"]))
            return Avatar(avatar_id, str(card["name"]), folder, shipped=False)

    def add(self, data: bytes, name: str, curves: Mapping[str, Any] | None = None) -> Avatar:
        """Turns a picture file into a new avatar. Raises VisavisError as `portrait.open_portrait` does."""
        name = " ".join(name.split())[:80] or "Avatar"
        with self._lock:
            portrait = open_portrait(data, self._landmarker(), curves)
            avatar_id = self._free_id(name, portrait.sha256)
            return self._write(avatar_id, name, portrait, portrait.sha256)

    def remove(self, avatar_id: str) -> None:
        """Deletes an avatar and its portrait. Raises VisavisError `avatar.unknown`, `avatar.shipped`."""
        with self._lock:
            if avatar_id in self._shipped:
                raise VisavisError("avatar.shipped", f"'{avatar_id}' comes with visavis and stays.")
            folder = self._folder(avatar_id)
            if _card(folder) is None:
                raise VisavisError(
                    "avatar.unknown", f"There is no avatar '{avatar_id}'; `visavis avatar list` shows all."
                )
            shutil.rmtree(folder)

    def rig(self, avatar_id: str) -> Rig:
        """The rig of an avatar for a renderer on this machine. Raises as `get`, and VisavisError `rig.unreadable`."""
        return read_payload(self.get(avatar_id).folder)

    def asset(self, avatar_id: str, name: str) -> Path:
        """One of the files that a browser may fetch. Raises VisavisError `avatar.unknown` for every other name."""
        if name not in ASSETS:
            raise VisavisError("avatar.unknown", "An avatar has no such file; rig.json names those there are.")
        return self.get(avatar_id).folder / name

    def _ensure_shipped(self, avatar_id: str) -> Avatar:
        source = self._shipped[avatar_id]
        picture = source.picture.read_bytes()
        curves = source.curves.read_bytes() if source.curves else b""
        key = hashlib.sha256(picture + b"\0" + curves).hexdigest()
        folder = self._folder(avatar_id)
        card = _card(folder)
        if card is None or card.get("portrait") != key or card.get("build") != BUILD:
            portrait = open_portrait(picture, self._landmarker(), json.loads(curves) if curves else None)
            self._write(avatar_id, avatar_id.capitalize(), portrait, key)
        return Avatar(avatar_id, avatar_id.capitalize(), folder, shipped=True)

    def _write(self, avatar_id: str, name: str, portrait: Portrait, key: str) -> Avatar:
        """Builds everything beside its place and moves it there in one step."""
        self.root.mkdir(parents=True, exist_ok=True)
        beside = self.root / f".{avatar_id}.{secrets.token_hex(4)}"
        beside.mkdir()
        try:
            write_payload(build_rig(portrait.picture, portrait.landmarks, portrait.curves), beside)
            picture = cv2.cvtColor(portrait.picture, cv2.COLOR_RGB2BGR)
            (beside / PORTRAIT).write_bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 97])[1].tobytes())
            card = {"name": name, "portrait": key, "build": BUILD, "curves": portrait.curves}
            (beside / CARD).write_text(json.dumps(card, ensure_ascii=False) + "\n", "utf-8")
            folder = self._folder(avatar_id)
            if folder.exists():
                old = self.root / f".{avatar_id}.{secrets.token_hex(4)}"
                folder.rename(old)
                beside.rename(folder)
                shutil.rmtree(old, ignore_errors=True)
            else:
                beside.rename(folder)
        except OSError as error:
            message = f"The avatar could not be written to {self.root}: {error.strerror or error}."
            raise VisavisError("avatar.not_written", message, retryable=True) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return Avatar(avatar_id, name, folder, avatar_id in self._shipped)

    def _folder(self, avatar_id: str) -> Path:
        if not _ID.fullmatch(avatar_id):
            raise VisavisError("avatar.unknown", "There is no such avatar; `visavis avatar list` shows all.")
        return self.root / avatar_id

    def _free_id(self, name: str, sha256: str) -> str:
        """An id from the name, with a piece of the picture's hash where the plain one is taken or says nothing."""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
        for candidate in (slug, f"{slug or 'avatar'}-{sha256[:8]}"):
            if candidate and candidate not in self._shipped and not (self.root / candidate).exists():
                return candidate
        return f"{slug or 'avatar'}-{secrets.token_hex(4)}"


def _card(folder: Path) -> dict[str, Any] | None:
    """What a folder says of its avatar, None where it is not one."""
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    complete = isinstance(card, dict) and "name" in card and "portrait" in card and (folder / MANIFEST).exists()
    return card if complete else None
