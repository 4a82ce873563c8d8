"""Where in a recording somebody speaks."""

from __future__ import annotations

from typing import Final

import numpy as np

from visavis.core.media import Samples
from visavis.engines.vad import VAD

SPEECH: Final = 0.5
"""Probability from which a window counts as speech."""

_GAP: Final = 0.25
_SHORTEST: Final = 0.09
"""Seconds: shorter gaps are bridged, shorter bursts dropped."""


def speech_spans(vad: VAD, samples: Samples) -> tuple[tuple[float, float], ...]:
    """Start and end (s) of everything said in `samples`, mono at the VAD's rate. Blocking: 2 ms a window at most."""
    able, stream = vad.capabilities, vad.stream()
    step = able.window / able.rate
    padded = np.pad(samples, (0, -len(samples) % able.window)).astype(np.float32)
    spans: list[tuple[float, float]] = []
    for number, window in enumerate(padded.reshape(-1, able.window)):
        if stream.probability(np.ascontiguousarray(window)) < SPEECH:
            continue
        start, end = number * step, (number + 1) * step
        if spans and start - spans[-1][1] <= _GAP:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    longest = len(samples) / able.rate
    return tuple((start, min(end, longest)) for start, end in spans if end - start >= _SHORTEST)
