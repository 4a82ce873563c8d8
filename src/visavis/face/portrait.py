"""A picture that can become an avatar: one face, large, whole, looking at us; all else is refused with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.face import mesh_points as mesh
from visavis.face.landmarks import Detection, Landmarker, Landmarks
from visavis.face.picture import read_picture
from visavis.face.plate import cut_plate, plate_crop

SMALLEST_EYES: Final = 36.0
"""The least distance between the eyes, in px."""
MOST_TURNED: Final = 18.0
"""Degrees of yaw beyond which a portrait is refused."""
MOST_TILTED: Final = 25.0
"""Degrees of roll."""

SURE: Final = 0.55
"""Score of the detector below which nothing counts as a face."""
PRESENT: Final = 0.5
"""Certainty of the mesh below which nothing counts as one."""

_RIVAL: Final = 0.2
"""A second face of this share of the first one's area counts as a second person."""
_BEARDED: Final = 0.75
"""Light of the skin around the mouth against the cheeks below which hair hides the lips."""


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A picture that passed the checks: RGB `picture`, its landmarks, a drawing's `curves`, and the file's `sha256`."""

    picture: NDArray[np.uint8]
    landmarks: Landmarks
    curves: Mapping[str, Any] | None
    sha256: str


def open_portrait(data: bytes, landmarker: Landmarker, curves: Mapping[str, Any] | None = None) -> Portrait:
    """Reads and checks a picture file; `curves` are the hand-set lines of a drawing.

    Raises VisavisError with one of the codes `portrait.not_a_picture`, `portrait.too_large`, `portrait.too_small`,
    `portrait.no_face`, `portrait.two_faces`, `portrait.cut_off`, `portrait.turned`, `portrait.mouth_hidden`.
    """
    picture = read_picture(data)
    face = one_face(picture, landmarker)
    found = landmarker.landmarks(picture, face)
    check_landmarks(picture, found, drawn=curves is not None)
    found = replace(found, person=landmarker.person(cut_plate(picture, plate_crop(picture, found))))
    return Portrait(picture, found, curves, hashlib.sha256(data).hexdigest())


def one_face(picture: NDArray[np.uint8], landmarker: Landmarker) -> Detection:
    """The only face of a picture. Raises VisavisError `portrait.no_face`, `portrait.two_faces`."""
    faces = [face for face in landmarker.faces(picture) if face.score >= SURE]
    if not faces:
        raise VisavisError(
            "portrait.no_face", "No face was found in the picture; choose one that shows a face from the front."
        )
    area = faces[0].box[2] * faces[0].box[3]
    if any(face.box[2] * face.box[3] > _RIVAL * area for face in faces[1:]):
        raise VisavisError(
            "portrait.two_faces", "The picture shows more than one face; crop it so that only one person is in it."
        )
    return faces[0]


def check_landmarks(picture: NDArray[np.uint8], found: Landmarks, *, drawn: bool = False) -> None:
    """Whether a mesh can be animated; a drawing's mouth is hand-set and not examined. Raises as `open_portrait`."""
    height, width = picture.shape[:2]
    points = found.points
    if found.presence < PRESENT:
        raise VisavisError(
            "portrait.no_face", "No face was found in the picture; choose one that shows a face from the front."
        )
    outline = points[list(mesh.OVAL), :2]
    outside = (outline < -2).any(1) | (outline[:, 0] > width + 1) | (outline[:, 1] > height + 1)
    if outside.mean() > 0.04:
        raise VisavisError(
            "portrait.cut_off", "The face is cut off by the edge of the picture; choose one that shows all of it."
        )
    eyes = [points[list(corners), :2].mean(0) for corners in mesh.EYE_CORNERS]
    distance = float(np.hypot(*(eyes[1] - eyes[0])))
    yaw, roll = head_turn(found)
    if abs(yaw) > MOST_TURNED or abs(roll) > MOST_TILTED:
        raise VisavisError(
            "portrait.turned",
            f"The head is turned by {max(abs(yaw), abs(roll)):.0f}°; "
            "choose a picture that looks straight at the camera.",
        )
    if distance < SMALLEST_EYES:
        raise VisavisError(
            "portrait.too_small",
            f"The face is too small ({distance:.0f} px between the eyes); choose a picture with at least "
            f"{SMALLEST_EYES:.0f} px, better 150.",
        )
    if not drawn and mouth_light(picture, found) < _BEARDED:
        raise VisavisError(
            "portrait.mouth_hidden",
            "The lips cannot be told from a beard or a shadow; choose a picture in which the mouth is clearly seen.",
        )


def head_turn(found: Landmarks) -> tuple[float, float]:
    """How far the head is turned: yaw and roll in degrees, from the mesh's own depth."""
    left, right = (found.points[i] for i in mesh.CHEEKS)
    eyes = [found.points[list(corners), :2].mean(0) for corners in mesh.EYE_CORNERS]
    yaw = np.degrees(np.arctan2(right[2] - left[2], np.hypot(right[0] - left[0], right[1] - left[1])))
    roll = np.degrees(np.arctan2(eyes[1][1] - eyes[0][1], eyes[1][0] - eyes[0][0]))
    return float(yaw), float(roll)


def mouth_light(picture: NDArray[np.uint8], found: Landmarks) -> float:
    """Light of the skin around the lips against that of the cheeks and nose, about 1 without a beard."""
    points = found.points[:, :2]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32)
    mouth = points[list(mesh.OUTER_LOWER)].mean(0)
    chin = points[mesh.CHIN]
    nose = points[mesh.NOSE_BASE]
    upper = points[list(mesh.OUTER_UPPER)]
    around = np.concatenate(
        [
            nose + (upper[2:-2] - nose) * 0.7,
            points[list(mesh.OUTER_LOWER)][2:-2] * 0.55 + chin * 0.45,
            points[list(mesh.OUTER_LOWER)][2:-2] * 0.8 + chin * 0.2,
        ]
    )
    cheeks = np.stack([points[i] for i in (50, 280, 101, 330, 36, 266, 205, 425)])
    reach = max(int(np.hypot(*(chin - mouth)) * 0.06), 1)

    def light(places: NDArray[Any]) -> NDArray[np.float32]:
        values = []
        for x, y in np.rint(places).astype(int):
            part = grey[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
            if part.size:
                values.append(float(part.mean()))
        return np.array(values or [1.0], np.float32)

    return float(np.median(light(around))) / max(float(np.median(light(cheeks))), 1.0)
