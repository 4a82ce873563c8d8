"""Makes the flow that a persona names."""

from __future__ import annotations

from collections.abc import Sequence

from visavis.core.language import LANGUAGES
from visavis.core.passage import Retriever
from visavis.engines.embedder import Embedder
from visavis.personas.advisor import Advisor
from visavis.personas.bookshelf import Bookshelf
from visavis.personas.courses import Course
from visavis.personas.lexicon import Lexicon
from visavis.personas.open_flow import OpenFlow
from visavis.personas.persona import Persona
from visavis.personas.recommend import Recommender
from visavis.personas.script import Script


def make_flow(
    persona: Persona,
    courses: Sequence[Course],
    embedder: Embedder | None = None,
    retriever: Retriever | None = None,
    *,
    quotes: bool = False,
) -> Advisor | OpenFlow:
    """The persona's flow. An advisor's `warm` embeds the catalogue; without it, or an embedder, it ranks by words.
    `retriever` finds what the persona's documents say; with `quotes` they speak for themselves, see `Bookshelf`."""
    shelf = Bookshelf(retriever, persona.collections, persona.name, quotes=quotes)
    if persona.flow == "open":
        limits = persona.limits
        return OpenFlow(
            persona.instructions,
            persona.greeting,
            persona.apology,
            shelf,
            welcome_back=persona.welcome_back,
            max_tokens=limits.max_tokens,
            temperature=limits.temperature,
            sentences=limits.sentences,
            history=limits.history,
        )
    return Advisor(
        persona.instructions,
        persona.greeting,
        Recommender(courses, embedder),
        Lexicon.load(),
        {language: Script.load(language) for language in LANGUAGES},
        shelf=shelf,
        welcome_back=persona.welcome_back,
        max_tokens=persona.limits.max_tokens,
        temperature=persona.limits.temperature,
    )
