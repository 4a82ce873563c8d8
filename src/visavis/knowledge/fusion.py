"""Joins rankings that know nothing of each other: reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, TypeVar

Key = TypeVar("Key", bound=Hashable)

_SMOOTHING: Final = 60
"""Of Cormack, Clarke and Büttcher (SIGIR 2009): how little the first places stand out."""


def fuse(rankings: Sequence[Sequence[Key]]) -> dict[Key, float]:
    """What each key gains by its places, the best first; a key counts once in a ranking."""
    gained: dict[Key, float] = {}
    for ranking in rankings:
        for place, key in enumerate(dict.fromkeys(ranking)):
            gained[key] = gained.get(key, 0.0) + 1.0 / (_SMOOTHING + 1 + place)
    return dict(sorted(gained.items(), key=lambda pair: -pair[1]))
