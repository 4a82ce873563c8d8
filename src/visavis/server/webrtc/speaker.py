"""The avatar's voice as a track that plays in real time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import soxr
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from visavis.core.events import AudioDelta
from visavis.core.media import VOICE_RATE, AudioChunk, Samples

FRAME: Final = VOICE_RATE // 50
"""Samples of a frame: 20 ms."""
_LATE: Final = 0.2
"""Seconds behind its time from which the track goes on from now instead of catching up."""
_EVERY: Final = 10
"""Frames between two reports while something plays."""
_HELD: Final = 60 * VOICE_RATE
"""Samples that wait at most; a session sends half a second ahead."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Where the track is: `position` seconds into the item's audio at `track` seconds on its own clock, `playing` on or
    not. `finished`: that was all of it."""

    response_id: str
    item_id: str
    position: float
    track: float
    playing: bool
    finished: bool = False


@dataclass(slots=True)
class _Piece:
    response_id: str
    item_id: str
    samples: Samples
    start: float


class Speaker(MediaStreamTrack):
    """Plays what it is given, in frames of 20 ms, with silence between; tells how far it is.

    Its clock begins at 0 with its first frame.
    """

    kind = "audio"

    def __init__(self, told: Callable[[Heard], None]) -> None:
        """`told` is called when an item begins, every 200 ms, and when it stops: at its end, or for want of sound."""
        super().__init__()
        self._told = told
        self._pieces: deque[_Piece] = deque()
        self._held = 0
        self._played = 0
        self._due = 0.0
        self._since = 0
        self._now: Heard | None = None
        self._complete = ""
        self._filled = ("", 0.0)
        self._source: tuple[str, int] = ("", VOICE_RATE)
        self._resampler: soxr.ResampleStream | None = None

    @property
    def clock(self) -> float:
        """Seconds played, silence included."""
        return self._played / VOICE_RATE

    def put(self, event: AudioDelta) -> None:
        """More of an item's audio, of any rate."""
        samples = self._resample(event)
        if self._held + len(samples) > _HELD:
            return
        self._pieces.append(_Piece(event.response_id, event.item_id, samples, event.audio.start))
        self._held += len(samples)
        self._filled = (event.item_id, event.audio.end)

    def finish_item(self, item_id: str) -> None:
        """All of the item's audio has been put."""
        self._complete = item_id

    def flush(self) -> None:
        """Is silent from the next frame on."""
        self._pieces.clear()
        self._held = 0

    def place(self, item_id: str, position: float) -> float:
        """When, in seconds on the track's clock, that position of an item will be played, if nothing stalls."""
        known, filled = self._filled
        return (self._played + self._held) / VOICE_RATE + position - (filled if known == item_id else 0.0)

    def _resample(self, event: AudioDelta) -> Samples:
        audio: AudioChunk = event.audio
        if audio.rate == VOICE_RATE:
            return audio.samples
        if self._source != (event.item_id, audio.rate) or self._resampler is None:
            self._source = (event.item_id, audio.rate)
            self._resampler = soxr.ResampleStream(audio.rate, VOICE_RATE, 1, dtype="float32")
        out: Samples = self._resampler.resample_chunk(audio.samples)
        return out

    async def recv(self) -> AudioFrame:
        """The next frame, when it is time for it. Raises MediaStreamError when the track has ended."""
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        if not self._due or now - self._due > _LATE:
            self._due = now
        await asyncio.sleep(self._due - now)
        self._due += FRAME / VOICE_RATE
        samples = self._next()
        frame = AudioFrame.from_ndarray(
            (np.clip(samples, -1.0, 1.0) * 32767.0).astype(np.int16)[None, :], format="s16", layout="mono"
        )
        frame.sample_rate = VOICE_RATE
        frame.time_base = Fraction(1, VOICE_RATE)
        frame.pts = self._played
        self._played += FRAME
        return frame

    def _next(self) -> Samples:
        self._tell()
        out = np.zeros(FRAME, np.float32)
        at = 0
        while at < FRAME and self._pieces:
            piece = self._pieces[0]
            taken = piece.samples[: FRAME - at]
            out[at : at + len(taken)] = taken
            at += len(taken)
            self._held -= len(taken)
            piece.samples = piece.samples[len(taken) :]
            piece.start += len(taken) / VOICE_RATE
            self._now = Heard(piece.response_id, piece.item_id, piece.start, self.clock + at / VOICE_RATE, True)
            if not len(piece.samples):
                self._pieces.popleft()
        return out

    def _tell(self) -> None:
        """Says what has changed at the edge of a frame."""
        now, piece = self._now, self._pieces[0] if self._pieces else None
        if now is not None and (piece is None or piece.item_id != now.item_id):
            finished = now.item_id == self._complete
            self._now = None
            self._told(Heard(now.response_id, now.item_id, now.position, now.track, False, finished))
            now = None
        if piece is not None and (now is None or self._since >= _EVERY):
            self._since = 0
            self._told(Heard(piece.response_id, piece.item_id, piece.start, self.clock, True))
        self._since += 1
