"""The quality report of a finished video: what can be measured on the file itself, and nothing that was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.motion import FPS, Motion
from visavis.core.speech import Timeline
from visavis.face import lipsync
from visavis.face.rig import Rig
from visavis.studio.footage import Picture, watch
from visavis.studio.lip_track import LipTracker
from visavis.studio.opening import Opening
from visavis.studio.score import overall
from visavis.studio.similarity import psnr, ssim, windows
from visavis.studio.video import probe

Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in px."""

NO_WEIGHTS: Final = MappingProxyType(
    {
        "fid": "needs the Inception-v3 weights and a set of real pictures, which no package registry carries",
        "lse_c": "needs the SyncNet weights, which no package registry carries",
        "lse_d": "needs the SyncNet weights, which no package registry carries",
    }
)
"""Scores of the literature that are never guessed, with the reason."""

_COMPARED: Final = 8
"""Pictures of a video that are compared with the portrait."""
_SMALLEST_STILL: Final = 0.02
"""Share of the picture that must stand still for a comparison."""
_BLINKING: Final = 0.2
"""A lid this far down blinks."""
_RELATED: Final = 0.1
"""The least correlation at which a lag means anything."""
_COARSE: Final = 4
"""Every so many px, each way, are looked at for flicker."""


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What was measured of a video; None where it was not, and `not_available` says why.

    `overall` is `score.overall` of the rest, 0 … 100. `ssim` (at most 1) and `psnr` (dB) compare with the portrait
    where nothing moves; `lip_sync` is Pearson's r between the mouth's opening as seen and the sound's loudness, `lag`
    the delay of the mouth in s at which it is greatest (positive: the mouth is late, negative: the sound is);
    `closures` counts the p, b and m that were looked at, `closure_hits` is the share at which the lips meet within
    60 ms; `shut_in_silence` the share of silent frames with the lips at rest; `flicker` the mean change of brightness
    from frame to frame where nothing moves, in 1/255; blinks are those of the motion. `sound_excess` is how much
    longer the sound is than the picture, in s; `watched` how many seconds were looked at.
    """

    frames: int
    fps: float
    duration: float
    watched: float
    overall: float | None = None
    ssim: float | None = None
    psnr: float | None = None
    lip_sync: float | None = None
    lag: float | None = None
    closures: int | None = None
    closure_hits: float | None = None
    shut_in_silence: float | None = None
    flicker: float | None = None
    blinks_per_minute: float | None = None
    blink_seconds: float | None = None
    sound_excess: float | None = None
    stage_seconds: Mapping[str, float] = field(default_factory=dict)
    realtime_factor: float | None = None
    not_available: Mapping[str, str] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, Any]:
        """The report as JSON values; `fid`, `lse_c` and `lse_d` are there as None."""
        values = {name: _rounded(value) for name, value in asdict(replace(self, not_available={})).items()}
        absent = {**NO_WEIGHTS, **self.not_available}
        return {**values, **dict.fromkeys(NO_WEIGHTS), "not_available": absent}


def report(
    video: Path,
    *,
    rig: Rig,
    portrait: Pixels | None,
    motion: Motion | None = None,
    timeline: Timeline | None = None,
    language: Language | None = None,
    offset: float = 0.0,
    covered: Sequence[Box] = (),
    stage_seconds: Mapping[str, float] = MappingProxyType({}),
) -> QualityReport:
    """Watches a video that shows this rig's whole plate, and measures it.

    `portrait` is the picture as it stands behind what moves, RGB (n, n, 3), None for a transparent video; `motion` is
    what was drawn, `timeline` what was spoken, beginning `offset` s into the video; `covered` are places of the video
    with something else drawn on them (captions). Takes under 2 s for half a minute at 512 px; call it off the event
    loop. Raises VisavisError `video.unreadable`.
    """
    facts = probe(video)
    viewer = _Viewer(rig, portrait, (facts.height, facts.width), max(1, facts.frames // _COMPARED), covered)
    stretches = watch(video, facts.duration, viewer.look)
    if not viewer.gaps:
        raise VisavisError("video.unreadable", f"{video.name} holds no picture; render it again.")
    ends = np.cumsum([len(one.times) for one in stretches])
    opening = Opening(stretches, tuple(np.split(np.array(viewer.gaps), ends[:-1])), viewer.tracker.rest, facts.fps)
    absent: dict[str, str] = {}
    if not stage_seconds:
        absent["realtime_factor"] = "the stages were not timed"
    if not facts.audio_duration:
        absent["sound_excess"] = "the video has no sound"
    seconds = sum(stage_seconds.values())
    found = QualityReport(
        frames=facts.frames,
        fps=facts.fps,
        duration=facts.duration,
        watched=len(viewer.gaps) / facts.fps,
        sound_excess=facts.audio_duration - facts.duration if facts.audio_duration else None,
        stage_seconds=dict(stage_seconds),
        realtime_factor=seconds / facts.duration if seconds else None,
        **viewer.compared(absent),
        **_mouth(opening, absent),
        **_closures(opening, timeline, language, offset, absent),
        **_blinks(motion, absent),
        not_available=absent,
    )
    return replace(found, overall=_overall(found))


class _Viewer:
    """Looks at every frame once: the lips, the brightness of what stands still, now and then the likeness."""

    def __init__(
        self, rig: Rig, portrait: Pixels | None, shape: tuple[int, int], every: int, covered: Sequence[Box]
    ) -> None:
        self.tracker = LipTracker(rig, _grey(rig.plate))
        self.gaps: list[float] = []
        self._portrait = None if portrait is None else _sized(portrait, shape)
        self._every = every
        self._still = still(rig, shape)
        for left, top, right, bottom in covered:
            self._still[top:bottom, left:right] = False
        self._coarse = self._still[::_COARSE, ::_COARSE]
        self._before: Pixels | None = None
        self._changes: list[float] = []
        self._ssim: list[float] = []
        self._psnr: list[float] = []

    def look(self, picture: Picture) -> None:
        """Takes one frame in."""
        if self._portrait is not None and len(self.gaps) % self._every == 0:
            shown = picture.rgb()
            self._ssim.append(ssim(_grey(shown), _grey(self._portrait), self._still))
            self._psnr.append(psnr(shown, self._portrait, self._still))
        self.gaps.append(self.tracker.gap(picture.grey))
        now = picture.grey[::_COARSE, ::_COARSE][self._coarse]
        if self._before is not None and now.size:
            self._changes.append(float(cv2.absdiff(now, self._before).mean()))
        self._before = now

    def compared(self, absent: dict[str, str]) -> dict[str, Any]:
        """Likeness and flicker; what could not be measured goes to `absent`."""
        values: dict[str, Any] = {"ssim": None, "psnr": None, "flicker": None}
        if self._still.mean() < _SMALLEST_STILL or not windows(self._still).any():
            absent.update(dict.fromkeys(values, "nothing in this picture stands still"))
            return values
        if self._changes:
            values["flicker"] = float(np.mean(self._changes))
        else:
            absent["flicker"] = "the video has a single picture"
        if self._ssim:
            values.update(ssim=float(np.mean(self._ssim)), psnr=float(np.mean(self._psnr)))
        else:
            absent.update(dict.fromkeys(("ssim", "psnr"), "the background is not the portrait's"))
        return values


def still(rig: Rig, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Where no motion ever reaches, (h, w): outside the face's fields and all that the head carries along."""
    height, width = shape
    weight = sum(np.abs(one.astype(np.int32)).max(-1) for one in (rig.pose.yaw, rig.pose.pitch, rig.pose.roll))
    reach = cv2.dilate((np.asarray(weight) > 0).astype(np.uint8), np.ones((3, 3), np.uint8))
    moving = cv2.resize(reach, (width, height), interpolation=cv2.INTER_NEAREST)
    box = rig.box
    top, bottom = (int(np.clip(v * height, 0, height)) for v in (box.y, box.y + box.side + 1 / height))
    left, right = (int(np.clip(v * width, 0, width)) for v in (box.x, box.x + box.side + 1 / width))
    moving[top:bottom, left:right] = 1
    return np.asarray(moving == 0)


