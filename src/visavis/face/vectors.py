"""Writes test vectors for another renderer: a payload, motion frames and the pictures they must give.

python -m visavis.face.vectors OUT [AVATAR]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import CHANNEL_INDEX, CHANNELS
from visavis.face.avatars import AvatarStore, default_root
from visavis.face.landmarks import Landmarker
from visavis.face.payload import read_payload, write_payload
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import Rig
from visavis.weights.store import WeightStore

SIZE: Final = 512

FRAMES: Final[tuple[Mapping[str, float], ...]] = (
    {},
    {"mouthPress": 0.5, "mouthRollUpper": 0.22, "mouthRollLower": 0.22},
    {"jawOpen": 0.6, "teethUpper": 0.95},
    {"mouthFunnel": 0.7, "mouthPucker": 0.42, "jawOpen": 0.42, "teethUpper": 0.35},
    {"mouthStretch": 0.5, "mouthSmile": 0.32, "jawOpen": 0.16, "teethUpper": 1.0, "teethLower": 0.4},
    {"tongueOut": 0.95, "jawOpen": 0.12, "teethUpper": 0.8},
    {"eyeBlink": 0.5, "cheekSquint": 0.4, "mouthSmile": 0.6},
    {"eyeBlink": 1.0},
    {"eyeLookInLeft": 0.7, "eyeLookOutRight": 0.7, "eyeLookUp": 0.4, "browInnerUp": 0.8, "browOuterUp": 0.5},
    {"headYaw": 8.0, "headPitch": 4.0, "headRoll": -5.0, "jawOpen": 0.4, "teethUpper": 0.8, "browDown": 0.7},
)
"""Channel values; a name without Left or Right stands for both."""


def motion_frame(values: Mapping[str, float]) -> NDArray[np.float32]:
    """One frame (58,) from names, where a name without Left or Right stands for both. Raises KeyError."""
    frame = np.zeros(len(CHANNELS), np.float32)
    for name, value in values.items():
        for full in (name,) if name in CHANNEL_INDEX else (f"{name}Left", f"{name}Right"):
            frame[CHANNEL_INDEX[full]] = value
    return frame


def write_vectors(rig: Rig, folder: Path) -> None:
    """Writes `payload/`, `motion.json` and `frame-NN.png` into a folder, drawn from the browser's own files."""
    payload = folder / "payload"
    payload.mkdir(parents=True, exist_ok=True)
    write_payload(rig, payload)
    renderer = CpuRenderer(read_payload(payload, as_browser=True), SIZE)
    frames = [motion_frame(values) for values in FRAMES]
    listed = [[round(float(v), 4) for v in frame] for frame in frames]
    (folder / "motion.json").write_text(json.dumps({"channels": list(CHANNELS), "size": SIZE, "frames": listed}) + "\n")
    for index, frame in enumerate(frames):
        picture = cv2.cvtColor(renderer.draw(frame), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(folder / f"frame-{index:02}.png"), picture)


def main() -> None:
    """Writes the vectors of an avatar."""
    store = AvatarStore(default_root(), lambda: Landmarker.from_store(WeightStore()))
    write_vectors(store.rig(sys.argv[2] if len(sys.argv) > 2 else "genevieve"), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
