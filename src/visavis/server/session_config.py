"""The Realtime session object: what a client may set, and what that means for the session."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from visavis.core.endpointing import Endpointing
from visavis.core.language import Language
from visavis.core.session import SessionOptions, TurnDetection
from visavis.server.audio_formats import AudioFormat


class _Part(BaseModel):
    """Fields that visavis does not know are accepted and have no effect, as clients send many."""

    model_config = ConfigDict(extra="ignore")


class PCM(_Part):
    """Little-endian signed 16-bit samples."""

    type: Literal["audio/pcm"]
    rate: Literal[8000, 16000, 24000, 48000] = 24000


class PCMU(_Part):
    """G.711 µ-law at 8 kHz."""

    type: Literal["audio/pcmu"]


class PCMA(_Part):
    """G.711 A-law at 8 kHz."""

    type: Literal["audio/pcma"]


Format = Annotated[PCM | PCMU | PCMA, Field(discriminator="type")]


class ServerVAD(_Part):
    """A fixed time of silence ends the turn."""

    type: Literal["server_vad"]
    threshold: float = Field(0.5, gt=0, lt=1)
    prefix_padding_ms: int = Field(300, ge=0, le=2000)
    silence_duration_ms: int = Field(500, ge=50, le=10000)
    create_response: bool = True
    interrupt_response: bool = True


class SemanticVAD(_Part):
    """Silence, sound and words together end the turn."""

    type: Literal["semantic_vad"]
    eagerness: Literal["low", "medium", "high", "auto"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True


Detection = Annotated[ServerVAD | SemanticVAD, Field(discriminator="type")]


class Transcription(_Part):
    """What clients of OpenAI ask for; it is told back to them, and the server's own engine transcribes."""

    model: str | None = Field(None, max_length=64)
    language: str | None = Field(None, max_length=16)
    prompt: str | None = Field(None, max_length=8000)


class AudioInput(_Part):
    """What the client sends. `turn_detection` null means push to talk."""

    format: Format | None = None
    turn_detection: Detection | None = None
    transcription: Transcription | None = None


class AudioOutput(_Part):
    """What the client gets. `voice` names one of the voice engine's voices; the persona's own otherwise."""

    format: Format | None = None
    voice: str | None = Field(None, max_length=64)
    speed: float | None = Field(None, ge=0.5, le=1.5)


class Audio(_Part):
    """Both ways."""

    input: AudioInput | None = None
    output: AudioOutput | None = None


class Extensions(_Part):
    """What a face needs beside the standard: `motion` and `partials` ask for these events, `language` fixes one."""

    motion: bool | None = None
    partials: bool | None = None
    language: Literal["auto", "en", "zh", "es"] | None = None


class SessionPatch(_Part):
    """The `session` of a `session.update`: what is left out stays as it is."""

    type: Literal["realtime"] = "realtime"
    audio: Audio | None = None
    output_modalities: list[Literal["audio", "text"]] | None = Field(None, min_length=1, max_length=1)
    visavis: Extensions | None = None


_PATIENCE = {"low": 2.2, "medium": 1.0, "high": 0.6, "auto": 1.0}
"""How the eagerness of `semantic_vad` scales the host's patience."""


class SessionConfig:
    """One connection's configuration: the wire formats and the options they stand beside."""

    def __init__(self, options: SessionOptions, endpointing: Endpointing) -> None:
        """`endpointing` is what the host has set for `semantic_vad`."""
        self._endpointing = endpointing
        self.options = options
        self.input = AudioFormat()
        self.output = AudioFormat()
        self._detection: dict[str, Any] | None = SemanticVAD(type="semantic_vad").model_dump()
        self._transcription: dict[str, Any] = {"model": "whisper"}

    def apply(self, patch: SessionPatch) -> SessionOptions:
        """Takes the patch over and returns the session's new options."""
        changes: dict[str, Any] = {}
        if patch.output_modalities:
            changes["modality"] = patch.output_modalities[0]
        if patch.audio and patch.audio.input:
            self._apply_input(patch.audio.input, changes)
        if patch.audio and patch.audio.output:
            output = patch.audio.output
            if output.format is not None:
                self.output = _format(output.format)
            if output.voice is not None:
                changes["voice"] = output.voice
            if output.speed is not None:
                changes["speed"] = output.speed
        if patch.visavis:
            ours = patch.visavis
            if ours.motion is not None:
                changes["motion"] = ours.motion
            if ours.partials is not None:
                changes["partials"] = ours.partials
            if ours.language is not None:
                changes["language"] = _language(ours.language)
        self.options = replace(self.options, **changes)
        return self.options

    def _apply_input(self, audio: AudioInput, changes: dict[str, Any]) -> None:
        if audio.format is not None:
            self.input = _format(audio.format)
        if audio.transcription is not None:
            self._transcription = audio.transcription.model_dump(exclude_none=True)
        if "turn_detection" in audio.model_fields_set:
            self._detection = audio.turn_detection.model_dump() if audio.turn_detection else None
            changes["turn_detection"] = self._turn_detection(audio.turn_detection)

    def _turn_detection(self, wanted: ServerVAD | SemanticVAD | None) -> TurnDetection | None:
        if wanted is None:
            return None
        if isinstance(wanted, ServerVAD):
            return TurnDetection(
                Endpointing(fixed=wanted.silence_duration_ms / 1000),
                wanted.threshold,
                wanted.prefix_padding_ms / 1000,
                wanted.create_response,
                wanted.interrupt_response,
            )
        host = self._endpointing
        patient = max(host.eager, host.patient * _PATIENCE[wanted.eagerness])
        return TurnDetection(
            Endpointing(host.eager, patient, None, host.complete, host.incomplete),
            create_response=wanted.create_response,
            interrupt_response=wanted.interrupt_response,
        )

    def wire(self, session_id: str, model: str, voice: str) -> dict[str, Any]:
        """The session object of `session.created` and `session.updated`."""
        options = self.options
        return {
            "id": session_id,
            "object": "realtime.session",
            "type": "realtime",
            "model": model,
            "output_modalities": [options.modality],
            "instructions": "",
            "audio": {
                "input": {
                    "format": self.input.wire,
                    "transcription": self._transcription,
                    "turn_detection": self._detection,
                    "noise_reduction": None,
                },
                "output": {"format": self.output.wire, "voice": options.voice or voice, "speed": options.speed},
            },
            "tools": [],
            "tool_choice": "auto",
            "visavis": {
                "motion": options.motion,
                "partials": options.partials,
                "language": options.language or "auto",
            },
        }


def _format(wanted: PCM | PCMU | PCMA) -> AudioFormat:
    return AudioFormat(wanted.type, wanted.rate) if isinstance(wanted, PCM) else AudioFormat(wanted.type, 8000)


def _language(name: Literal["auto", "en", "zh", "es"]) -> Language | None:
    return None if name == "auto" else name
