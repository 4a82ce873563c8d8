"""What the microphone hears, and what of it is speech."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import soxr

from visavis.core.media import SPEECH_RATE, AudioChunk, Samples
from visavis.core.polyphase import Polyphase, knows
from visavis.core.segmenter import Segmenter, SegmenterOptions, Voice
from visavis.engines.vad import VADCapabilities, VADStream


class Ear:
    """One person's audio at 16 kHz: the last minute of it, with the segmenter over it.

    Times are seconds of all audio received. Not for concurrent use; everything here takes well under a millisecond
    a window.
    """

    def __init__(
        self, vad: VADStream, capabilities: VADCapabilities, threshold: float = 0.5, keep: float = 62.0
    ) -> None:
        """`keep` is how many seconds of audio stay in memory; older audio is forgotten."""
        self._vad = vad
        self._window = capabilities.window
        options = SegmenterOptions(threshold=threshold, release=max(0.05, threshold - 0.15))
        self.segmenter = Segmenter(capabilities.window / SPEECH_RATE, options)
        self._keep = int(keep * SPEECH_RATE)
        self._rate = 0
        self._convert: Callable[[Samples], Samples] = lambda samples: samples
        self._pending = np.zeros(0, dtype=np.float32)
        self._windows: list[Samples] = []
        self._dropped = 0
        self.voiced_at = 0.0
        """When, by the clock given to `push`, the last voiced window was received."""

    @property
    def time(self) -> float:
        """Seconds of audio heard so far, in whole windows."""
        return self.segmenter.time

    def push(self, chunk: AudioChunk, now: float) -> Iterator[Voice]:
        """Takes more audio of any rate, received at `now`; yields what each window changes."""
        samples = self._resample(chunk)
        self._pending = np.concatenate((self._pending, samples)) if len(self._pending) else samples
        while len(self._pending) >= self._window:
            window, self._pending = self._pending[: self._window], self._pending[self._window :]
            self._windows.append(window)
            if len(self._windows) * self._window > self._keep:
                self._windows.pop(0)
                self._dropped += self._window
            before = self.segmenter.last_voiced
            voice = self.segmenter.push(self._vad.probability(window))
            if self.segmenter.last_voiced != before:
                # A client in real time sends chunks well below 0.2 s; one that sends a file at once has no such past.
                self.voiced_at = now - min(len(self._pending) / SPEECH_RATE, 0.2)
            yield voice

    def _resample(self, chunk: AudioChunk) -> Samples:
        if chunk.rate == SPEECH_RATE:
            return chunk.samples
        if chunk.rate != self._rate:
            self._rate = chunk.rate
            self._convert = _converter(chunk.rate)
        return self._convert(chunk.samples)

    def audio(self, start: float, end: float = math.inf) -> AudioChunk:
        """What was heard from `start` to `end`, as far as it is still remembered."""
        first = max(0, int(max(0.0, start) * SPEECH_RATE) - self._dropped) // self._window
        until = min(end, self.time)
        last = math.ceil((until * SPEECH_RATE - self._dropped) / self._window)
        windows = self._windows[first : max(first, last)]
        samples = np.concatenate(windows) if windows else np.zeros(0, dtype=np.float32)
        return AudioChunk(samples, SPEECH_RATE, (self._dropped + first * self._window) / SPEECH_RATE)

    def release(self, until: float) -> None:
        """Forgets what was heard before `until`."""
        count = min(len(self._windows), (int(until * SPEECH_RATE) - self._dropped) // self._window)
        if count > 0:
            del self._windows[:count]
            self._dropped += count * self._window

    def forget(self) -> None:
        """Drops all audio and the detector's memory of it; time goes on."""
        self.segmenter.end()
        self._dropped += len(self._windows) * self._window
        self._windows.clear()
        self._pending = self._pending[:0]
        self._vad.reset()


def _converter(rate: int) -> Callable[[Samples], Samples]:
    """What brings a stream of `rate` Hz to the rate of speech. soxr gives out blocks of 33 ms and more, each late by as
    much, so it is asked only for rates that the table does not know."""
    if knows(rate, SPEECH_RATE):
        return Polyphase(rate, SPEECH_RATE).push
    convert: Callable[[Samples], Samples] = soxr.ResampleStream(rate, SPEECH_RATE, 1, "float32", "MQ").resample_chunk
    return convert
