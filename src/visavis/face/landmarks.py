"""Where a face is in a picture: BlazeFace boxes, the 468-point face mesh and the irises (MediaPipe, tflite)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.face.interpreter import opened
from visavis.face.mesh_points import EYE_CORNERS
from visavis.weights.store import WeightStore

MODEL: Final = "mediapipe-face"
"""The catalogue's name of the three networks that find a face."""
PERSON: Final = "mediapipe-selfie"
"""The same of the network that tells a person from the background."""

_SCORE: Final = 0.5
_OVERLAP: Final = 0.3
_CROP: Final = 1.5
"""The mesh network expects the face box grown by this factor (MediaPipe's face landmark graph)."""

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Detection:
    """One face found: box (x, y, width, height) and the two eyes (image-left, image-right) in picture px."""

    box: tuple[float, float, float, float]
    eyes: tuple[tuple[float, float], tuple[float, float]]
    score: float

    @property
    def roll(self) -> float:
        """How far the head is tilted, in radians, clockwise positive as seen."""
        (x0, y0), (x1, y1) = self.eyes
        return float(np.arctan2(y1 - y0, x1 - x0))


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """The mesh of one face: `points` (468, 3) in picture px (z towards the viewer negative), irises and confidence.

    `irises` is (2, 3): centre x, y and radius in px, the image-left eye first. `presence` in [0, 1] is the mesh
    network's own certainty that it looks at a face; `settled` is the movement in eye distances of the last of the
    three passes, large when the network does not agree with itself. `person` (h, w) is how surely each part of the
    plate shows the person, 0 … 1, where that is known.
    """

    points: Floats
    irises: Floats
    presence: float
    settled: float
    person: Floats | None = None


class Landmarker:
    """Finds faces and their landmarks on one CPU thread; not safe to share between threads."""

    def __init__(self, detector: Path, mesh: Path, iris: Path, threads: int = 1, person: Path | None = None) -> None:
        self._detector = _Network(detector, threads)
        self._mesh = _Network(mesh, threads)
        self._iris = _Network(iris, threads)
        self._person = None if person is None else _Network(person, threads)
        self._anchors = _anchors(self._detector.size)

    @classmethod
    def from_store(cls, store: WeightStore, threads: int = 1) -> Landmarker:
        """The networks of the weight store; the one for `person` may be missing.

        Raises VisavisError `weights.missing` when the others were not pulled.
        """
        try:
            person = store.file(PERSON, "selfie_segmentation.tflite")
        except VisavisError:
            person = None
        return cls(
            store.file(MODEL, "face_detection_back.tflite"),
            store.file(MODEL, "face_landmark.tflite"),
            store.file(MODEL, "iris_landmark.tflite"),
            threads,
            person,
        )

    def faces(self, picture: Pixels) -> list[Detection]:
        """All faces of an RGB picture (height, width, 3), the largest first."""
        height, width = picture.shape[:2]
        size = self._detector.size
        scale = size / max(height, width)
        shrunk = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        padded = np.zeros((size, size, 3), np.uint8)
        rows, columns = min(shrunk.shape[0], size), min(shrunk.shape[1], size)
        padded[:rows, :columns] = shrunk[:rows, :columns]
        raw = self._detector(padded.astype(np.float32) / 127.5 - 1.0)
        boxes, logits = sorted(raw, key=lambda part: -part.shape[-1])
        scores = 1.0 / (1.0 + np.exp(-np.clip(logits.reshape(-1), -80, 80)))
        points = boxes.reshape(-1, 8, 2) / size
        points[:, 0] += self._anchors
        points[:, 2:] += self._anchors[:, None]
        points *= size / scale
        found = [
            Detection(
                (
                    float(p[0, 0] - p[1, 0] / 2), float(p[0, 1] - p[1, 1] / 2), float(p[1, 0]), float(p[1, 1]),
                ),
                ((float(p[2, 0]), float(p[2, 1])), (float(p[3, 0]), float(p[3, 1]))),
                float(score),
            )
            for p, score in zip(points[scores > _SCORE], scores[scores > _SCORE], strict=True)
        ]  # fmt: skip
        kept: list[Detection] = []
        for candidate in sorted(found, key=lambda d: -d.score):
            if all(_overlap(candidate.box, other.box) < _OVERLAP for other in kept):
                kept.append(candidate)
        return sorted(kept, key=lambda d: -d.box[2] * d.box[3])

    def landmarks(self, picture: Pixels, face: Detection) -> Landmarks:
        """The mesh of one detected face, looked at three times, each time re-cropped and levelled on the last."""
        x, y, w, h = face.box
        centre, side, roll = np.array([x + w / 2, y + h / 2]), max(w, h) * _CROP, face.roll
        points = np.zeros((468, 3), np.float32)
        presence, settled = 0.0, 1.0
        for turn in range(3):
            crop, matrix = _crop(picture, centre, side, roll, self._mesh.size)
            mesh, flag = sorted(self._mesh(crop.astype(np.float32) / 255.0), key=lambda part: -part.size)
            local = mesh.reshape(468, 3).astype(np.float32)
            back = cv2.invertAffineTransform(matrix)
            now = np.empty_like(local)
            now[:, :2] = local[:, :2] @ back[:, :2].T + back[:, 2]
            now[:, 2] = local[:, 2] * side / self._mesh.size
            eyes = [now[list(corners), :2].mean(0) for corners in EYE_CORNERS]
            distance = float(np.hypot(*(eyes[1] - eyes[0]))) + 1e-6
            if turn:
                settled = float(np.abs(now[:, :2] - points[:, :2]).mean()) / distance
            points = now
            presence = float(1.0 / (1.0 + np.exp(-np.clip(flag.reshape(-1)[0], -80, 80))))
            low, high = points[:, :2].min(0), points[:, :2].max(0)
            centre, side = (low + high) / 2, float((high - low).max()) * _CROP
            roll = float(np.arctan2(eyes[1][1] - eyes[0][1], eyes[1][0] - eyes[0][0]))
        irises = np.array([self._look(picture, points, i, roll) for i in (0, 1)], np.float32)
        return Landmarks(points, irises, presence, settled)

    def person(self, picture: Pixels) -> Floats | None:
        """How surely each part of an RGB picture shows a person, (256, 256), 0 … 1; None without that network."""
        if self._person is None:
            return None
        size = self._person.size
        small = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
        return self._person(np.asarray(small, np.float32) / np.float32(255))[0].reshape(size, size)

    def _look(self, picture: Pixels, points: Floats, eye: int, roll: float) -> tuple[float, float, float]:
        """Centre and radius of one iris; the network knows image-right eyes, so the other one is mirrored."""
        ends = points[list(EYE_CORNERS[eye]), :2]
        width = float(np.hypot(*(ends[1] - ends[0])))
        crop, matrix = _crop(picture, ends.mean(0), width * 2.3, roll, self._iris.size)
        if eye == 0:
            crop = crop[:, ::-1]
        outputs = self._iris(np.ascontiguousarray(crop).astype(np.float32) / 255.0)
        ring = min(outputs, key=lambda part: part.size).reshape(5, 3)[:, :2].astype(np.float64)
        if eye == 0:
            ring[:, 0] = self._iris.size - ring[:, 0]
        back = cv2.invertAffineTransform(matrix)
        ring = ring @ back[:, :2].T + back[:, 2]
        radius = float(np.mean(np.hypot(*(ring[1:] - ring[0]).T)))
        return float(ring[0, 0]), float(ring[0, 1]), radius


