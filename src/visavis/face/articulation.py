"""What the mouth aims at for each viseme, and how strongly each viseme commands each articulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

from visavis.core.motion import CHANNEL_INDEX
from visavis.core.speech import Viseme

Articulator = Literal["jaw", "width", "lips", "teeth", "tongue"]
ARTICULATORS: Final[tuple[Articulator, ...]] = get_args(Articulator)


@dataclass(frozen=True, slots=True)
class Track:
    """One quantity the mouth moves: the `channels` it drives, its articulator, and its time constants in seconds.

    `opening` holds while the value rises, `closing` while it falls.
    """

    name: str
    channels: tuple[int, ...]
    articulator: Articulator
    opening: float
    closing: float


def _track(name: str, articulator: Articulator, opening: float, closing: float) -> Track:
    names = (name,) if name in CHANNEL_INDEX else (f"{name}Left", f"{name}Right")
    return Track(name, tuple(CHANNEL_INDEX[each] for each in names), articulator, opening, closing)


TRACKS: Final[tuple[Track, ...]] = (
    _track("jawOpen", "jaw", 0.022, 0.014),
    _track("mouthFunnel", "width", 0.040, 0.040),
    _track("mouthPucker", "width", 0.040, 0.040),
    _track("mouthStretch", "width", 0.040, 0.040),
    _track("mouthSmile", "width", 0.045, 0.045),
    _track("mouthUpperUp", "lips", 0.022, 0.014),
    _track("mouthLowerDown", "lips", 0.022, 0.014),
    _track("mouthPress", "lips", 0.020, 0.020),
    _track("mouthRollLower", "lips", 0.020, 0.020),
    _track("mouthRollUpper", "lips", 0.020, 0.020),
    _track("mouthShrugLower", "lips", 0.020, 0.020),
    _track("teethUpper", "teeth", 0.030, 0.030),
    _track("teethLower", "teeth", 0.030, 0.030),
    _track("tongueTip", "tongue", 0.022, 0.022),
    _track("tongueOut", "tongue", 0.022, 0.022),
)
"""Time constants after face.md: opening 22 ms, closing 14, width and rounding 40, press and tuck 20, teeth 30,
corners 45."""

TRACK_INDEX: Final[Mapping[str, int]] = MappingProxyType({track.name: i for i, track in enumerate(TRACKS)})

TARGETS: Final[Mapping[Viseme, Mapping[str, float]]] = MappingProxyType({
    "sil": {},
    "PP": {"mouthPress": 0.5, "mouthRollLower": 0.22, "mouthRollUpper": 0.22},
    "FF": {"mouthShrugLower": 0.52, "mouthUpperUp": 0.30, "mouthRollLower": 0.30, "jawOpen": 0.07, "teethUpper": 1.0},
    "TH": {"tongueOut": 0.95, "tongueTip": 1.0, "jawOpen": 0.14, "teethUpper": 0.8, "mouthLowerDown": 0.10},
    "DD": {"jawOpen": 0.20, "teethUpper": 0.55, "teethLower": 0.2, "tongueTip": 0.7},
    "kk": {"jawOpen": 0.28, "teethUpper": 0.65},
    "CH": {"mouthFunnel": 0.60, "mouthPucker": 0.40, "jawOpen": 0.14, "teethUpper": 1.0, "teethLower": 0.6},
    "SS": {"mouthStretch": 0.30, "mouthUpperUp": 0.28, "mouthLowerDown": 0.28, "jawOpen": 0.07, "teethUpper": 1.0,
           "teethLower": 1.0},
    "nn": {"jawOpen": 0.18, "teethUpper": 0.55, "tongueTip": 0.7},
    "RR": {"mouthPucker": 0.45, "mouthFunnel": 0.30, "jawOpen": 0.18, "teethUpper": 0.45},
    "aa": {"jawOpen": 0.60, "teethUpper": 0.95, "mouthLowerDown": 0.10, "mouthUpperUp": 0.08},
    "E": {"jawOpen": 0.38, "mouthStretch": 0.32, "teethUpper": 1.0, "mouthUpperUp": 0.06},
    "I": {"jawOpen": 0.18, "mouthStretch": 0.50, "mouthSmile": 0.32, "teethUpper": 1.0, "mouthUpperUp": 0.06},
    "O": {"jawOpen": 0.42, "mouthFunnel": 0.70, "mouthPucker": 0.42, "teethUpper": 0.35},
    "U": {"jawOpen": 0.14, "mouthPucker": 0.85, "mouthFunnel": 0.50, "teethUpper": 0.1},
})  # fmt: skip
"""The viseme at full weight, by track name; what is not named is 0."""

DOMINANCE: Final[Mapping[Viseme, tuple[float, float, float, float, float]]] = MappingProxyType({
    # jaw, width, lips, teeth, tongue
    "sil": (0.90, 0.70, 0.90, 0.90, 0.90),
    "PP": (0.85, 0.20, 0.85, 0.30, 0.10),
    "FF": (0.85, 0.35, 0.85, 0.90, 0.10),
    "TH": (0.60, 0.25, 0.70, 0.90, 1.00),
    "DD": (0.55, 0.18, 0.40, 0.50, 1.00),
    "kk": (0.45, 0.10, 0.30, 0.40, 0.60),
    "CH": (0.90, 1.60, 0.60, 0.95, 0.60),
    "SS": (0.90, 0.45, 0.80, 0.95, 0.60),
    "nn": (0.50, 0.15, 0.35, 0.50, 1.00),
    "RR": (0.60, 1.00, 0.50, 0.50, 0.50),
    "aa": (1.00, 0.60, 1.00, 1.00, 1.00),
    "E": (1.00, 0.80, 1.00, 1.00, 1.00),
    "I": (1.00, 0.95, 1.00, 1.00, 1.00),
    "O": (1.00, 1.70, 1.00, 1.00, 1.00),
    "U": (1.00, 1.70, 1.00, 1.00, 1.00),
})  # fmt: skip
"""Peak dominance per articulator: the tongue makes t, k and n, so the lips there follow the vowels around them,
and a rounded sound rounds its neighbours rather than the other way about."""
