"""Fetches packages some at a time, so that one's start and another's checking do not wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final

from visavis.weights.sources import Package

AT_ONCE: Final = 3
"""More take the line away from each other, and each client's start takes a processor."""


class Fetching:
    """Packages that are on their way; a context that begins with the first of them and leaves none behind."""

    def __init__(self, fetch: Callable[[Package], None], give_up: Callable[[], None]) -> None:
        """`fetch` blocks until a package is there, or raises; `give_up` makes those that run end soon."""
        self._fetch, self._give_up = fetch, give_up
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="visavis-fetch")
        self._coming: dict[Package, Future[None]] = {}

    def begin(self, packages: Iterable[Package]) -> None:
        """Starts to fetch them, in this order."""
        for package in packages:
            self._coming[package] = self._threads.submit(self._fetch, package)

    def wait(self, package: Package) -> None:
        """Returns when it is there, fetching it now if it was not begun. Raises what `fetch` raises, once."""
        coming = self._coming.pop(package, None)
        if coming is None:
            self._fetch(package)
        else:
            coming.result()

    def __enter__(self) -> Fetching:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._give_up()
        self._threads.shutdown(cancel_futures=True)
