"""Looks after a service: now and then while it is well, often while it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from visavis.core.errors import VisavisError
from visavis.engines.health import Health

_SOON: Final = 0.2
_SLOWER: Final = 1.5
_MISSES: Final = 2
"""Answers that may fail to come in time before a service is taken to be away: it may only be busy."""


class Watch:
    """Keeps a `Health` true by asking the service itself."""

    def __init__(
        self,
        look: Callable[[], Awaitable[VisavisError | None]],
        health: Health,
        rhythm: Callable[[], tuple[float, float]],
    ) -> None:
        """`look` says what is wrong, None when nothing is; `rhythm` gives the seconds between two looks, first while
        the service is well, then the most while it is not."""
        self._look, self._health, self._rhythm = look, health, rhythm
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        health.listen(lambda error: self.hurry() if error else None)

    def start(self) -> None:
        """Begins, when it has not yet; to be called on the event loop."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def hurry(self) -> None:
        """Looks at once: there is reason for doubt."""
        self._hurry.set()

    async def aclose(self) -> None:
        """Ends it."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))

    async def _run(self) -> None:
        pause, misses = 0.0, 0
        while True:
            error = await self._look()
            well, latest = self._rhythm()
            if error is None:
                pause, misses = well, 0
                self._health.recover()
            else:
                misses += 1
                pause = min(latest, max(_SOON, pause * _SLOWER if misses > 1 else _SOON))
                if misses >= _MISSES or not error.code.endswith(".timeout"):
                    self._health.fail(error)
            self._hurry.clear()
            try:
                async with asyncio.timeout(pause):
                    await self._hurry.wait()
            except TimeoutError:
                continue
