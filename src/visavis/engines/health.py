"""Whether an engine that lives elsewhere can be used now."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from visavis.core.errors import VisavisError

Listener = Callable[[VisavisError | None], None]
"""Is told why an engine cannot be used, or None when it can be again."""


class Health:
    """Well until it is told otherwise. An engine that depends on something outside this process has one as `health`;
    who listens is told of every change. For one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.error: VisavisError | None = None
        """Why the engine cannot be used; None while it can."""
        self._clock = clock
        self._since = 0.0
        self._listeners: list[Listener] = []
        self._well, self._ill = asyncio.Event(), asyncio.Event()
        self._well.set()

    def listen(self, listener: Listener) -> None:
        """Has `listener` told of every change from now on."""
        self._listeners.append(listener)

    def fail(self, error: VisavisError) -> None:
        """It cannot be used now."""
        before, self.error = self.error, error
        if before is None:
            self._since = self._clock()
            self._well.clear()
            self._ill.set()
        if before is None or before.message != error.message:
            self._tell()

    def recover(self) -> None:
        """It can be used again."""
        if self.error is not None:
            self.error = None
            self._ill.clear()
            self._well.set()
            self._tell()

    @property
    def away(self) -> float:
        """Seconds since it failed; 0 while it is well."""
        return 0.0 if self.error is None else self._clock() - self._since

    async def until_well(self) -> None:
        """Returns when it can be used."""
        await self._well.wait()

    async def until_ill(self) -> None:
        """Returns when it cannot be used."""
        await self._ill.wait()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener(self.error)
