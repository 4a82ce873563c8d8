"""Decides whether what was found helps to answer, or nothing relevant is known.

A question about something that the documents leave out is as near to them as one that they answer: what gives it away
is that no passage stands out among those around it. So the judge weighs likeness and words both as they are and as they
stand out. And a passage without a price cannot say what something costs, however near it is. The weights are a logistic
regression on the calibration half of the benchmark's questions (`python -m bench.calibration` fits them anew); `make
bench BENCH=knowledge` says how it does on the other half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from visavis.core.asked import asked, offers
from visavis.knowledge.candidate import Candidate, Query
from visavis.knowledge.ranking import LEADERS

Features = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each of the `features` counts for, in log-odds, from which sum on a passage is worth reading, and from which
    it is sure to hold the answer, so that it may be quoted unread."""

    features: Features
    constant: float
    least: float
    sure: float


FITTED: Final = Weights(features=(8.00, 10.54, 2.95, 5.12, -2.26), constant=-3.44, least=-0.29, sure=0.93)
"""By `bench.calibration`."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """A `knowledge.candidate.Judge`: something is known when one of the first candidates passes; then all of them that
    come near to passing are kept."""

    weights: Weights = FITTED
    slack: float = 1.0
    """By how much less, in log-odds, the others may have."""

    def keep(self, query: Query, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Those that help, in the order given; none when nothing relevant is known."""
        kinds = asked(query.text)
        sums = [(self.weigh(query, one), one) for one in candidates[:LEADERS] if could_tell(one, kinds)]
        if max((value for value, _ in sums), default=float("-inf")) <= self.weights.least:
            return ()
        return tuple(
            replace(one, odds=value, sure=value > self.weights.sure)
            for value, one in sums
            if value > self.weights.least - self.slack
        )

    def weigh(self, query: Query, candidate: Candidate) -> float:
        """The log-odds that a candidate helps."""
        pairs = zip(self.weights.features, features(query, candidate), strict=True)
        return self.weights.constant + sum(weight * value for weight, value in pairs)


def could_tell(candidate: Candidate, kinds: tuple[str, ...]) -> bool:
    """Whether a passage has the kinds of thing in it that are asked for."""
    return offers(f"{candidate.passage.heading}\n{candidate.passage.text}", kinds)


def features(query: Query, candidate: Candidate) -> Features:
    """What speaks for a candidate. Words count only within a language: those of another are never there."""
    same = float(query.language == candidate.passage.language)
    return (
        candidate.cosine,
        candidate.apart,
        same * candidate.matched,
        same * candidate.matched_apart,
        same,
    )
