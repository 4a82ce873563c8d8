"""The catalogue of courses that the advisor recommends from."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language
from visavis.personas.invalid import parsed_toml, read_text, refusal

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class Course(BaseModel):
    """One course. `topics` are ids of the lexicon, the main one first; `hours` of work; texts per language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    topics: tuple[Slug, ...] = Field(min_length=1)
    level: Literal["beginner", "intermediate", "advanced"]
    hours: float = Field(gt=0, le=2000)
    careers: tuple[Slug, ...] = ()
    keywords: tuple[str, ...] = ()
    url: Annotated[str, StringConstraints(pattern=r"^(https?://|/|#)\S+$")]
    title: dict[Language, Line]
    blurb: dict[Language, Line]

    @model_validator(mode="after")
    def _every_language(self) -> Self:
        for name, texts in (("title", self.title), ("blurb", self.blurb)):
            missing = [language for language in LANGUAGES if language not in texts]
            if missing:
                raise ValueError(f"{name} lacks {', '.join(missing)}")
        return self

    def passage(self) -> str:
        """The text that stands for the course in an embedding."""
        return f"{self.title['en']}. {self.blurb['en']} {' '.join((*self.topics, *self.keywords))}"


class CourseFile(BaseModel):
    """The whole file: at least three courses, no id twice."""

    model_config = ConfigDict(extra="forbid")

    course: tuple[Course, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        twice = [name for name, count in Counter(course.id for course in self.course).items() if count > 1]
        if twice:
            raise ValueError(f"the id '{twice[0]}' is there twice")
        return self


def load_courses(path: Path | None = None) -> tuple[Course, ...]:
    """The courses of a TOML or JSON file, or the ones that ship with visavis. Raises VisavisError `courses.invalid`."""
    if path is None:
        name = "courses.toml"
        text = (files("visavis.personas") / "data" / name).read_text("utf-8")
    else:
        name, text = str(path), read_text(path, "courses.invalid")
    if name.endswith(".json"):
        try:
            data = json.loads(text)
        except ValueError as error:
            raise VisavisError("courses.invalid", f"The file '{name}' is no valid JSON: {error}.") from error
        data = {"course": data} if isinstance(data, list) else data
    else:
        data = parsed_toml(text, name, "courses.invalid")
    try:
        return CourseFile.model_validate(data).course
    except ValidationError as error:
        raise refusal(error, name, "courses.invalid") from error
