"""Answers with a document's own words, where a passage is sure to hold the answer: right, grounded, and at once.

A small model that reads the right passage still gets one answer in two wrong. So what the search is sure of is not
given to it: the sentences that say most of what was asked are spoken as they stand.
"""

from __future__ import annotations

from typing import Final

from visavis.core.asked import asked, offers
from visavis.core.wording import content
from visavis.personas.grounds import Grounds
from visavis.personas.notes import Note
from visavis.personas.quotation import SENTENCE, harmless, width

MOST: Final = 2
"""Sentences of one quotation: the one with the answer is among the first two more often than it is the first."""
ROOM: Final = 260
"""Their characters (a Chinese one counts twice): some fifteen seconds of speech."""
LONGEST_TITLE: Final = 48
"""Of a document that is named aloud, counted like that."""


def quote(question: str, note: Note, grounds: Grounds) -> str:
    """The sentences of a note's passage that answer best, in their order; "" when none of them may be spoken, or when
    they do not tell what was asked."""
    wanted, kinds = content(question), asked(question)
    sentences = [" ".join(one.split()) for one in SENTENCE.findall(harmless(note.passage.text)) if one.strip(" …")]
    worth: dict[int, int] = {}
    for place, sentence in enumerate(sentences):
        if grounds.speakable(sentence):
            worth[place] = len(content(sentence) & wanted) + bool(kinds and offers(sentence, kinds))
    chosen: list[int] = []
    used = 0
    for place in sorted(worth, key=lambda one: (-worth[one], one)):
        needed = width(sentences[place])
        if len(chosen) < MOST and used + needed <= ROOM:
            chosen.append(place)
            used += needed
    said = " ".join(sentences[place] for place in sorted(chosen))
    return said if said and grounds.carry(said) else ""


def spoken_title(note: Note, grounds: Grounds) -> str:
    """What the document may be called aloud; "" for a name that is too long, a file's, or no name in her language."""
    name = harmless(note.passage.title)
    plain = name.isalnum() or " " in name
    return name if plain and width(name) <= LONGEST_TITLE and grounds.speakable(name) else ""
