"""Measures lips on the page's own pixels against the sound that the page played."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

RATE = 24_000
COLOURLESS = 45
"""Lips and skin are coloured: where the largest and the smallest of red, green and blue lie closer than this, one sees
teeth or into the mouth."""
WIDE, HIGH = 72, 60


@dataclass(frozen=True, slots=True)
class Heard:
    """One item as it was played: `start` is the item's ms at its first sample."""

    item: str
    samples: NDArray[np.float32]


def watch(page: Page, rig: dict[str, Any]) -> None:
    """Keeps a picture of the mouth's surroundings at every drawing from now on."""
    frame = rig["mouth"]["frame"]
    (x, y), scale = frame["origin"], frame["scale"]
    region = {
        "x": x - 1.2 * scale, "y": y - 0.7 * scale, "width": 2.4 * scale, "height": 2.0 * scale,
        "pixelsWide": WIDE, "pixelsHigh": HIGH,
    }  # fmt: skip
    page.evaluate("region => __visavis.keepPictures(region)", region)


def heard(page: Page) -> list[Heard]:
    """Every item that was played, in order, from the recording of the page's output."""
    audio = page.evaluate("__visavis.audio()")
    pcm = np.frombuffer(base64.b64decode(audio["pcm"]), "<i2").astype(np.float32) / 32768
    items: dict[str, NDArray[np.float32]] = {}
    begun: dict[str, Any] | None = None
    for note in page.evaluate("__visavis.notes().map(note => note.value)"):
        if note["kind"] == "start":
            begun = note
        elif begun is not None and begun["itemId"] == note["itemId"]:
            piece = pcm[begun["frame"] - audio["firstFrame"] : note["frame"] - audio["firstFrame"]]
            whole = np.zeros(max(note["sample"], len(items.get(note["itemId"], ()))), np.float32)
            known = items.get(note["itemId"], whole[:0])
            whole[: len(known)] = known
            end = begun["sample"] + len(piece)
            whole[begun["sample"] : end] = piece[: len(whole) - begun["sample"]]
            items[note["itemId"]] = whole
    return [Heard(item, samples) for item, samples in items.items()]


def openings(page: Page) -> list[tuple[str | None, float, float]]:
    """(item, ms of its audio, share of the mouth's surroundings that is neither lip nor skin) of every picture kept."""
    result = []
    for picture in page.evaluate("__visavis.pictures()"):
        pixels = np.frombuffer(base64.b64decode(picture["pixels"]), np.uint8).reshape(-1, 3)
        colour = pixels.max(axis=1) - pixels.min(axis=1)
        result.append((picture["itemId"], float(picture["ms"]), float((colour < COLOURLESS).mean())))
    return result


def agreement(sounds: Sequence[Heard], seen: list[tuple[str | None, float, float]]) -> tuple[float, float]:
    """Correlation of mouth opening with the loudness of the sounds: the best within ±100 ms of them, and what nine of
    ten shifts by 400–1000 ms stay below (the best of so many would be chance).

    Raises ValueError with too few pictures to say anything.
    """
    courses = []
    for sound in sounds:
        points = [(ms, opening) for item, ms, opening in seen if item == sound.item]
        if points:
            times, course = np.array(points).T
            courses.append((times, course, _loudness(sound.samples)))
    opened = np.concatenate([np.zeros(0), *(course for _, course, _ in courses)])
    if len(opened) < 30:
        raise ValueError(f"only {len(opened)} pictures of {len(sounds)} items")

    def likeness(lag: int) -> float:
        loudness = [np.interp(times - lag, np.arange(len(level)) * 10 + 5, level) for times, _, level in courses]
        return float(np.corrcoef(np.concatenate(loudness), opened)[0, 1])

    far = [*range(-1000, -399, 20), *range(400, 1001, 20)]
    return max(map(likeness, range(-100, 101, 10))), float(np.percentile([likeness(lag) for lag in far], 90))


def _loudness(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Every 10 ms, smoothed: the mouth follows syllables, not single pitch periods."""
    step = RATE // 100
    level = np.sqrt((samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64) ** 2).mean(axis=1))
    return np.convolve(level, np.hanning(13) / np.hanning(13).sum(), mode="same")
