"""What `POST /v1/audio/speech` takes."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.engines.tts import TTS, TTSOptions
from visavis.server.openai.engines import EngineHouse
from visavis.server.openai.sound_file import SoundFormat

OPENAI_VOICES: Final = frozenset(
    "alloy ash ballad coral echo fable onyx nova sage shimmer verse marin cedar".split()  # noqa: SIM905
)
"""Names that stock clients send; an English voice of that name speaks English, else the language's usual voice."""

_SLOWEST: Final = 0.5
_QUICKEST: Final = 2.0
"""Speeds at which voices speak by themselves; what is beyond is made of their sound."""


class VoiceName(BaseModel):
    """A voice by its id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, Field(max_length=128)]


class SpeechBody(BaseModel):
    """Something to say. `voice` is a voice of `GET /v1/voices`, a persona's id or one of OpenAI's names.

    `stream_format` `sse` gives events with base64 audio. Ours: `language`, else told by the text; `timeline`, for
    events that also say when each phoneme and word sounds, of an `input` that is then spoken in one go.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    input: Annotated[str, Field(min_length=1)]
    model: Annotated[str, Field(max_length=256)] = ""
    voice: Annotated[str, Field(max_length=128)] | VoiceName = ""
    response_format: SoundFormat = "mp3"
    speed: Annotated[float, Field(ge=0.25, le=4.0)] = 1.0
    stream_format: Literal["audio", "sse"] = "audio"
    language: Language | None = None
    timeline: bool = False

    @property
    def tempo(self) -> float:
        """What is left of the speed for the sound itself."""
        return self.speed / min(_QUICKEST, max(_SLOWEST, self.speed))

    def options(self, house: EngineHouse) -> TTSOptions:
        """How to say it. Raises VisavisError `speech.too_long`, `speech.empty`, `speech.voice`."""
        if len(self.input) > house.settings.api.longest_speech:
            most = house.settings.api.longest_speech
            raise VisavisError("speech.too_long", f"`input` is longer than {most:,} characters; send it in parts.")
        if not any(character.isalnum() for character in self.input):
            raise VisavisError("speech.empty", "There is nothing to say in `input`; send words.")
        language = self.language or house.resources.detect_language(self.input, "en")
        voice = self._voice(house, language)
        return TTSOptions(language, voice, min(_QUICKEST, max(_SLOWEST, self.speed)))

    def _voice(self, house: EngineHouse, language: Language) -> str:
        name = self.voice if isinstance(self.voice, str) else self.voice.id
        known = house.resources.engines.tts.capabilities.voices
        if not name or name in known:
            return name
        if name in house.roles:
            return house.roles[name].voices.get(language, "")
        if name in OPENAI_VOICES:
            return next((one for one in known if language == "en" and one.endswith(f"_{name}")), "")
        raise VisavisError("speech.voice", f"There is no voice '{name[:40]}'; {_offer(house.resources.engines.tts)}.")


def _offer(tts: TTS) -> str:
    voices = tts.capabilities.voices
    return f"choose one of {', '.join(voices)}" if voices else "leave `voice` out"
