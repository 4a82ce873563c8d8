"""Has the person finished? Silence, the sound of the voice and the words decide together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known at one moment: seconds of `silence`; the turn detector's `probability` that the turn is complete
    and the `transcript` so far, each None until it is known."""

    silence: float
    probability: float | None = None
    transcript: str | None = None


@dataclass(frozen=True, slots=True)
class Endpointing:
    """How much silence ends a turn: `eager` seconds when it sounds and reads complete, up to `patient` when not.

    `fixed` seconds, when set, are all that counts. A probability from `complete` up counts as complete, one below
    `incomplete` as not; in between the wait shrinks in proportion.
    """

    eager: float = 0.25
    patient: float = 1.8
    fixed: float | None = None
    complete: float = 0.6
    incomplete: float = 0.15


# Words that leave a sentence open: conjunctions, articles, prepositions and fillers that stand before more to come.
_OPEN: Final = re.compile(
    r"(?:and|or|but|because|so|if|when|that|which|with|for|to|of|in|on|at|the|an?|my|is|are|um|uh|er|hmm|like"
    r"|y|o|pero|porque|que|si|cuando|con|para|de|en|el|las?|los|una?|mi|es|son|este|eh|pues|como)",
    re.IGNORECASE,
)
_OPEN_ZH: Final = (
    "和",
    "或",
    "或者",
    "但是",
    "因为",
    "所以",
    "如果",
    "的话",
    "然后",
    "还有",
    "以及",
    "嗯",
    "呃",
    "就是",
    "比如",
)
_WORD: Final = re.compile(r"[^\W\d_]+$")
_TAIL: Final = re.compile(r"[\s\"'”’»)\]]+$")


def completeness(transcript: str) -> float:
    """How finished the words look, in [0, 1]: 0 when they plainly go on, 1 when they end a sentence."""
    text = _TAIL.sub("", transcript)
    if not text:
        return 0.0
    trailing_off = text.endswith(("...", "…", ",", "，", "、", "-", "—", ":", "："))
    bare = text.rstrip(".…,，、。-—:：?？!！ ")
    word = _WORD.search(bare)
    if bare.endswith(_OPEN_ZH) or (word and _OPEN.fullmatch(word.group())):
        return 1.0 if text.endswith(("?", "？")) else 0.1
    if trailing_off:
        return 0.0
    return 1.0 if text.endswith((".", "?", "!", "。", "？", "！")) else 0.7


def required_silence(evidence: Evidence, options: Endpointing) -> float:
    """Seconds of silence after which the turn counts as over, given what is known."""
    if options.fixed is not None:
        return options.fixed
    if evidence.probability is None:
        return options.patient
    sure = (evidence.probability - options.incomplete) / (options.complete - options.incomplete)
    sure = min(1.0, max(0.0, sure))
    if evidence.transcript:
        reads = completeness(evidence.transcript)
        sure = min(sure, reads / 0.7) if reads < 0.7 else max(sure, 0.35 * reads)
    return options.patient + (options.eager - options.patient) * sure


def is_over(evidence: Evidence, options: Endpointing) -> bool:
    """Whether the turn is over."""
    return evidence.silence >= required_silence(evidence, options)
