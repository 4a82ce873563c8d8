"""What `POST /v1/audio/transcriptions` takes beside the file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language, as_language
from visavis.engines.stt import STT, STTOptions

_LISTS: Final = frozenset({"timestamp_granularities", "languages", "include"})
_NAMES: Final = {"en": "english", "zh": "chinese", "es": "spanish"}


class TranscriptionForm(BaseModel):
    """A recording's form. Ours: `languages` (or `candidates`, comma-separated) among which the language is detected,
    `partial` for a quick, rough transcript, and `timestamps` false for one whose words' times nobody needs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: Annotated[str, Field(max_length=256)] = ""
    language: Annotated[str, Field(max_length=64)] = ""
    languages: tuple[Annotated[str, Field(max_length=64)], ...] = ()
    prompt: Annotated[str, Field(max_length=2000)] = ""
    response_format: Literal["json", "text", "srt", "verbose_json", "vtt"] = "json"
    timestamp_granularities: tuple[Literal["word", "segment"], ...] = ()
    include: tuple[str, ...] = ()
    stream: bool = False
    candidates: Annotated[str, Field(max_length=64)] = ""
    partial: bool = False
    timestamps: bool = True

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[str]]) -> TranscriptionForm:
        """Reads the fields; `name[]` stands for a list. Raises VisavisError `transcription.form`."""
        plain: dict[str, Any] = {}
        for name, values in fields.items():
            bare = name.removesuffix("[]")
            plain[bare] = list(values) if bare in _LISTS else values[-1]
        try:
            # The types are told by the text: "true" is a boolean.
            return cls.model_validate(plain)
        except ValidationError as error:
            first: Any = error.errors(include_url=False)[0]
            where = str(first["loc"][0])
            raise VisavisError("transcription.form", f"{where}: {first['msg']}.") from error

    def options(self, stt: STT) -> STTOptions:
        """How to transcribe. Raises VisavisError `transcription.language`, `transcription.unsupported`."""
        if "logprobs" in self.include:
            raise VisavisError("transcription.unsupported", "This server tells no `logprobs`; leave `include` out.")
        known = [language for language in LANGUAGES if language in stt.capabilities.languages]
        asked = [*self.languages, *(part.strip() for part in self.candidates.split(",") if part.strip())]
        found = [language for language in map(as_language, asked) if language in known]
        if asked and not found:
            raise _unknown(asked[0], known)
        language = as_language(self.language)
        if self.language and language not in known:
            raise _unknown(self.language, known)
        return STTOptions(
            language=language,
            candidates=tuple(found or known),
            partial=self.partial,
            word_times=self.timestamps and self.response_format in {"srt", "vtt", "verbose_json"} and not self.partial,
            prompt=self.prompt,
        )


def language_name(language: Language) -> str:
    """As OpenAI's transcripts name it: `english`."""
    return _NAMES[language]


def _unknown(name: str, known: Sequence[str]) -> VisavisError:
    choice = ", ".join(known)
    return VisavisError(
        "transcription.language", f"The language {json.dumps(name[:16])} is not one that is heard here: {choice}."
    )
