"""Ranks courses for a goal, a level and a career."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.engines.embedder import Embedder
from visavis.personas.courses import Course
from visavis.personas.lexicon import LEVELS
from visavis.personas.script import Script

NEAR: Final[dict[str, tuple[str, ...]]] = {
    "python": ("programming", "data-science"),
    "javascript": ("web",),
    "web": ("javascript", "design"),
    "machine-learning": ("data-science", "python"),
    "data-science": ("python", "sql", "machine-learning"),
    "sql": ("data-science",),
    "devops": ("cloud",),
    "cloud": ("devops",),
    "design": ("web",),
    "java": ("programming",),
    "cpp": ("programming",),
    "security": ("devops", "cloud"),
    "programming": ("python", "javascript"),
}
"""Topics that help with a topic, the closest first."""

MAIN, OTHER, CLOSE, WORD, CAREER, LIKENESS = 4.0, 2.6, 1.2, 0.4, 1.0, 0.8
LEVEL_COST: Final = (0.0, 1.4, 3.6)
"""What a course loses by its distance in levels."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person is looking for: ids of the lexicon."""

    goal: str
    level: str
    career: str


class Recommender:
    """Keyword overlap, level distance, career, and, once `warm` was called with an embedder, likeness of meaning."""

    def __init__(self, courses: Sequence[Course], embedder: Embedder | None = None) -> None:
        self._courses = tuple(courses)
        self._embedder = embedder
        self._vectors: NDArray[np.float32] | None = None

    @property
    def courses(self) -> tuple[Course, ...]:
        """The whole catalogue."""
        return self._courses

    async def warm(self) -> None:
        """Embeds the catalogue once; without an embedder there is nothing to do."""
        if self._embedder is not None and self._vectors is None:
            self._vectors = await self._embedder.embed([course.passage() for course in self._courses], "passage")

    async def best(self, wish: Wish, script: Script, count: int = 3) -> tuple[Course, ...]:
        """The `count` most fitting courses, the best first; equal ones in the order of the catalogue."""
        likeness = await self._likeness(wish, script)
        scores = [_score(course, wish) + LIKENESS * float(likeness[i]) for i, course in enumerate(self._courses)]
        order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
        return tuple(self._courses[i] for i in order[:count])

    async def _likeness(self, wish: Wish, script: Script) -> NDArray[np.float32]:
        """From 0 for the least to 1 for the most alike course."""
        if self._embedder is None or self._vectors is None:
            return np.zeros(len(self._courses), np.float32)
        labels = (script.label_of("goal", wish.goal), script.label_of("career", wish.career))
        query = await self._embedder.embed([f"{labels[0]}, {wish.level}, {labels[1]}"], "query")
        likeness = self._vectors @ query[0]
        spread = float(np.ptp(likeness))
        return (likeness - likeness.min()) / spread if spread > 0 else np.zeros_like(likeness)


def _score(course: Course, wish: Wish) -> float:
    distance = abs(LEVELS.index(course.level) - LEVELS.index(wish.level))
    words = sum(wish.goal.replace("-", " ") in keyword for keyword in course.keywords)
    return (
        _topic(course, wish.goal)
        + WORD * min(words, 1)
        - LEVEL_COST[distance]
        + CAREER * (wish.career in course.careers)
    )


def _topic(course: Course, goal: str) -> float:
    if course.topics[0] == goal:
        return MAIN
    if goal in course.topics:
        return OTHER
    near = [rank for rank, topic in enumerate(NEAR.get(goal, ())) if topic in course.topics]
    return CLOSE / (1 + min(near)) if near else 0.0


def card(course: Course, wish: Wish, script: Script, language: Language) -> dict[str, Any]:
    """A course as the page shows it, with one line that says why."""
    main = course.topics[0]
    return {
        "id": course.id,
        "title": course.title[language],
        "level": course.level,
        "level_label": script.label.level[course.level],
        "hours": course.hours,
        "topic": script.label.topic.get(main, main),
        "blurb": course.blurb[language],
        "why": _why(course, wish, script),
        "url": course.url,
    }


def _why(course: Course, wish: Wish, script: Script) -> str:
    why = script.why
    about = why.topic if course.topics[0] == wish.goal else why.uses if wish.goal in course.topics else why.nearby
    pieces = [about.format(topic=script.label.topic[wish.goal])]
    distance = abs(LEVELS.index(course.level) - LEVELS.index(wish.level))
    if distance <= 1:
        pieces.append(why.level if distance == 0 else why.near_level)
    if wish.career in course.careers and wish.career not in {"hobby", "exploring"}:
        pieces[1:] = [why.career] if distance else [why.level, why.career]
    return _joined(pieces, script)


def _joined(pieces: list[str], script: Script) -> str:
    """ "a", "a, and b", "a, b, and c", in the way of the language."""
    why = script.why
    head = why.comma.join(pieces[:-1])
    return (why.join.join((head, pieces[-1])) if head else pieces[-1]) + why.end
