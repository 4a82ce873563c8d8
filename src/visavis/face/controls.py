"""From motion channels to what a rig is driven by: one small table that every renderer reads.

A driver is a number computed from channels and from drivers before it. The table travels inside `rig.json`, so that
the CPU renderer and the browser cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import CHANNEL_INDEX, CHANNELS


@dataclass(frozen=True, slots=True)
class Driver:
    """One number that drives the rig.

    With x = bias + sum of gain x input (an input is a channel or an earlier driver), its value is
    clip(linear·x + square·x·|x|, low, high), then multiplied by each driver in `times` and by (1 - share·driver)
    for each entry of `damp`.
    """

    name: str
    inputs: Mapping[str, float]
    bias: float = 0.0
    linear: float = 1.0
    square: float = 0.0
    low: float = -4.0
    high: float = 4.0
    times: tuple[str, ...] = ()
    damp: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The driver as `rig.json` holds it; entries that have their default are left out."""
        data: dict[str, Any] = {"name": self.name, "inputs": dict(self.inputs)}
        standard = Driver("", {})
        for key in ("bias", "linear", "square", "low", "high"):
            if getattr(self, key) != getattr(standard, key):
                data[key] = getattr(self, key)
        if self.times:
            data["times"] = list(self.times)
        if self.damp:
            data["damp"] = dict(self.damp)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Driver:
        """Reads what `to_json` wrote. Raises KeyError or TypeError for anything else."""
        known = {key: data[key] for key in ("bias", "linear", "square", "low", "high", "damp") if key in data}
        return cls(data["name"], data["inputs"], times=tuple(data.get("times", ())), **known)


