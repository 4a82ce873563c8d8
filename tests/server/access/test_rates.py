"""Nobody takes all there is."""

from __future__ import annotations

import pytest

from visavis.core.errors import VisavisError
from visavis.server.access.rates import LimitedError, Rates, limits_of


async def test_so_often_and_no_more() -> None:
    rates = Rates()
    limits = limits_of("3/minute")
    for _ in range(3):
        await rates.take(limits, "one", "rate.limited", "Slowly.")
    with pytest.raises(LimitedError) as caught:
        await rates.take(limits, "one", "rate.limited", "Slowly.")
    assert (caught.value.code, caught.value.retryable) == ("rate.limited", True)
    assert 1 <= caught.value.wait <= 61
    await rates.take(limits, "other", "rate.limited", "Slowly.")


async def test_every_limit_of_several_holds() -> None:
    rates = Rates()
    limits = limits_of("100/minute;2/day")
    for _ in range(2):
        await rates.take(limits, "one", "rate.quota", "Tomorrow.")
    with pytest.raises(LimitedError):
        await rates.take(limits, "one", "rate.quota", "Tomorrow.")


async def test_looking_costs_nothing() -> None:
    rates = Rates()
    limits = limits_of("1/minute")
    for _ in range(5):
        await rates.require(limits, "one", "rate.guesses", "Wait.")
    await rates.take(limits, "one", "rate.guesses", "Wait.")
    with pytest.raises(LimitedError):
        await rates.require(limits, "one", "rate.guesses", "Wait.")


def test_so_many_at_once() -> None:
    rates = Rates()
    leave = [rates.enter("one", 2), rates.enter("one", 2)]
    with pytest.raises(LimitedError) as caught:
        rates.enter("one", 2)
    assert caught.value.code == "rate.busy"
    rates.enter("other", 2)()
    leave[0]()
    rates.enter("one", 2)()


def test_no_limit_and_no_sense() -> None:
    assert limits_of(" ") == ()
    for text in ("many", "3", "-3/minute", "3/moment"):
        with pytest.raises(VisavisError) as caught:
            limits_of(text)
        assert caught.value.code == "settings.invalid"
