"""Settings: names of the systems before this one."""

from __future__ import annotations

from pathlib import Path

from visavis.settings.source import FromEnvironment, variable


class InheritedSettings(FromEnvironment):
    """By the names of the systems that visavis replaces; where one has no effect, a line in the log says so."""

    device: str = variable("", "DEVICE", description="`cpu`: speech is recognised there.")
    compute_type: str = variable("", "COMPUTE_TYPE", description="`int8`: the precision of speech recognition.")
    vad_filter: str = variable("", "VAD_FILTER", description="`true`: the voice activity detector always listens.")
    tts_engine: str = variable("", "TTS_ENGINE", description="The voice engine that speaks first, the others after it.")
    tts_voice: str = variable("", "TTS_VOICE", description="A Piper voice in the folder PIPER_MODEL_PATH.")
    model_name: str = variable(
        "", "MODEL_NAME", description="Name of the model in MODEL_PATH, or the catalogue id of another language model."
    )
    model_path: Path | None = variable(None, "MODEL_PATH", description="A GGUF file; it answers in the process.")
