"""What a caller's track brings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from visavis.core.media import AudioChunk

_LOOK: Final = 0.05
_LOOKS: Final = 5
"""After so many looks, so many seconds apart, that found no packet, that time counts as silence: a turn must end
although its microphone was switched off. Looks, not one long wait: when this process was held up, what came meanwhile
is found by the next look, and no silence gets between."""


async def listen(track: MediaStreamTrack, hear: Callable[[AudioChunk], None]) -> None:
    """Passes on what the track brings, mono and at its own rate, until it ends."""
    rate = 0
    missed = 0
    while True:
        try:
            async with asyncio.timeout(_LOOK if rate else None):
                frame = await track.recv()
        except TimeoutError:
            missed += 1
            if missed % _LOOKS == 0:
                hear(AudioChunk(np.zeros(round(_LOOKS * _LOOK * rate), np.float32), rate))
            continue
        except MediaStreamError:
            return
        missed = 0
        if isinstance(frame, AudioFrame):
            rate = frame.sample_rate
            hear(_mono(frame))


def _mono(frame: AudioFrame) -> AudioChunk:
    channels = len(frame.layout.channels)
    samples = frame.to_ndarray().reshape(-1, channels).astype(np.float32) / 32768.0
    return AudioChunk(samples.mean(axis=1), frame.sample_rate)
