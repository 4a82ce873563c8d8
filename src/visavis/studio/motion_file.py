"""A motion as a file."""

from __future__ import annotations

import io

import numpy as np

from visavis.core.motion import Motion


def write_motion(motion: Motion) -> bytes:
    """An NPZ of it; the same motion gives the same bytes."""
    stream = io.BytesIO()
    np.savez_compressed(stream, frames=motion.frames, start=motion.start)
    return stream.getvalue()


def read_motion(data: bytes) -> Motion:
    """Reads what `write_motion` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return Motion(np.asarray(archive["frames"], np.float32), float(archive["start"]))
