"""Draws docs/images/emotions.jpg: the seven emotions side by side, at rest and in the middle of a word.

python scripts/draw_emotions.py [OUT]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from visavis.face.avatars import shipped_portraits
from visavis.face.direction import Direction
from visavis.face.emotion import EMOTIONS
from visavis.face.landmarks import Landmarker
from visavis.face.portrait import open_portrait
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import Rig, build_rig
from visavis.face.vectors import motion_frame
from visavis.weights.store import WeightStore

OUT: Final = Path(__file__).parent.parent / "docs" / "images" / "emotions.jpg"
WIDE, HIGH, LABEL = 210, 262, 26
VOWEL: Final = {"jawOpen": 0.4, "mouthStretch": 0.25, "teethUpper": 1.0}
"""What the mouth does in the second row: the vowel of "let"."""

Pixels = NDArray[np.uint8]


def rigs(landmarker: Landmarker) -> list[Rig]:
    """Genevieve, and Eileen Collins (NASA, public domain, from scikit-image)."""
    shipped = shipped_portraits()["genevieve"]
    assert shipped.curves is not None
    pictures: list[tuple[bytes, Any]] = [(shipped.picture.read_bytes(), json.loads(shipped.curves.read_text("utf-8")))]
    data: Any = skimage.data
    photo = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    pictures.append((cv2.imencode(".png", photo)[1].tobytes(), None))
    found = [open_portrait(picture, landmarker, curves) for picture, curves in pictures]
    return [build_rig(one.picture, one.landmarks, one.curves) for one in found]


def row(rig: Rig, mouth: dict[str, float]) -> Pixels:
    """Seven faces, cropped to the head."""
    renderer = CpuRenderer(rig, 768)
    eyes = (np.asarray(rig.eyes[0].frame.origin) + np.asarray(rig.eyes[1].frame.origin)) / 2 * 768
    unit = rig.eye_distance * 768
    left, top = (int(v) for v in eyes - (1.28 * unit, 1.35 * unit))
    part = np.s_[max(top, 0) : top + round(3.2 * unit), max(left, 0) : left + round(2.56 * unit)]
    faces = []
    for emotion in EMOTIONS:
        frame = np.clip(Direction.of(emotion).standing + motion_frame(mouth), -30, 30).astype(np.float32)
        if mouth:
            for name in ("mouthPressLeft", "mouthPressRight", "mouthClose"):
                frame += motion_frame({name: -float(Direction.of(emotion).standing @ motion_frame({name: 1.0}))})
        faces.append(cv2.resize(renderer.draw(frame)[part], (WIDE, HIGH), interpolation=cv2.INTER_AREA))
    return np.asarray(np.hstack(faces), np.uint8)


def main() -> None:
    """Writes the picture."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    head = np.full((LABEL, WIDE * len(EMOTIONS), 3), 255, np.uint8)
    for i, emotion in enumerate(EMOTIONS):
        (wide, _), _ = cv2.getTextSize(emotion, cv2.FONT_HERSHEY_SIMPLEX, 0.55, 1)
        place = (i * WIDE + (WIDE - wide) // 2, LABEL - 8)
        cv2.putText(head, emotion, place, cv2.FONT_HERSHEY_SIMPLEX, 0.55, (40, 40, 40), 1, cv2.LINE_AA)
    rows = [row(rig, mouth) for rig in rigs(Landmarker.from_store(WeightStore())) for mouth in ({}, VOWEL)]
    sheet = cv2.cvtColor(np.vstack([head, *rows]), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(out), sheet, [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == "__main__":
    main()
