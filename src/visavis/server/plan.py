"""From settings to the engines that are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from visavis.engines.builtin.openai_llm import probe
from visavis.engines.pool import Wanted
from visavis.engines.registry import Kind, Registry
from visavis.face.landmarks import MODEL as FACE_MODEL
from visavis.server.inherited import edge_pitch, known_model, language_model, piper_voice, voice_order, whisper_model
from visavis.settings import EngineSettings, ServiceSettings, Settings
from visavis.weights.catalogue import Catalogue

_DEFAULT: Final[dict[Kind, str]] = {
    "vad": "silero",
    "turn_detector": "smart-turn",
    "stt": "whisper",
    "tts": "kokoro,piper,edge",
    "embedder": "e5",
}


def _name(settings: Settings, kind: Kind) -> str:
    engines = settings.engines
    service = "openai" if settings.services.of(kind) else ""
    return getattr(engines, kind) or service or engines.all or _DEFAULT.get(kind, "")


async def plan(settings: Settings) -> list[Wanted]:
    """The engines to make, quickest first; asks OLLAMA_BASE_URL whether it is there when nothing names the LLM."""
    engines = settings.engines
    llm = _name(settings, "llm") or ("llamacpp" if language_model(settings) else await _llm(engines))
    wanted = [
        Wanted("vad", _name(settings, "vad"), options=_options(engines, "vad")),
        Wanted("turn_detector", _name(settings, "turn_detector"), options=_options(engines, "turn_detector")),
        _stt(settings),
        _embedder(settings),
        _language_model(settings, llm),
    ]
    voices = _name(settings, "tts")
    if voices == _DEFAULT["tts"]:
        voices = voice_order(settings) or voices
    names = [name.strip() for name in voices.split(",") if name.strip()]
    return [*wanted, *(_voice(settings, name, optional=index > 0) for index, name in enumerate(names))]


async def plan_one(settings: Settings, kind: Kind) -> list[Wanted]:
    """The engines of one kind, for a server that runs nothing else: engines of its own, whatever services the
    environment that it shares with others names."""
    engines = settings.engines
    if kind != "llm" and not engines.llm:
        engines = engines.model_copy(update={"llm": "llamacpp"})
    alone = settings.model_copy(update={"engines": engines, "services": ServiceSettings.model_construct()})
    return [one for one in await plan(alone) if one.kind == kind]


async def _llm(settings: EngineSettings) -> str:
    answers = settings.ollama_base_url and await probe(settings.ollama_base_url, settings.llm_api_key) is not None
    return "openai" if answers else "llamacpp"


def _options(settings: EngineSettings, kind: Kind) -> dict[str, Any]:
    return dict(settings.options.get(kind, {}))


def _stt(everything: Settings) -> Wanted:
    settings, name = everything.engines, _name(everything, "stt")
    options: dict[str, Any] = {}
    if name == "whisper":
        options["model"] = whisper_model(settings.whisper_model)
    elif name == "openai":
        options = dict(everything.services.of("stt"))
    return Wanted("stt", name, settings.stt_threads, {**options, **_options(settings, "stt")})


def _embedder(everything: Settings) -> Wanted:
    name = _name(everything, "embedder")
    options = dict(everything.services.of("embedder")) if name == "openai" else {}
    return Wanted("embedder", name, options={**options, **_options(everything.engines, "embedder")})


def _language_model(everything: Settings, name: str) -> Wanted:
    settings, own = everything.engines, everything.inherited
    options: dict[str, Any] = {}
    if name == "openai":
        service = everything.services.of("llm")
        options = {
            "base_url": service.get("base_url", settings.ollama_base_url),
            "model": settings.llm_model if service else settings.ollama_model,
            "api_key": settings.llm_api_key,
            "timeout_s": settings.ollama_timeout,
        }
    elif name == "llamacpp" and (path := language_model(everything)):
        options = {"path": str(path), "name": own.model_name}
    elif name == "llamacpp" and (chosen := settings.llm_model or known_model(everything)):
        options = {"model": chosen}
    return Wanted("llm", name, settings.llm_threads, {**options, **_options(settings, "llm")})


def needed_models(wanted: Sequence[Wanted], registry: Registry, catalogue: Catalogue) -> tuple[str, ...]:
    """The catalogue ids that a start needs: those of these engines and, where there are any, the one that portraits
    are looked at with."""
    models = models_of(wanted, registry, catalogue)
    return (*models, FACE_MODEL) if models else ()


def models_of(wanted: Sequence[Wanted], registry: Registry, catalogue: Catalogue) -> tuple[str, ...]:
    """The catalogue ids of these engines' models."""
    models: dict[str, None] = {}
    for one in wanted:
        brought = one.options.get("path") or one.options.get("model_path")
        known = () if one.optional or brought else registry.info(one.kind, one.name).models
        chosen = one.options.get("model")
        own = [str(chosen)] if chosen in known else [name for name in known if catalogue.model(name).default]
        models |= dict.fromkeys(own or known[:1])
    return tuple(models)


def _voice(everything: Settings, name: str, *, optional: bool) -> Wanted:
    settings = everything.engines
    options: dict[str, Any] = {}
    if name == "edge":
        options = {"rate": settings.edge_tts_rate, "pitch": edge_pitch(settings.edge_tts_pitch)}
        if settings.edge_tts_voice:
            options["voice"] = settings.edge_tts_voice
    elif name == "piper" and (path := piper_voice(everything)):
        options = {"model_path": path}
    elif name == "openai":
        options = dict(everything.services.of("tts"))
    own = settings.options.get(f"tts.{name}", settings.options.get("tts", {}) if not optional else {})
    return Wanted("tts", name, settings.tts_threads, {**options, **own}, optional)