class Controls:
    """An ordered table of drivers, ready to be evaluated on motion frames."""

    def __init__(self, drivers: Sequence[Driver]) -> None:
        """Raises ValueError when a driver uses a name that is neither a channel nor an earlier driver."""
        self.drivers = tuple(drivers)
        known = set(CHANNELS)
        for driver in self.drivers:
            missing = {*driver.inputs, *driver.times, *driver.damp} - known
            if missing or driver.name in known:
                raise ValueError(f"driver {driver.name} uses unknown or repeated names: {sorted(missing)}")
            known.add(driver.name)
        self.index = {driver.name: i for i, driver in enumerate(self.drivers)}
        places = CHANNEL_INDEX | {name: len(CHANNELS) + i for name, i in self.index.items()}
        self._steps = [_Step.of(driver, places) for driver in self.drivers]

    def evaluate(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Driver values, shape (n, drivers), for motion frames of shape (n, 58)."""
        return np.array([self.drive(frame) for frame in frames], np.float32).reshape(len(frames), len(self.drivers))

    def drive(self, frame: NDArray[np.float32]) -> list[float]:
        """Driver values in the order of `drivers` for one motion frame (58,)."""
        values: list[float] = [float(v) for v in frame]
        for step in self._steps:
            x = step.bias
            for place, gain in step.inputs:
                x += gain * values[place]
            y = min(max(step.linear * x + step.square * x * abs(x), step.low), step.high)
            for place in step.times:
                y *= values[place]
            for place, share in step.damp:
                y *= 1.0 - share * values[place]
            values.append(y)
        return values[len(CHANNELS) :]


@dataclass(frozen=True, slots=True)
class _Step:
    """A driver with its names replaced by places in the list of channels and drivers."""

    bias: float
    linear: float
    square: float
    low: float
    high: float
    inputs: tuple[tuple[int, float], ...]
    times: tuple[int, ...]
    damp: tuple[tuple[int, float], ...]

    @classmethod
    def of(cls, driver: Driver, places: Mapping[str, int]) -> _Step:
        return cls(
            driver.bias,
            driver.linear,
            driver.square,
            driver.low,
            driver.high,
            tuple((places[name], gain) for name, gain in driver.inputs.items()),
            tuple(places[name] for name in driver.times),
            tuple((places[name], share) for name, share in driver.damp.items()),
        )


def _pair(name: str, gain: float) -> dict[str, float]:
    """The same gain on a channel's left and right half."""
    return {f"{name}Left": gain, f"{name}Right": gain}


def _sides(name: str, inputs: Mapping[str, float], low: float, high: float) -> tuple[Driver, Driver]:
    """A driver for each side of the face; '*' in an input stands for Left or Right."""
    return tuple(  # type: ignore[return-value]
        Driver(f"{name}{side}", {k.replace("*", side): v for k, v in inputs.items()}, low=low, high=high)
        for side in ("Left", "Right")
    )


def standard_controls(
    brow_gain: float = 1.0, opening: float = 1.0, clean: float = 0.045, sober: float = 0.0
) -> Controls:
    """The table for an ordinary portrait.

    `brow_gain` below 1 spares a fringe or glasses; `opening` scales the jaw where a smile makes the mouth wider than
    it is at rest; `clean` is how far the dark line of closed lips reaches into them, 0 where the portrait's lips are
    apart; `sober` is how much of a smile that the portrait wears a frown takes away.
    Lengths are in half mouth widths. Together with the visemes' ARKit values the openings follow the mouth geometry
    measured for one portrait (PP 0, aa about .85, U about .25), opened a little more, as filmed speakers do.
    """
    degree = float(np.pi / 180)
    return Controls(
        [
            # Closed lips win over everything that parts them; half a press is already a full closure.
            Driver("close", {**_pair("mouthPress", 1.35), "mouthClose": 1.35, "mouthRollUpper": 0.3,
                             "mouthRollLower": 0.3}, bias=-0.35, low=0.0, high=1.0),
            Driver("round", {"mouthFunnel": 0.85, "mouthPucker": 0.85}, low=0.0, high=1.0),
            Driver("spread", _pair("mouthStretch", 0.5), low=0.0, high=1.0),
            Driver("jaw", {"jawOpen": 1.0}, linear=opening, square=0.4 * opening, low=0.0, high=1.5,
                   damp={"close": 0.55, "mouthPucker": 0.3, "spread": 0.25}),
            Driver("parting", {"jawOpen": 1.0}, linear=1.2 * opening, square=0.33 * opening, low=0.0, high=1.6,
                   damp={"close": 1.0, "mouthPucker": 0.4, "spread": 0.3}),
            Driver("roundParting", {"parting": 1.0}, times=("round",)),
            Driver("pout", {"mouthFunnel": 0.07, "mouthPucker": 0.15}, damp={"close": 1.0}),
            Driver("rise", {"parting": 0.2, "roundParting": 0.14, "pout": 0.5, **_pair("mouthUpperUp", 0.08),
                            "mouthShrugUpper": 0.05, **_pair("noseSneer", 0.02)}, damp={"close": 1.0}),
            Driver("fall", {"parting": 0.8, "roundParting": -0.14, "pout": 0.5, **_pair("mouthLowerDown", 0.06),
                            "mouthShrugLower": -0.08}, damp={"close": 1.0}),
            # Field weights.
            Driver("upper", {"rise": 1.0}, damp={"round": 1.0}),
            Driver("upperRound", {"rise": 1.0}, times=("round",)),
            Driver("lower", {"fall": 1.0}, damp={"round": 1.0}),
            Driver("lowerRound", {"fall": 1.0}, times=("round",)),
            Driver("wide", {**_pair("mouthStretch", 0.13), "mouthPucker": -0.29, "mouthFunnel": -0.18,
                            **_pair("mouthPress", -0.05), "jawOpen": -0.05}, low=-0.5, high=0.35),
            Driver("thickUpper", {"mouthPucker": 0.9, "mouthFunnel": 0.45, **_pair("mouthPress", -0.5),
                                  "mouthRollUpper": -1.1, "parting": -0.25, **_pair("mouthStretch", -0.15)},
                   low=-1.2, high=1.2),
            Driver("thickLower", {"mouthPucker": 0.7, "mouthFunnel": 0.5, **_pair("mouthPress", -0.5),
                                  "mouthRollLower": -1.1, "mouthShrugLower": -0.6, "parting": -0.2,
                                  "jawForward": 0.3, **_pair("mouthStretch", -0.15)}, low=-1.2, high=1.3),
            *_sides("smile", {"mouthSmile*": 1.0, "mouthDimple*": 0.4, "mouthStretch*": 0.05}, 0.0, 1.2),
            *_sides("frown", {"mouthFrown*": 1.0}, 0.0, 1.2),
            Driver("shift", {"mouthLeft": 0.3, "mouthRight": -0.3, "jawLeft": 0.22, "jawRight": -0.22}),
            Driver("puff", {"cheekPuff": 1.0}, low=0.0, high=1.0),
            Driver("browInner", {"browInnerUp": brow_gain}),
            *_sides("browOuter", {"browOuterUp*": brow_gain}, 0.0, 1.0),
            *_sides("browLower", {"browDown*": brow_gain}, 0.0, 1.0),
            *_sides("sneer", {"noseSneer*": 1.0}, 0.0, 1.0),
            *_sides("cheek", {"cheekSquint*": 1.0, "mouthSmile*": 0.35}, 0.0, 1.2),
            Driver("seal", {}, bias=1.0),
            Driver("level", {"round": 0.75, "parting": 0.35, **(_pair("mouthFrown", sober / 2) if sober else {})},
                   low=0.0, high=0.9),
            Driver("flat", {"rise": 2.5, "fall": 2.5}, low=0.0, high=1.0),
            # How much of the dark line between closed lips is left out of their edges once they part.
            Driver("clean", {"rise": 0.35, "fall": 0.35}, low=0.0, high=clean),
            # How far inside their edges lips are read at least, so that no tooth or shadow comes with them.
            Driver("into", {"rise": 0.2, "fall": 0.2}, bias=0.0 if clean > 0 else 0.018, low=0.0, high=0.018),
            # Inside the mouth.
            Driver("drop", {"jaw": 0.9}),
            Driver("teethTop", {"teethUpper": 1.0, **_pair("mouthSmile", 0.2), **_pair("mouthUpperUp", 0.1)},
                   low=0.0, high=1.0),
            Driver("teethBottom", {"teethLower": 1.0, **_pair("mouthLowerDown", 0.15)}, low=0.0, high=1.0),
            Driver("tip", {"tongueTip": 1.0, "tongueOut": 1.0}, low=0.0, high=1.0),
            Driver("out", {"tongueOut": 1.0}, low=0.0, high=1.0),
            # Eyes.
            *_sides("lid", {"eyeBlink*": 1.0, "eyeSquint*": 0.2, "eyeLookDown*": 0.42, "eyeLookUp*": -0.14,
                            "eyeWide*": -0.17}, -0.3, 1.0),
            *_sides("underlid", {"eyeSquint*": 0.6, "cheekSquint*": 0.45, "mouthSmile*": 0.15}, 0.0, 1.0),
            Driver("gazeXLeft", {"eyeLookOutLeft": 0.37, "eyeLookInLeft": -0.37}, low=-0.5, high=0.5),
            Driver("gazeXRight", {"eyeLookInRight": 0.37, "eyeLookOutRight": -0.37}, low=-0.5, high=0.5),
            Driver("gazeYLeft", {"eyeLookDownLeft": 0.3, "eyeLookUpLeft": -0.26}, low=-0.4, high=0.4),
            Driver("gazeYRight", {"eyeLookDownRight": 0.3, "eyeLookUpRight": -0.26}, low=-0.4, high=0.4),
            # The head, in radians.
            Driver("yaw", {"headYaw": degree}, low=-0.24, high=0.24),
            Driver("pitch", {"headPitch": degree}, low=-0.2, high=0.2),
            Driver("roll", {"headRoll": degree}, low=-0.26, high=0.26),
        ]
    )  # fmt: skip
