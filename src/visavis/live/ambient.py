"""Keeps the face alive between and beneath the words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from visavis.core.events import AmbientMotion
from visavis.core.motion import FPS, Motion
from visavis.live.animate import AmbientAnimator


class Ambient:
    """Sends ambient motion in batches of `batch` seconds, `ahead` of real time."""

    def __init__(
        self,
        animator: AmbientAnimator,
        emit: Callable[[AmbientMotion], None],
        *,
        batch: float = 0.4,
        ahead: float = 0.4,
    ) -> None:
        self.animator = animator
        self._emit = emit
        self._frames = max(1, round(batch * FPS))
        self._ahead = ahead

    async def run(self, wanted: asyncio.Event) -> None:
        """Runs until cancelled; nothing is made while `wanted` is not set, and what is long overdue is skipped."""
        clock = asyncio.get_running_loop().time
        begin, sent = clock(), 0.0
        while True:
            await wanted.wait()
            now = clock() - begin
            sent = sent if now - sent < 1.0 else now
            while sent < now + self._ahead:
                motion = self.animator.advance(self._frames)
                self._emit(AmbientMotion(Motion(motion.frames, sent)))
                sent += len(motion.frames) / FPS
            await asyncio.sleep(max(0.001, sent - self._ahead - (clock() - begin)))
