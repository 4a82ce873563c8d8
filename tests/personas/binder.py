"""A few passages in memory, found by the words they share with the question."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from visavis.core.conversation import Conversation
from visavis.core.errors import VisavisError
from visavis.core.flow import Generate, Say, Show, Utterance
from visavis.core.passage import Passage
from visavis.core.wording import content
from visavis.personas.bookshelf import Bookshelf

LAMP = Passage(
    id="lamp-1",
    document="lamp",
    title="Heron lamp manual",
    text="The Heron lamp has a warranty of five years. It draws 24 watts and must not be used outdoors.",
    start=120,
    end=214,
    page=3,
    heading="Safety › Warranty",
    language="en",
    score=0.8,
    collection="open",
)
POOL = Passage(
    id="pool-1",
    document="pool",
    title="City pool",
    text="The pool opens at 18:30 on Mondays. A ticket costs 1,500 pesos, children pay half.",
    start=0,
    end=82,
    language="en",
    score=0.6,
    collection="open",
)


class Binder:
    """A `core.passage.Retriever`. `queries` are those it was asked; each takes `delay` seconds."""

    def __init__(self, *passages: Passage, delay: float = 0.0, broken: bool = False) -> None:
        self.queries: list[str] = []
        self._passages = passages
        self._delay = delay
        self._broken = broken

    def knows(self, collections: Sequence[str]) -> bool:
        return any(one.collection in collections for one in self._passages)

    def titles(self, collections: Sequence[str]) -> tuple[str, ...]:
        return tuple(one.title for one in self._passages if one.collection in collections)

    async def retrieve(self, query: str, collections: Sequence[str], limit: int = 4) -> tuple[Passage, ...]:
        self.queries.append(query)
        await asyncio.sleep(self._delay)
        if self._broken:
            raise VisavisError("knowledge.unavailable", "The documents cannot be searched now.")
        shared = [(len(content(query) & content(f"{one.title} {one.text}")), one) for one in self._passages]
        found = [
            one for count, one in sorted(shared, key=lambda pair: -pair[0]) if count and one.collection in collections
        ]
        return tuple(found[:limit])


def shelf(*passages: Passage, quotes: bool = False) -> Bookshelf:
    """A bookshelf of the persona Theo."""
    return Bookshelf(Binder(*passages), ("open",), "Theo", quotes=quotes)


def answering(question: Utterance, *passages: Passage, system: str = "You are Theo. Be brief.") -> Generate:
    """The step that answers a question from these passages."""
    (step,) = shelf(*passages).answer(question, passages, system=system, fallback="Sorry?")
    assert isinstance(step, Generate)
    return step


def told(step: Generate, *deltas: str) -> tuple[str, list[Show]]:
    """What is said and shown when the model says this, piece by piece; a fixed line stands in « »."""
    assert step.interpreter is not None
    interpreter = step.interpreter()
    pieces: list[str | Say | Show] = []
    for delta in deltas:
        if not interpreter.done:
            pieces += interpreter.feed(delta)
    pieces += interpreter.finish()
    said = "".join(f"«{one.text}»" if isinstance(one, Say) else one for one in pieces if not isinstance(one, Show))
    return said, [one for one in pieces if isinstance(one, Show)]


NOTHING_SAID = Conversation()
