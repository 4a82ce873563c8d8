"""The tables of utterances, and what an answer of the advisor amounts to."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from visavis.core.conversation import Conversation
from visavis.core.flow import Answer, Generate, Say, Show, Utterance
from visavis.core.language import LANGUAGES, Language
from visavis.personas.advisor import Advisor, Profile
from visavis.personas.courses import load_courses
from visavis.personas.extraction import Fact
from visavis.personas.flows import make_flow
from visavis.personas.persona import load_personas
from visavis.personas.script import Script


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    say: str
    goal: str | None = None
    level: str | None = None
    career: str | None = None
    then: str
    have: str = "- - -"
    asked: Fact = "goal"

    def profile(self) -> Profile:
        goal, level, career = (None if part == "-" else part for part in self.have.split())
        return Profile(goal, level, career, self.asked)


def rows(language: Language) -> list[Row]:
    path = Path(__file__).parent / "tables" / f"{language}.toml"
    return [Row.model_validate(row) for row in tomllib.loads(path.read_text("utf-8"))["row"]]


ROWS = [(language, row) for language in LANGUAGES for row in rows(language)]
NAMES = [f"{language}-{row.say[:40]}" for language, row in ROWS]


def genevieve() -> Advisor:
    flow = make_flow(load_personas()["genevieve"], load_courses())
    assert isinstance(flow, Advisor)
    return flow


def kind(answer: Answer, script: Script) -> str:
    """ "recommend", "off_topic", "help", "thanks", "unsupported", or "ask" and the fact."""
    assert isinstance(answer.state, Profile)
    if any(isinstance(step, Show) and step.name == "recommendations" for step in answer.steps):
        return "recommend"
    said = [step.text for step in answer.steps if isinstance(step, Say)]
    for name in ("off_topic", "help", "thanks", "unsupported"):
        if getattr(script.lines, name) in said:
            assert not any(isinstance(step, Generate) for step in answer.steps)
            return name
    assert sum(isinstance(step, Generate) for step in answer.steps) == 1
    return f"ask {answer.state.asked}"


async def respond(flow: Advisor, state: object, text: str, language: Language) -> Answer:
    return await flow.respond(state, Utterance(text, language), Conversation())
