"""Takes a turn's times, beside the pipeline: stages are wrapped, not taught to measure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

from visavis.core.turn import TurnTimings

T = TypeVar("T")


class Stopwatch:
    """The times of one turn, by the event loop's clock, in seconds."""

    def __init__(self, turn_id: str, origin: float) -> None:
        """`origin`: when the last voiced sample, or the typed request, was received."""
        self.turn_id = turn_id
        self.origin = origin
        self.tokens: int | None = None
        self._marks: dict[str, float] = {}

    def mark(self, name: str) -> None:
        """Something happened now; only the first time counts."""
        self._marks.setdefault(name, asyncio.get_running_loop().time())

    def marked(self, name: str) -> bool:
        """Whether it has happened."""
        return name in self._marks

    def watch(
        self, stream: AsyncGenerator[T, None], name: str, when: Callable[[T], bool] = lambda _: True
    ) -> AsyncGenerator[T, None]:
        """The same stream; its first item that satisfies `when` is marked as `name`, its end as `name`_end."""

        async def watched() -> AsyncGenerator[T, None]:
            async for item in stream:
                if when(item):
                    self.mark(name)
                yield item
            self.mark(f"{name}_end")

        return watched()

    def _after(self, name: str) -> float | None:
        mark = self._marks.get(name)
        return None if mark is None else round((mark - self.origin) * 1000, 1)

    def _between(self, begin: str, end: str) -> float | None:
        if begin not in self._marks or end not in self._marks:
            return None
        return round((self._marks[end] - self._marks[begin]) * 1000, 1)

    def timings(self, response_id: str) -> TurnTimings:
        """What has been measured so far."""
        speed = None
        generating = self._between("first_token", "llm_end")
        if self.tokens and generating:
            speed = round(max(0, self.tokens - 1) / generating * 1000, 1)
        return TurnTimings(
            turn_id=self.turn_id,
            response_id=response_id,
            endpoint=self._after("endpoint"),
            transcript=self._after("transcript"),
            first_token=self._after("first_token"),
            first_audio=self._after("first_audio"),
            first_motion=self._after("first_motion"),
            done=self._after("done"),
            stt_ms=self._between("stt", "transcript"),
            llm_ms=self._between("llm", "first_token"),
            tts_ms=self._between("first_text", "first_speech"),
            waited_ms=self._between("line", "admitted"),
            tokens=self.tokens,
            tokens_per_second=speed,
        )
