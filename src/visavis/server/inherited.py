"""Settings by the names of the systems that visavis replaces: taken over where that can be, else said in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from visavis.settings import Settings

_VOICES: Final = ("kokoro", "piper", "edge")
_WHISPER: Final = {"large": "large-v3", "base-en": "base", "small-en": "small", "medium-en": "medium"}
_LANGUAGE_MODELS: Final = ("qwen2.5-coder-0.5b", "smollm2-135m")
"""Those of the catalogue, the engine's default first."""
_AVERAGE_HZ: Final = 200.0
"""Of the voices of Edge TTS: what a percentage of pitch refers to."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A variable whose `value` has no effect, and why, in one sentence that says what holds instead."""

    variable: str
    value: str
    reason: str


def whisper_model(name: str) -> str:
    """The catalogue id of a Whisper model by OpenAI's or SYSTRAN's name; where the catalogue has no English one, as of
    `base.en`, that of the one for all languages."""
    short = name.removeprefix("whisper-").replace(".", "-")
    return f"whisper-{_WHISPER.get(short, short)}"


def edge_pitch(value: str) -> str:
    """Edge TTS takes hertz; `+5%` becomes `+10Hz`."""
    found = re.fullmatch(r"([+-]\d{1,3})%", value)
    return f"{round(int(found[1]) / 100 * _AVERAGE_HZ):+d}Hz" if found else value


def voice_order(settings: Settings) -> str:
    """The voices in order, TTS_ENGINE first, "" when it names none."""
    first = settings.inherited.tts_engine.lower()
    return ",".join(dict.fromkeys((first, *_VOICES))) if first in _VOICES else ""


def piper_voice(settings: Settings) -> str:
    """The file of a Piper voice: PIPER_MODEL_PATH, or in that folder TTS_VOICE; "" when there is no such file."""
    if not settings.engines.piper_model_path:
        return ""
    path = Path(settings.engines.piper_model_path).expanduser()
    if path.is_dir():
        path = path / f"{settings.inherited.tts_voice or 'en_US-amy-medium'}.onnx"
    return str(path) if path.is_file() else ""


def language_model(settings: Settings) -> Path | None:
    """The GGUF file that MODEL_PATH names, None when it is not there."""
    path = settings.inherited.model_path
    return path if path is not None and path.is_file() else None


def known_model(settings: Settings) -> str:
    """The language model of the catalogue that MODEL_NAME names, "" for none."""
    name = settings.inherited.model_name
    return name if name in _LANGUAGE_MODELS else ""


def ignored(settings: Settings) -> Iterator[Ignored]:
    """Every variable that was set and has no effect."""
    own = settings.inherited
    if settings.lipsync_mode != "viseme":
        reason = "The mouth follows the phonemes' own times, drawn in the browser; there is no other mode."
        yield Ignored("LIPSYNC_MODE", settings.lipsync_mode, reason)
    if own.device.lower() not in {"", "cpu", "auto"}:
        yield Ignored("DEVICE", own.device, "Speech is recognised on the CPU.")
    if own.compute_type.lower() not in {"", "int8", "auto", "default"}:
        yield Ignored("COMPUTE_TYPE", own.compute_type, "Speech is recognised with int8, made for the CPU.")
    if own.vad_filter.lower() in {"0", "false", "no", "off"}:
        yield Ignored("VAD_FILTER", own.vad_filter, "The voice activity detector always listens.")
    if own.tts_engine and not voice_order(settings):
        yield Ignored("TTS_ENGINE", own.tts_engine, f"The voices are {', '.join(_VOICES)}; VISAVIS_TTS chooses.")
    yield from _voice(settings)
    yield from _model(settings)


def _voice(settings: Settings) -> Iterator[Ignored]:
    path, voice = settings.engines.piper_model_path, settings.inherited.tts_voice
    found = piper_voice(settings)
    if path and not found:
        reason = "There is no Piper voice (.onnx) of that name; the catalogue's voice stands in for it."
        yield Ignored("PIPER_MODEL_PATH", path, reason)
    if voice and Path(found).stem != voice:
        reason = "PIPER_MODEL_PATH names no folder with a voice of that name; each persona has its own voices."
        yield Ignored("TTS_VOICE", voice, reason)


def _model(settings: Settings) -> Iterator[Ignored]:
    own = settings.inherited
    if own.model_path is not None and language_model(settings) is None:
        reason = "There is no such file; the catalogue's language model, or OLLAMA_BASE_URL, answers."
        yield Ignored("MODEL_PATH", str(own.model_path), reason)
    if own.model_name and language_model(settings) is None and not known_model(settings):
        reason = "No model of that name is in the catalogue; name a GGUF file with MODEL_PATH, or use OLLAMA_MODEL."
        yield Ignored("MODEL_NAME", own.model_name, reason)
