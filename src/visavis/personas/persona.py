"""Who speaks: a data file with name, portrait, voices, greeting, instructions, flow and limits."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language
from visavis.personas.invalid import parsed_toml, read_text, refusal
from visavis.personas.returning import WELCOME_BACK

BUILT_IN: Final = ("genevieve", "open")
DEFAULT_PERSONA: Final = "genevieve"

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]


class Limits(BaseModel):
    """How much the model may say: tokens and sentences of one answer, and the messages it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_tokens: int = Field(default=120, ge=8, le=2048)
    temperature: float = Field(default=0.7, ge=0, le=2)
    sentences: int = Field(default=3, ge=0, le=20)
    history: int = Field(default=12, ge=0, le=200)


class Persona(BaseModel):
    """One persona. `portrait` is an avatar id, `accent` a colour as #rrggbb, `voices` voice names per language and
    TTS engine; the first of `languages` is the one to start in. `knowledge` names the collections of documents to
    answer from: without it the one that is called like the persona. `welcome_back` greets who is remembered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    portrait: Slug
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
    languages: tuple[Language, ...] = Field(min_length=1)
    flow: Literal["advisor", "open"]
    voices: dict[Language, dict[Slug, str]]
    greeting: dict[Language, Line]
    apology: dict[Language, Line]
    welcome_back: dict[Language, Line] = Field(default_factory=lambda: dict(WELCOME_BACK))
    instructions: dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=6000)]]
    limits: Limits = Limits()
    knowledge: Annotated[tuple[Slug, ...], Field(max_length=16)] | None = None

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections of documents that it answers from."""
        return (self.id,) if self.knowledge is None else self.knowledge

    @model_validator(mode="after")
    def _every_language(self) -> Self:
        for name in ("voices", "greeting", "apology", "welcome_back", "instructions"):
            missing = [language for language in self.languages if language not in getattr(self, name)]
            if missing:
                raise ValueError(f"{name} lacks {', '.join(missing)}")
        if self.flow == "advisor" and set(self.languages) != set(LANGUAGES):
            raise ValueError("the flow 'advisor' needs the languages en, zh and es")
        return self

    def voice(self, language: Language, engine: str) -> str | None:
        """The voice for a TTS engine, or None to leave the choice to the engine."""
        return self.voices.get(language, {}).get(engine)


def parse_persona(text: str, name: str) -> Persona:
    """A persona from TOML. Raises VisavisError `personas.invalid`, naming the file and the field."""
    try:
        return Persona.model_validate(parsed_toml(text, name, "personas.invalid"))
    except ValidationError as error:
        raise refusal(error, name, "personas.invalid") from error


def load_personas(folder: Path | None = None) -> Mapping[str, Persona]:
    """Personas by id: those that ship with visavis, and the `*.toml` files of a host's folder, which win.

    Raises VisavisError `personas.invalid`, also when the folder is not there or two of its files have one id.
    """
    data = files("visavis.personas") / "data"
    found = {name: parse_persona((data / f"{name}.toml").read_text("utf-8"), f"{name}.toml") for name in BUILT_IN}
    if folder is None:
        return found
    if not folder.is_dir():
        raise VisavisError("personas.invalid", f"The folder of personas '{folder}' is not there.")
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.toml")):
        persona = parse_persona(read_text(path, "personas.invalid"), str(path))
        if persona.id in seen:
            raise VisavisError("personas.invalid", f"The files '{seen[persona.id]}' and '{path}' have the same id.")
        seen[persona.id] = path
        found[persona.id] = persona
    return found


def pick_persona(personas: Mapping[str, Persona], name: str) -> Persona:
    """The persona of that id. Raises VisavisError `personas.unknown`, naming those there are."""
    if name not in personas:
        known = ", ".join(sorted(personas))
        raise VisavisError("personas.unknown", f"There is no persona '{name}'; there are: {known}.")
    return personas[name]
