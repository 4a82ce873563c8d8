"""From settings to the engines that are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from visavis.engines.builtin.openai_llm import probe
from visavis.engines.pool import Wanted
from visavis.engines.registry import Kind, Registry
from visavis.face.landmarks import MODEL as FACE_MODEL
from visavis.settings import EngineSettings, Settings
from visavis.weights.catalogue import Catalogue

_DEFAULT: Final[dict[Kind, str]] = {
    "vad": "silero",
    "turn_detector": "smart-turn",
    "stt": "whisper",
    "tts": "kokoro,piper,edge",
    "embedder": "e5",
}


def _name(settings: EngineSettings, kind: Kind) -> str:
    return getattr(settings, kind) or settings.all or _DEFAULT.get(kind, "")


async def plan(settings: Settings) -> list[Wanted]:
    """The engines to make, quickest first; asks OLLAMA_BASE_URL whether it is there when nothing names the LLM."""
    engines = settings.engines
    llm = _name(engines, "llm") or await _llm(engines)
    wanted = [
        Wanted("vad", _name(engines, "vad"), options=_options(engines, "vad")),
        Wanted("turn_detector", _name(engines, "turn_detector"), options=_options(engines, "turn_detector")),
        _stt(engines),
        Wanted("embedder", _name(engines, "embedder"), options=_options(engines, "embedder")),
        _language_model(engines, llm),
    ]
    names = [name.strip() for name in _name(engines, "tts").split(",") if name.strip()]
    return [*wanted, *(_voice(engines, name, optional=index > 0) for index, name in enumerate(names))]


async def _llm(settings: EngineSettings) -> str:
    answers = settings.ollama_base_url and await probe(settings.ollama_base_url, settings.llm_api_key) is not None
    return "openai" if answers else "llamacpp"


def _options(settings: EngineSettings, kind: Kind) -> dict[str, Any]:
    return dict(settings.options.get(kind, {}))


def _stt(settings: EngineSettings) -> Wanted:
    name = _name(settings, "stt")
    options: dict[str, Any] = {}
    if name == "whisper":
        model = settings.whisper_model
        options["model"] = model if model.startswith("whisper-") else f"whisper-{model}"
    return Wanted("stt", name, settings.stt_threads, {**options, **_options(settings, "stt")})


def _language_model(settings: EngineSettings, name: str) -> Wanted:
    options: dict[str, Any] = {}
    if name == "openai":
        options = {
            "base_url": settings.ollama_base_url,
            "model": settings.ollama_model,
            "api_key": settings.llm_api_key,
            "timeout_s": settings.ollama_timeout,
        }
    elif name == "llamacpp" and settings.llm_model:
        options = {"model": settings.llm_model}
    return Wanted("llm", name, settings.llm_threads, {**options, **_options(settings, "llm")})


def needed_models(wanted: Sequence[Wanted], registry: Registry, catalogue: Catalogue) -> tuple[str, ...]:
    """The catalogue ids that a start needs: those of these engines and, where there are any, the one that portraits
    are looked at with."""
    models: dict[str, None] = {}
    for one in wanted:
        known = () if one.optional else registry.info(one.kind, one.name).models
        chosen = one.options.get("model")
        own = [str(chosen)] if chosen in known else [name for name in known if catalogue.model(name).default]
        models |= dict.fromkeys(own or known[:1])
    return (*models, FACE_MODEL) if models else ()


def _voice(settings: EngineSettings, name: str, *, optional: bool) -> Wanted:
    options: dict[str, Any] = {}
    if name == "edge":
        options = {"rate": settings.edge_tts_rate, "pitch": settings.edge_tts_pitch}
        if settings.edge_tts_voice:
            options["voice"] = settings.edge_tts_voice
    elif name == "piper" and settings.piper_model_path:
        options = {"model_path": settings.piper_model_path}
    own = settings.options.get(f"tts.{name}", settings.options.get("tts", {}) if not optional else {})
    return Wanted("tts", name, settings.tts_threads, {**options, **own}, optional)
