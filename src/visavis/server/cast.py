"""The personas of a server, as sessions need them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from visavis.core.passage import Retriever
from visavis.engines.pool import EnginePool
from visavis.live.role import Role
from visavis.personas.courses import load_courses
from visavis.personas.flows import make_flow
from visavis.personas.persona import Persona

POOR_READERS: Final = frozenset({"qwen2.5-coder-0.5b"})
"""Models of the catalogue that answer wrongly from the right passage in one case of two."""

Answers = Literal["auto", "quotes", "model"]


def cast(
    personas: Mapping[str, Persona],
    pool: EnginePool,
    engine: str,
    catalogue: Path | None,
    retriever: Retriever | None = None,
    *,
    answers: Answers = "auto",
) -> dict[str, Role]:
    """The roles of these personas by id, with the voices they have for the TTS `engine`; `catalogue` holds the
    host's own courses, `retriever` finds what the host's documents say, and `answers` says in whose words it is told.

    Raises VisavisError `courses.invalid`.
    """
    courses = load_courses(catalogue)
    quotes = pool.llm.model in POOR_READERS if answers == "auto" else answers == "quotes"
    roles: dict[str, Role] = {}
    for name, persona in personas.items():
        flow = make_flow(persona, courses, pool.embedder, retriever, quotes=quotes)
        roles[name] = Role(
            id=persona.id,
            name=persona.name,
            languages=persona.languages,
            voices={language: persona.voice(language, engine) or "" for language in persona.languages},
            flow=flow,
            avatar=persona.portrait,
            accent=persona.accent,
            look_up=flow.look_up if retriever is not None else None,
            names=flow.names if retriever is not None else None,
        )
    return roles
