"""Who sits for a video: an avatar of this machine, or an uploaded portrait that is turned into a rig first."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from visavis.face.avatars import PORTRAIT, AvatarStore
from visavis.face.emotion_network import EmotionNetwork
from visavis.face.landmarks import Landmarker
from visavis.face.payload import FULL_PLATE, MANIFEST, read_plate, write_payload
from visavis.face.portrait import open_portrait
from visavis.face.rig import build_rig
from visavis.studio.admission import STOCK
from visavis.studio.artifacts import Artifacts, explained
from visavis.studio.emotion_signal import EmotionSignal
from visavis.studio.face_signal import FaceReader


@dataclass(frozen=True, slots=True)
class Sitter:
    """A face that can be drawn: the folder of its rig, the SHA-256 of its portrait, and a name for people."""

    folder: Path
    portrait_hash: str
    name: str


class Sitters:
    """Finds rigs and builds missing ones. Blocking, seconds for a new portrait; safe for use from several threads."""

    def __init__(
        self,
        avatars: AvatarStore,
        landmarker: Callable[[], Landmarker],
        artifacts: Artifacts,
        emotions: Callable[[], EmotionNetwork] | None = None,
    ) -> None:
        """`emotions` reads feelings off faces, with the landmarks; without it, or where it raises `weights.missing`,
        the landmarks do alone."""
        self._avatars, self._landmarker, self._artifacts = avatars, landmarker, artifacts
        self._emotions = emotions

    def seat(self, portrait: str, folder: Path) -> Sitter:
        """The sitter of a request's `portrait`; the rig of an uploaded one is kept in `folder`.

        Raises VisavisError as `AvatarStore.get` and `open_portrait` do, `artifact.unknown`, `storage.full`.
        """
        if portrait.startswith(STOCK):
            avatar = self._avatars.get(portrait.removeprefix(STOCK))
            return Sitter(avatar.folder, _picture_hash(avatar.folder), avatar.name)
        rig = folder / "rig"
        if not (rig / MANIFEST).exists():
            self._build(self._artifacts.read(portrait), rig)
        return Sitter(rig, portrait.partition(".")[0], "")

    def feeling(self, portrait: str, folder: Path) -> EmotionSignal | None:
        """The feeling that the sitter's portrait shows; None where it cannot be told. Raises as `seat` does."""
        sitter = self.seat(portrait, folder)
        try:
            return FaceReader(self._landmarker, self._emotions).read(read_plate(sitter.folder))
        except (OSError, ValueError):
            return None

    def _build(self, data: bytes, rig: Path) -> None:
        """Builds everything beside its place and moves it there in one step."""
        found = open_portrait(data, self._landmarker())
        beside = rig.with_name(f".rig-{secrets.token_hex(4)}")
        try:
            with explained():
                beside.mkdir(parents=True)
                write_payload(build_rig(found.picture, found.landmarks, found.curves), beside)
                beside.rename(rig)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _picture_hash(folder: Path) -> str:
    path = folder / PORTRAIT
    return hashlib.sha256((path if path.exists() else folder / FULL_PLATE).read_bytes()).hexdigest()
