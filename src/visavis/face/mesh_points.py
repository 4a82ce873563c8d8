"""Which of the 468 mesh points is what, by the numbering of MediaPipe's canonical face model.

"Left" and "right" in this file are as seen in the picture; the person's own right eye is the image-left one.
"""

from __future__ import annotations

from typing import Final

EYE_CORNERS: Final = ((33, 133), (362, 263))
"""Image-left then image-right eye, each from its image-left to its image-right corner."""

UPPER_LIDS: Final = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133),
    (362, 398, 384, 385, 386, 387, 388, 466, 263),
)
LOWER_LIDS: Final = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133),
    (362, 382, 381, 380, 374, 373, 390, 249, 263),
)
BROWS: Final = ((70, 63, 105, 66, 107), (336, 296, 334, 293, 300))
"""Upper edges, from image-left to image-right."""
BROWS_UNDER: Final = ((46, 53, 52, 65, 55), (285, 295, 282, 283, 276))

LIP_CORNERS_OUTER: Final = (61, 291)
LIP_CORNERS_INNER: Final = (78, 308)
INNER_UPPER: Final = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
INNER_LOWER: Final = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
OUTER_UPPER: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
OUTER_LOWER: Final = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)

NOSE_TIP: Final = 1
NOSE_BASE: Final = 2
NOSE_WINGS: Final = (129, 358)
CHIN: Final = 152
FOREHEAD: Final = 10
CHEEKS: Final = (234, 454)

OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The outline of the face, clockwise from the top."""