def _mouth(opening: Opening, absent: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {"lip_sync": None, "lag": None, "shut_in_silence": None}
    if not opening.spoken:
        absent.update(dict.fromkeys(values, "the video has no sound"))
        return values
    found = opening.sync()
    values["lip_sync"] = found.r
    if found.r >= _RELATED:
        values["lag"] = found.lag
    else:
        absent["lag"] = "the mouth does not move with the sound"
    values["shut_in_silence"] = opening.shut_in_silence()
    if values["shut_in_silence"] is None:
        absent["shut_in_silence"] = "there is no silence in it"
    return values


def _closures(
    opening: Opening, timeline: Timeline | None, language: Language | None, offset: float, absent: dict[str, str]
) -> dict[str, Any]:
    names = ("closures", "closure_hits")
    if timeline is None or language is None:
        reason = "it is not known which phonemes were spoken"
    elif not timeline.exact:
        reason = "the times of the phonemes are estimated, not known"
    else:
        hits = opening.closures(timeline, language, offset)
        if len(hits):
            return {"closures": len(hits), "closure_hits": float(hits.mean())}
        reason = "nothing was spoken that closes the lips"
    absent.update(dict.fromkeys(names, reason))
    return dict.fromkeys(names)


def _blinks(motion: Motion | None, absent: dict[str, str]) -> dict[str, Any]:
    names = ("blinks_per_minute", "blink_seconds")
    if motion is None or not len(motion.frames):
        absent.update(dict.fromkeys(names, "the motion was not given"))
        return dict.fromkeys(names)
    starts = lipsync.blink_starts(motion, _BLINKING)
    if not len(starts):
        absent["blink_seconds"] = "there was no blink"
        return {"blinks_per_minute": 0.0, "blink_seconds": None}
    closed = int((motion.channel("eyeBlinkLeft") >= _BLINKING).sum())
    return {"blinks_per_minute": 60 * len(starts) / motion.duration, "blink_seconds": closed / FPS / len(starts)}


def _overall(found: QualityReport) -> float | None:
    return overall(
        ssim=found.ssim,
        closure_hits=found.closure_hits,
        correlation=found.lip_sync,
        lag=found.lag,
        shut_in_silence=found.shut_in_silence,
        flicker=found.flicker,
        sound_excess=found.sound_excess,
    )


def _grey(picture: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _sized(portrait: Pixels, shape: tuple[int, int]) -> Pixels:
    if portrait.shape[:2] == shape:
        return portrait
    way = cv2.INTER_AREA if portrait.shape[0] > shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(portrait, shape[::-1], interpolation=way), np.uint8)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items()}
    return value
