"""Reads goal, level and career out of what a person says: rules over the lexicon, never a model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from visavis.personas.lexicon import Lexicon, Mention, is_end, is_pause
from visavis.personas.untrusted import plain

Fact = Literal["goal", "level", "career"]
Signal = Literal["help", "thanks", "unsure", "undecided", "question", "related", "inject", "negated", "wish", "idle"]

NEGATION_REACH: Final = 7
"""How many tokens a negation reaches."""
CAREER_OF: Final = {
    "python": "software-engineer", "javascript": "web-developer", "web": "web-developer",
    "machine-learning": "ml-engineer", "data-science": "data-scientist", "sql": "data-engineer",
    "devops": "devops-engineer", "cloud": "cloud-engineer", "design": "designer", "java": "software-engineer",
    "cpp": "software-engineer", "security": "security-analyst", "programming": "software-engineer",
}  # fmt: skip
"""The career meant by work in a field."""
BROAD: Final = frozenset({"programming"})
"""Topics that give way to any narrower one."""

_NUMBERS: Final = {
    "a": 1.0, "one": 1, "un": 1, "uno": 1, "一": 1, "two": 2, "dos": 2, "两": 2, "二": 2, "couple": 2, "three": 3,
    "tres": 3, "三": 3, "few": 2, "several": 4, "varios": 4, "几": 3, "four": 4, "cuatro": 4, "四": 4, "five": 5,
    "cinco": 5, "五": 5, "six": 6, "seis": 6, "六": 6, "seven": 7, "siete": 7, "七": 7, "eight": 8, "ocho": 8, "八": 8,
    "nine": 9, "nueve": 9, "九": 9, "ten": 10, "diez": 10, "十": 10, "fifteen": 15, "quince": 15, "twenty": 20,
    "veinte": 20, "半": 0.5, "half": 0.5, "medio": 0.5,
}  # fmt: skip
_SIGNALS: Final[tuple[Signal, ...]] = ("help", "thanks", "unsure", "undecided", "related", "question", "inject")
_YEARS: Final = frozenset({"year", "years", "yrs", "yr", "ano", "anos", "年"})
_MONTHS: Final = frozenset({"month", "months", "mes", "meses", "week", "weeks", "semana", "semanas", "月", "周"})
_PRACTICE: Final = frozenset({
    "experience", "coding", "programming", "using", "working", "doing", "developing", "experiencia", "programando",
    "usando", "trabajando", "usandolo", "desarrollando", "llevo", "经", "验", "编", "写", "用", "做", "干",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What one utterance says; a fact that it does not state is None."""

    goal: str | None = None
    level: str | None = None
    career: str | None = None
    signals: frozenset[Signal] = frozenset()
    words: int = 0

    @property
    def any(self) -> bool:
        """Whether it states a fact."""
        return bool(self.goal or self.level or self.career)


@dataclass(slots=True)
class _Found:
    """A fact mentioned, and how: `force` 2 wanted, 1 bare, 0 in passing; later corrections have a higher `rank`."""

    kind: str
    id: str
    position: int
    segment: int
    rank: int
    force: float


@dataclass(slots=True)
class _Scope:
    """What governs the words being read."""

    asked: Fact | None = None
    signals: set[Signal] = field(default_factory=set)
    mode: str = ""
    negated_until: int = -1
    negated_used: bool = False
    segment: int = 0
    rank: int = 0
    lift: float = 0.0
    dropped: bool = False
    third: bool = False
    job: bool = False
    answers: list[_Found] = field(default_factory=list)
    found: list[_Found] = field(default_factory=list)
    negated: bool = False