class _Network:
    """One tflite graph with a square RGB input."""

    def __init__(self, path: Path, threads: int) -> None:
        try:
            self._interpreter: Any = opened(path, threads)
        except (ValueError, RuntimeError) as error:
            message = f"The face model {path.name} cannot be read; run `visavis models pull {MODEL}` to fetch it again."
            raise VisavisError("weights.corrupt", message) from error
        given = self._interpreter.get_input_details()[0]
        self._input: int = given["index"]
        self.size: int = int(given["shape"][1])
        self._outputs: list[int] = [d["index"] for d in self._interpreter.get_output_details()]

    def __call__(self, pixels: Floats) -> list[Floats]:
        self._interpreter.set_tensor(self._input, pixels[None])
        self._interpreter.invoke()
        return [np.array(self._interpreter.get_tensor(index)) for index in self._outputs]


def _anchors(size: int) -> Floats:
    """Centres of the detector's anchors, (896, 2) in [0, 1]: 2 a cell at the fine grid, 6 at the coarse one."""
    centres = []
    for stride, count in ((16, 2), (32, 6)):
        cells = size // stride
        y, x = np.mgrid[:cells, :cells]
        grid = np.stack([(x.ravel() + 0.5) / cells, (y.ravel() + 0.5) / cells], 1)
        centres.append(np.repeat(grid, count, axis=0))
    return np.concatenate(centres).astype(np.float32)


def _crop(picture: Pixels, centre: NDArray[Any], side: float, roll: float, size: int) -> tuple[Pixels, NDArray[Any]]:
    """A levelled square of the picture at `size` px and the 2x3 matrix from picture px to it."""
    cos, sin = np.cos(roll) * size / side, np.sin(roll) * size / side
    matrix = np.array([[cos, sin, 0.0], [-sin, cos, 0.0]])
    matrix[:, 2] = size / 2 - matrix[:, :2] @ centre
    shrink = side / size
    blurred = cv2.GaussianBlur(picture, (0, 0), shrink * 0.4) if shrink > 2 else picture
    return np.asarray(cv2.warpAffine(blurred, matrix, (size, size), flags=cv2.INTER_LINEAR), np.uint8), matrix


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Intersection over union of two boxes."""
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / (a[2] * a[3] + b[2] * b[3] - w * h)
