"""The advisor's fixed lines, labels and prompt in one language, from a data file."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from visavis.core.language import Language
from visavis.personas.extraction import Fact


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lines(_Part):
    """Whole lines, spoken word for word."""

    intro: str
    bridge: str
    off_topic: str
    help: str
    unsupported: str
    thanks: str


class Ack(_Part):
    """Short acknowledgements; `{label}` stands for a label, `special` are careers with a line of their own."""

    topic: str
    career: str
    level: dict[str, str]
    special: dict[str, str]


class Labels(_Part):
    """Names of topics, levels and careers."""

    topic: dict[str, str]
    level: dict[str, str]
    career: dict[str, str]


class Why(_Part):
    """Pieces of the line that says why a course is shown."""

    topic: str
    uses: str
    nearby: str
    level: str
    near_level: str
    career: str
    comma: str
    join: str
    end: str


class Shot(_Part):
    """One example exchange for the language model."""

    goal: str | None = None
    level: str | None = None
    career: str | None = None
    ask: Literal["goal", "level", "career"]
    said: str
    answer: str


class Prompt(_Part):
    """What the language model is told."""

    turn: str
    nothing: str
    ask: dict[Literal["goal", "level", "career"], str]
    shots: tuple[Shot, ...]


class GuardWords(_Part):
    """Words of which a question about each fact holds one, and words that show the language."""

    goal: tuple[str, ...]
    level: tuple[str, ...]
    career: tuple[str, ...]
    own: tuple[str, ...]


class Script(_Part):
    """Everything the advisor says in one language."""

    lines: Lines
    question: dict[Literal["goal", "level", "career"], str]
    ack: Ack
    label: Labels
    why: Why
    prompt: Prompt
    guard: GuardWords

    @classmethod
    def load(cls, language: Language) -> Script:
        """The script that ships with visavis."""
        path = files("visavis.personas") / "data" / "advisor" / f"{language}.toml"
        return cls.model_validate(tomllib.loads(path.read_text("utf-8")))

    def ack_of(self, fact: Fact, value: str) -> str:
        """The acknowledgement of a fact."""
        if fact == "goal":
            return self.ack.topic.format(label=self.label.topic[value])
        if fact == "level":
            return self.ack.level[value]
        return self.ack.special.get(value) or self.ack.career.format(label=self.label.career[value])

    def label_of(self, fact: Fact, value: str) -> str:
        """The name of a fact's value."""
        table = {"goal": self.label.topic, "level": self.label.level, "career": self.label.career}
        return table[fact][value]
