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

_GAP: Final = 0.2
"""Seconds without a packet that count as as much silence: a turn must end although its microphone was switched off."""


async def listen(track: MediaStreamTrack, hear: Callable[[AudioChunk], None]) -> None:
    """Passes on what the track brings, mono and at its own rate, until it ends."""
    rate = 0
    while True:
        try:
            async with asyncio.timeout(_GAP if rate else None):
                frame = await track.recv()
        except TimeoutError:
            hear(AudioChunk(np.zeros(round(_GAP * rate), np.float32), rate))
            continue
        except MediaStreamError:
            return
        if isinstance(frame, AudioFrame):
            rate = frame.sample_rate
            hear(_mono(frame))


def _mono(frame: AudioFrame) -> AudioChunk:
    channels = len(frame.layout.channels)
    samples = frame.to_ndarray().reshape(-1, channels).astype(np.float32) / 32768.0
    return AudioChunk(samples.mean(axis=1), frame.sample_rate)
