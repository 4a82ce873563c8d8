"""From speech probabilities to speech: when it started, when it paused, when it went on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Voice(Enum):
    """What one VAD window changed."""

    SILENT = "silent"
    """Nobody speaks."""
    SUSPECTED = "suspected"
    """A voiced window that is not speech yet: too short so far."""
    DISMISSED = "dismissed"
    """What was suspected was not speech."""
    STARTED = "started"
    """Speech has started."""
    SPEAKING = "speaking"
    """Speech goes on."""
    RESUMED = "resumed"
    """Speech goes on after a pause of at least one window."""
    PAUSED = "paused"
    """A window without voice within speech."""


@dataclass(frozen=True, slots=True)
class SegmenterOptions:
    """Hysteresis of the segmenter.

    `threshold` is the probability at which a window counts as voiced; once somebody speaks, it stays voiced down to
    `release`. `confirm` seconds of voice within `confirm_within` seconds make a start, so a click does not; after a
    pause, `resume` seconds of voice in a row do.
    """

    threshold: float = 0.5
    release: float = 0.35
    confirm: float = 0.09
    confirm_within: float = 0.25
    resume: float = 0.06


class Segmenter:
    """A state machine over the VAD's windows. It knows no clock: time is the audio's own, counted in windows."""

    def __init__(self, window: float, options: SegmenterOptions | None = None) -> None:
        """`window` is the length of a VAD window in seconds."""
        self._window = window
        self._options = options or SegmenterOptions()
        self.reset()

    def reset(self) -> None:
        """Back to silence at time 0."""
        self.time = 0.0
        """Seconds of audio seen."""
        self.started: float | None = None
        """Where the speech began, None while nobody speaks."""
        self.last_voiced = 0.0
        """Where the last voiced window ended."""
        self._suspected: float | None = None
        self._voiced = 0.0
        self._paused = False

    @property
    def speaking(self) -> bool:
        """Whether somebody speaks, pauses included, until `end`."""
        return self.started is not None

    @property
    def silence(self) -> float:
        """Seconds since the last voiced window."""
        return self.time - self.last_voiced

    def end(self) -> None:
        """The turn is over: what comes next is a new speech."""
        self.started = None
        self._suspected = None
        self._voiced = 0.0
        self._paused = False

    def push(self, probability: float) -> Voice:
        """Takes the next window's speech probability in [0, 1]."""
        begin, self.time = self.time, self.time + self._window
        if self.started is None:
            return self._idle(probability >= self._options.threshold, begin)
        level = self._options.threshold if self._paused else self._options.release
        return self._speech(probability >= level, begin)

    def _idle(self, voiced: bool, begin: float) -> Voice:
        if voiced:
            self.last_voiced = self.time
            if self._suspected is None:
                self._suspected, self._voiced = begin, 0.0
            self._voiced += self._window
            if self._voiced >= self._options.confirm:
                self.started, self._suspected, self._paused = self._suspected, None, False
                return Voice.STARTED
            return Voice.SUSPECTED
        if self._suspected is None:
            return Voice.SILENT
        if self.time - self._suspected >= self._options.confirm_within:
            self._suspected = None
            return Voice.DISMISSED
        return Voice.SUSPECTED

    def _speech(self, voiced: bool, begin: float) -> Voice:
        if not voiced:
            self._paused, self._voiced = True, 0.0
            return Voice.PAUSED
        if not self._paused:
            self.last_voiced = self.time
            return Voice.SPEAKING
        self._voiced += self._window
        if self._voiced < self._options.resume:
            return Voice.PAUSED
        self._paused = False
        self.last_voiced = self.time
        return Voice.RESUMED
