"""How much one sender may ask for: so often in a time, and so much at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from functools import partial

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from visavis.core.errors import VisavisError


class LimitedError(VisavisError):
    """Somebody asks too much; `wait` says how many seconds to wait before asking again."""

    def __init__(self, code: str, message: str, wait: float) -> None:
        super().__init__(code, message, retryable=True)
        self.wait = wait


def limits_of(text: str) -> tuple[RateLimitItem, ...]:
    """Limits as people write them: `1200/minute;50000/day`, "" for none. Raises VisavisError `settings.invalid`."""
    try:
        return tuple(parse_many(text)) if text.strip() else ()
    except ValueError as error:
        sentence = f"'{text}' is not a limit; write one like `1200/minute` or `1200/minute;50000/day`."
        raise VisavisError("settings.invalid", sentence) from error


class Rates:
    """Counts in memory; what is over its time is forgotten."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._present: Counter[str] = Counter()

    async def take(self, limits: tuple[RateLimitItem, ...], who: str, code: str, sentence: str) -> None:
        """Counts one more of `who`. Raises LimitedError `code` when that is too many."""
        for limit in limits:
            if not await self._limiter.hit(limit, who):
                raise await self._refusal(limit, who, code, sentence)

    async def require(self, limits: tuple[RateLimitItem, ...], who: str, code: str, sentence: str) -> None:
        """Counts nothing. Raises LimitedError `code` when `who` has none left."""
        for limit in limits:
            if not await self._limiter.test(limit, who):
                raise await self._refusal(limit, who, code, sentence)

    def enter(self, who: str, most: int) -> Callable[[], None]:
        """One more of `who` is under way, until what is returned is called. Raises LimitedError `rate.busy`."""
        if self._present[who] >= most:
            raise LimitedError("rate.busy", f"You have {most} of these under way; wait for one of them to end.", 1.0)
        self._present[who] += 1
        return partial(self._leave, who)

    def _leave(self, who: str) -> None:
        self._present[who] -= 1
        if not self._present[who]:
            del self._present[who]

    async def _refusal(self, limit: RateLimitItem, who: str, code: str, sentence: str) -> LimitedError:
        stats = await self._limiter.get_window_stats(limit, who)
        return LimitedError(code, sentence, max(1.0, stats.reset_time - time.time()))
