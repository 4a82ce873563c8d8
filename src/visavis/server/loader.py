"""Gets the server ready in the background, while the page is already served."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Literal

import structlog

from visavis.core.errors import VisavisError
from visavis.engines.pool import Component
from visavis.server.engine_states import broken

_log = structlog.get_logger(__name__)


class Loader:
    """Runs the start-up work once and says how far it is."""

    def __init__(self, work: Callable[[], Awaitable[None]], components: Callable[[], list[Component]]) -> None:
        """`work` loads everything; `components` lists the parts as they stand."""
        self._work = work
        self._components = components
        self._done = asyncio.Event()
        self.error: VisavisError | None = None
        """Why the server cannot work, None while it can."""

    @property
    def ready(self) -> bool:
        """Whether conversations can begin."""
        return self._done.is_set() and self.error is None

    async def run(self) -> None:
        """Loads everything; a failure is kept, not raised."""
        begin = time.monotonic()
        try:
            await self._work()
            _log.info("server.ready", seconds=round(time.monotonic() - begin, 2))
        except VisavisError as error:
            _log.error("server.failed", code=error.code, message=error.message)
            self.error = error
        except Exception:
            _log.exception("server.failed")
            self.error = VisavisError("internal", "The server could not start; its log says why.")
        self._done.set()

    async def wait(self) -> None:
        """Returns when conversations can begin. Raises the VisavisError that prevents it."""
        await self._done.wait()
        if self.error is not None:
            raise self.error

    @property
    def components(self) -> list[Component]:
        """The parts as they stand."""
        return self._components()

    def report(self) -> dict[str, Any]:
        """What `/readyz` says; `degraded`: conversations go on, but a part is out of order."""
        status: Literal["ready", "degraded", "loading", "failed"] = "loading"
        if self.ready:
            status = "degraded" if broken(self.components) else "ready"
        if self.error is not None:
            status = "failed"
        detail = self.error.message if self.error else ""
        return {"status": status, "detail": detail, "components": [asdict(part) for part in self.components]}