class Extractor:
    """Reads utterances in any mixture of the three languages. Pure: the same words give the same reading."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, text: str, asked: Fact | None = None) -> Reading:
        """What `text` says. `asked` is the fact the person was just asked for: a bare field of work then is a career,
        and a bare number of years a level."""
        clean, cut = plain(text)
        tokens = self._lexicon.corrected(self._lexicon.tokens(clean))
        mentions = self._lexicon.mentions(tokens)
        scope = _Scope(asked, {"inject"} if cut else set())
        for first, last in _sentences(tokens):
            inside = [m for m in mentions if first <= m.start < last]
            self._sentence(tokens, inside, (first, last), scope)
        if scope.negated:
            scope.signals.add("negated")
        goal, level, career = _chosen(scope)
        words = sum(1 for token in tokens if not is_end(token) and not is_pause(token))
        return Reading(goal, level, career, frozenset(scope.signals | _idle(tokens, mentions)), words)

    def _sentence(
        self, tokens: tuple[str, ...], mentions: list[Mention], bounds: tuple[int, int], scope: _Scope
    ) -> None:
        cues = {mention.id for mention in mentions if mention.kind == "cue"}
        scope.signals.update(signal for signal in _SIGNALS if signal in cues)
        if "want" in cues:
            scope.signals.add("wish")
        if "inject" in cues:
            return
        wants = "want" in cues or "aim" in cues
        if ("question" in cues and not wants) or "undecided" in cues:
            return
        scope.segment += 1
        scope.mode, scope.negated_until, scope.third, scope.job = "", -1, False, False
        self._experience(tokens[bounds[0] : bounds[1]], bounds[0], scope)
        by_start: dict[int, list[Mention]] = {}
        for mention in mentions:
            by_start.setdefault(mention.start, []).append(mention)
        for index in range(*bounds):
            if is_pause(tokens[index]):
                _pause(scope)
            here = by_start.get(index, ())
            for mention in here:
                if mention.kind == "cue":
                    _cue(mention, scope)
            for mention in here:
                if mention.kind == "answer":
                    scope.answers.append(_Found("level", mention.id, index, scope.segment, scope.rank, 0.0))
                elif mention.kind != "cue":
                    _fact(mention, scope, _followed(mention, mentions))

    def _experience(self, tokens: tuple[str, ...], offset: int, scope: _Scope) -> None:
        """Years of practice as a level: from five on advanced, from one intermediate, below that a beginner."""
        practised = scope.asked == "level" or bool(_PRACTICE & set(tokens))
        for index, token in enumerate(tokens):
            if not practised or token not in _YEARS | _MONTHS:
                continue
            before = [_number(word) for word in tokens[max(0, index - 3) : index]]
            counts = [count for count in before if count is not None]
            if not counts:
                continue
            years = counts[-1] if token in _YEARS else counts[-1] / 12
            level = "advanced" if years >= 5 else "intermediate" if years >= 1 else "beginner"
            scope.found.append(_Found("level", level, offset + index, scope.segment, scope.rank, 0.5))
            scope.mode = "have"


def _sentences(tokens: tuple[str, ...]) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for index, token in enumerate(tokens):
        if is_end(token):
            bounds.append((start, index))
            start = index + 1
    return [*bounds, (start, len(tokens))]


def _number(word: str) -> float | None:
    return float(word) if re.fullmatch(r"\d{1,2}", word) else _NUMBERS.get(word)


def _pause(scope: _Scope) -> None:
    scope.segment += 1
    scope.negated_until = -1
    scope.third = scope.job = False
    if scope.mode == "job":
        scope.mode = ""


def _cue(mention: Mention, scope: _Scope) -> None:
    name = mention.id
    if name == "negate":
        scope.negated_until, scope.negated_used = mention.end + NEGATION_REACH, False
    elif name in {"contrast", "correct"}:
        _pause(scope)
        scope.mode = "" if name == "contrast" or scope.mode == "have" else scope.mode
        scope.lift += 0.5
        scope.rank += name == "correct"
    elif name == "third":
        scope.third = True
    elif name in {"want", "aim", "field", "have", "job"}:
        if name in {"want", "aim", "field"} and scope.negated_used:
            scope.negated_until = -1
        if name == "want" and scope.mode != "want":
            scope.third = False
        scope.mode = name
        scope.job = name == "job"


def _followed(mention: Mention, mentions: list[Mention]) -> frozenset[str]:
    """Marks of work right after a mention: `field_after`, or `level` or `career` as the very next words."""
    marks = set()
    for other in mentions:
        gap = other.start - mention.end
        if other.kind == "cue" and other.id == "field_after" and 0 <= gap <= 1:
            marks.add("field_after")
        if other.kind in {"level", "career"} and 0 <= gap <= 1:
            marks.add(other.kind)
    return frozenset(marks)


def _fact(mention: Mention, scope: _Scope, after: frozenset[str]) -> None:
    found = _Found(mention.kind, mention.id, mention.start, scope.segment, scope.rank, 1.0 + scope.lift)
    if scope.third:
        return
    if mention.start < scope.negated_until:
        scope.negated = scope.negated_used = True
        return
    if mention.kind == "level":
        if scope.mode == "aim" and mention.id != "beginner":
            return
        if scope.mode == "job":
            scope.mode = ""
        scope.found.append(found)
    elif mention.kind == "career":
        if scope.job or scope.mode in {"have", "job"}:
            return
        scope.found.append(found)
    else:
        _topic(found, scope, after)


def _topic(found: _Found, scope: _Scope, after: frozenset[str]) -> None:
    if scope.mode == "field" or ("field_after" in after and scope.mode != "want"):
        found.kind, found.id = "career", CAREER_OF[found.id]
    elif scope.mode == "job" or (scope.job and "career" in after):
        if "level" not in after:
            return
    elif scope.mode == "have":
        return
    elif scope.mode == "want":
        found.force += 1.0
    elif scope.mode == "aim":
        found.force -= 0.5
    if found.kind == "topic" and found.id in BROAD:
        found.force -= 2.0
    scope.found.append(found)


def _best(found: list[_Found]) -> _Found | None:
    """The last correction, then the strongest, then the first."""
    return min(found, key=lambda one: (-one.rank, -one.force, one.position), default=None)


def _chosen(scope: _Scope) -> tuple[str | None, str | None, str | None]:
    topics = [one for one in scope.found if one.kind == "topic"]
    levels = [one for one in scope.found if one.kind == "level"]
    careers = [one for one in scope.found if one.kind == "career"]
    if scope.asked == "career" and not careers:
        if topics and not levels and not scope.rank and "wish" not in scope.signals:
            careers = [replace(topic, kind="career", id=CAREER_OF[topic.id]) for topic in topics]
            topics = []
        elif not topics and "unsure" in scope.signals:
            careers = [_Found("career", "exploring", 0, 0, 0, 0.0)]
    if scope.asked == "level" and not levels and not topics:
        levels = scope.answers
    goal = _best(topics)
    for one in levels:
        one.force += 0.75 * (goal is not None and one.segment == goal.segment)
    return _id(goal), _id(_best(levels)), _id(_best(careers))


def _id(found: _Found | None) -> str | None:
    return found.id if found else None


def _idle(tokens: tuple[str, ...], mentions: tuple[Mention, ...]) -> set[Signal]:
    """`idle` when hardly a word is left beside greetings, yes and no, and words like "well"."""
    covered: set[int] = set()
    for mention in mentions:
        if mention.kind == "cue" and mention.id in {"small", "unsure", "neutral", "correct", "negate"}:
            covered |= set(range(mention.start, mention.end))
    rest = [i for i, token in enumerate(tokens) if i not in covered and not is_end(token) and not is_pause(token)]
    return {"idle"} if len(rest) <= 1 else set()
