"""A turn detector that judges by what was said (in the fake voice's sound code), by silence, or by script."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import numpy as np

from visavis.core.language import LANGUAGES
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.fake import spoken
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.resample import at_rate
from visavis.engines.turn_detector import TurnDetectorCapabilities

_QUIET: Final = 0.01
_HALF_SILENCE_SECONDS: Final = 0.5
_OPEN_ENDINGS: Final = (",", "，", "、", "…", "...", "-", " and", " but", " y", " pero", "和", "但是")
_CLOSED_ENDINGS: Final = (".", "!", "?", "。", "！", "？")


class FakeTurnDetector:
    """0.95 for a sentence that ends, 0.05 for one that is open; other sound by the silence behind it, 0.5 at half a
    second. Scripted answers come first; `delay` seconds pass on `sleep` before each."""

    def __init__(
        self,
        script: Iterable[float] = (),
        delay: float = 0.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._script = deque(script)
        self._delay = delay
        self._sleep = sleep

    @property
    def capabilities(self) -> TurnDetectorCapabilities:
        """The three languages, 8 seconds."""
        return TurnDetectorCapabilities(languages=frozenset(LANGUAGES), max_seconds=8.0)

    async def complete(self, audio: AudioChunk) -> float:
        """Probability in [0, 1] that the turn is complete; 0.0 for no audio or silence."""
        await self._sleep(self._delay)
        if self._script:
            return self._script.popleft()
        samples = at_rate(audio, SPEECH_RATE)[-8 * SPEECH_RATE :]
        voiced = np.flatnonzero(np.abs(samples) > _QUIET)
        if not len(voiced):
            return 0.0
        text = spoken.decode(samples, SPEECH_RATE).rstrip()
        if text.endswith(_OPEN_ENDINGS):
            return 0.05
        if text.endswith(_CLOSED_ENDINGS):
            return 0.95
        silence = (len(samples) - 1 - int(voiced[-1])) / SPEECH_RATE
        return min(1.0, silence / (2 * _HALF_SILENCE_SECONDS))

    async def warm(self) -> None:
        """Nothing to load."""

    async def aclose(self) -> None:
        """Nothing to free."""


def _create(context: EngineContext) -> FakeTurnDetector:
    return FakeTurnDetector(delay=float(context.options.get("delay", 0.0)))


ENGINE: Final = EngineInfo(
    kind="turn_detector",
    name="fake",
    summary="Judges by punctuation in the fake voice's sound code, else by silence: deterministic, for tests.",
    create=_create,
)
