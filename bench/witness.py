"""Asks a persona with documents, as a session would, but without voice and face: what it says and what it cites."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from bench.questions import Question
from bench.shelf import COLLECTION
from visavis.core.conversation import Conversation
from visavis.core.flow import Answer, Show, Tell, Utterance
from visavis.core.language import LANGUAGES, Language
from visavis.core.passage import Passage, Retriever
from visavis.engines.llm import LLM
from visavis.live.stopwatch import Stopwatch
from visavis.live.think import Delta, Line, think
from visavis.personas.bookshelf import Bookshelf
from visavis.personas.open_flow import OpenFlow

NAME: Final = "Theo"
_APOLOGY: Final = "…"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was said, from which passages, the ids of those that were cited, whether it was that nothing is known, and
    whether the document itself spoke."""

    said: str
    passages: tuple[Passage, ...]
    cited: tuple[str, ...]
    declined: bool
    quoted: bool


class Witness:
    """A persona of the flow `open` with the collection of the benchmark on its shelf, which answers as it does by
    default: with `quotes`."""

    def __init__(self, retriever: Retriever, llm: LLM, *, quotes: bool = True) -> None:
        self._retriever, self._llm = retriever, llm
        self._shelf = Bookshelf(retriever, [COLLECTION], NAME, quotes=quotes)
        roles: dict[Language, str] = dict.fromkeys(LANGUAGES, f"You are {NAME}.")
        lines: dict[Language, str] = dict.fromkeys(LANGUAGES, _APOLOGY)
        self._flow = OpenFlow(roles, lines, lines, self._shelf)

    async def ask(self, question: Question) -> Reply:
        """The answer to a question that begins a conversation."""
        return await self.hear(question.text, question.language)

    async def hear(self, text: str, language: Language) -> Reply:
        """The answer to whatever a person says first."""
        passages = await self._retriever.retrieve(text, [COLLECTION])
        utterance = Utterance(text, language, found=passages)
        said, cited = "", []
        stopwatch = Stopwatch("bench", asyncio.get_running_loop().time())
        answer = await self._flow.respond(self._flow.start(), utterance, Conversation())

        async def plan() -> Answer:
            return answer

        async for thought in think(plan, self._llm, stopwatch, lambda error: None):
            if isinstance(thought, Line | Delta):
                said += thought.text
            elif isinstance(thought, Show):
                cited += [one["passage"] for one in thought.payload["citations"]]
        declined = said.strip() in {self._shelf.unknown(language), _APOLOGY}
        return Reply(said.strip(), passages, tuple(dict.fromkeys(cited)), declined, _quotes(answer))


def _quotes(answer: Answer) -> bool:
    return any(isinstance(step, Tell) for step in answer.steps)
