"""Settings: engines."""

from __future__ import annotations

from typing import Any

from visavis.settings.source import FromEnvironment, WebAddress, variable


class EngineSettings(FromEnvironment):
    """Which engines do the work, and on how many threads."""

    all: str = variable(
        "", "VISAVIS_ENGINES", description="One name for every engine that is not named itself: `fake`."
    )
    vad: str = variable("", "VISAVIS_VAD", description="Voice activity detector; default `silero`.")
    turn_detector: str = variable("", "VISAVIS_TURN_DETECTOR", description="Turn detector; default `smart-turn`.")
    stt: str = variable("", "VISAVIS_STT", description="Speech to text; default `whisper`.")
    llm: str = variable(
        "",
        "VISAVIS_LLM",
        description="Language model: `llamacpp` or `openai`; default: `openai` if OLLAMA_BASE_URL answers.",
    )
    tts: str = variable(
        "",
        "VISAVIS_TTS",
        description="Voices in order, comma-separated: when one fails the next speaks; default `kokoro,piper,edge`.",
    )
    embedder: str = variable("", "VISAVIS_EMBEDDER", description="Text embedder; default `e5`.")
    stt_threads: int = variable(2, "VISAVIS_STT_THREADS", description="Threads for speech to text.", ge=1)
    llm_threads: int = variable(2, "VISAVIS_LLM_THREADS", description="Threads for the embedded language model.", ge=1)
    tts_threads: int = variable(1, "VISAVIS_TTS_THREADS", description="Threads for the voice.", ge=1)
    options: dict[str, dict[str, Any]] = variable(
        {},
        "VISAVIS_ENGINE_OPTIONS",
        description='JSON of further options by kind, such as `{"llm": {"context": 4096}}` (docs/engines.md).',
    )
    whisper_model: str = variable(
        "base", "WHISPER_MODEL", description="Whisper model: tiny, base, small, medium, large-v3, or a catalogue id."
    )
    ollama_base_url: WebAddress = variable(
        "http://localhost:11434",
        "OLLAMA_BASE_URL",
        "OLLAMA_URL",
        description="Ollama, or any OpenAI-compatible server; used when it answers at start.",
    )
    ollama_model: str = variable("gemma3:4b", "OLLAMA_MODEL", description="Model to ask that server for.")
    ollama_timeout: float = variable(
        30.0, "OLLAMA_TIMEOUT", description="Seconds to wait for each piece of an answer.", gt=0
    )
    llm_api_key: str = variable(
        "", "VISAVIS_LLM_API_KEY", description="Key for that server, if it wants one.", repr=False
    )
    llm_model: str = variable("", "VISAVIS_LLM_MODEL", description="Catalogue id of the embedded language model.")
    piper_model_path: str = variable(
        "",
        "PIPER_MODEL_PATH",
        description="A Piper voice (.onnx with its .json), or the folder of TTS_VOICE; empty takes the catalogue's.",
    )
    edge_tts_voice: str = variable(
        "", "EDGE_TTS_VOICE", description="Edge TTS voice; empty takes one for the language."
    )
    edge_tts_rate: str = variable("+0%", "EDGE_TTS_RATE", description="Edge TTS speed, such as `-10%`.")
    edge_tts_pitch: str = variable("+0Hz", "EDGE_TTS_PITCH", description="Edge TTS pitch, such as `+5Hz` or `+2%`.")
