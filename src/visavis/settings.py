"""Every setting of visavis: read once from the environment (and `.env`), then handed around as one frozen value."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from visavis.core.errors import VisavisError


class _NamedOnly(DotEnvSettingsSource):
    """A `.env` file of which only the variables count, never the names of fields."""

    def __call__(self) -> dict[str, Any]:
        """The values, by variable."""
        self.config = SettingsConfigDict(**{**self.config, "populate_by_name": False})
        return {key: value for key, value in super().__call__().items() if key not in self.settings_cls.model_fields}


class _FromEnvironment(BaseSettings):
    """Read from the variables that each field names, and from no others: a field `home` is not `$HOME`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then `.env`; names of fields count in arguments only."""
        env_settings.config = SettingsConfigDict(**{**env_settings.config, "populate_by_name": False})
        return init_settings, env_settings, _NamedOnly(settings_cls)


def _env(default: Any, *names: str, description: str, **limits: Any) -> Any:
    """A field that is read from the environment variables `names`, the first one that is set."""
    return Field(default, validation_alias=AliasChoices(*names), description=description, **limits)


class ServerSettings(_FromEnvironment):
    """Where the server listens and what it puts up with."""

    host: str = _env("127.0.0.1", "VISAVIS_HOST", description="Address to listen on.")
    port: int = _env(8000, "PORT", "VISAVIS_PORT", description="Port to listen on; 0 takes a free one.", ge=0, le=65535)
    origins: tuple[str, ...] = _env(
        (),
        "VISAVIS_ORIGINS",
        description="JSON list of further web origins whose pages may connect; the server's own page always may.",
    )
    max_message_bytes: int = _env(
        15 * 2**20,
        "VISAVIS_MAX_MESSAGE_BYTES",
        description="Longest client event in bytes; a longer one is refused with an error.",
        ge=1024,
    )
    max_frame_bytes: int = _env(
        64 * 2**20,
        "VISAVIS_MAX_FRAME_BYTES",
        description="Longest WebSocket message that is read at all; a longer one closes the connection (code 1009).",
        ge=1024,
    )


class SessionSettings(_FromEnvironment):
    """How many may talk, and for how long."""

    places: int = _env(4, "VISAVIS_SESSIONS", description="Conversations at once; others wait in a queue.", ge=1)
    queue: int = _env(32, "VISAVIS_QUEUE", description="People who may wait for a place; others are refused.", ge=0)
    idle_timeout: float = _env(
        600.0, "VISAVIS_IDLE_TIMEOUT", description="Seconds of silence after which a conversation is ended.", gt=0
    )
    resume: float = _env(
        180.0, "VISAVIS_RESUME", description="Seconds for which a dropped conversation can be taken up again.", ge=0
    )
    persona: str = _env("genevieve", "VISAVIS_PERSONA", description="Persona of a client that names none it knows.")


class TurnSettings(_FromEnvironment):
    """When a turn is over, and how far audio runs ahead."""

    eager: float = _env(
        0.25, "VISAVIS_ENDPOINT_EAGER", description="Seconds of silence that end a turn which sounds complete.", gt=0
    )
    patient: float = _env(
        1.8, "VISAVIS_ENDPOINT_PATIENT", description="Seconds of silence that end a turn which does not.", gt=0
    )
    speculate: float = _env(
        0.09, "VISAVIS_SPECULATE", description="Seconds of silence after which the answer is begun, unheard.", gt=0
    )
    lead: float = _env(
        0.45, "VISAVIS_AUDIO_LEAD", description="Seconds of audio that are sent ahead of real time.", ge=0.1, le=2.0
    )
    longest: float = _env(
        60.0, "VISAVIS_LONGEST_TURN", description="Seconds after which a turn is ended while one still speaks.", ge=5
    )
    partial_interval: float = _env(
        0.9, "VISAVIS_PARTIAL_INTERVAL", description="Least seconds between two partial transcripts.", ge=0.2
    )


class EngineSettings(_FromEnvironment):
    """Which engines do the work, and on how many threads."""

    all: str = _env("", "VISAVIS_ENGINES", description="One name for every engine that is not named itself: `fake`.")
    vad: str = _env("", "VISAVIS_VAD", description="Voice activity detector; default `silero`.")
    turn_detector: str = _env("", "VISAVIS_TURN_DETECTOR", description="Turn detector; default `smart-turn`.")
    stt: str = _env("", "VISAVIS_STT", description="Speech to text; default `whisper`.")
    llm: str = _env(
        "",
        "VISAVIS_LLM",
        description="Language model: `llamacpp` or `openai`; default: `openai` if OLLAMA_BASE_URL answers.",
    )
    tts: str = _env(
        "",
        "VISAVIS_TTS",
        description="Voices in order, comma-separated: when one fails the next speaks; default `kokoro,piper,edge`.",
    )
    embedder: str = _env("", "VISAVIS_EMBEDDER", description="Text embedder; default `e5`.")
    stt_threads: int = _env(2, "VISAVIS_STT_THREADS", description="Threads for speech to text.", ge=1)
    llm_threads: int = _env(2, "VISAVIS_LLM_THREADS", description="Threads for the embedded language model.", ge=1)
    tts_threads: int = _env(1, "VISAVIS_TTS_THREADS", description="Threads for the voice.", ge=1)
    options: dict[str, dict[str, Any]] = _env(
        {},
        "VISAVIS_ENGINE_OPTIONS",
        description='JSON of further options by kind, such as `{"llm": {"context": 4096}}` (docs/engines.md).',
    )
    whisper_model: str = _env(
        "base", "WHISPER_MODEL", description="Whisper model: tiny, base, small, medium, large-v3, or a catalogue id."
    )
    ollama_base_url: str = _env(
        "http://localhost:11434",
        "OLLAMA_BASE_URL",
        description="Ollama, or any OpenAI-compatible server; used when it answers at start.",
    )
    ollama_model: str = _env("gemma3:4b", "OLLAMA_MODEL", description="Model to ask that server for.")
    ollama_timeout: float = _env(
        30.0, "OLLAMA_TIMEOUT", description="Seconds to wait for each piece of an answer.", gt=0
    )
    llm_api_key: str = _env("", "VISAVIS_LLM_API_KEY", description="Key for that server, if it wants one.", repr=False)
    llm_model: str = _env("", "VISAVIS_LLM_MODEL", description="Catalogue id of the embedded language model.")
    piper_model_path: str = _env(
        "", "PIPER_MODEL_PATH", description="A Piper voice (.onnx with its .json); empty takes the catalogue's."
    )
    edge_tts_voice: str = _env("", "EDGE_TTS_VOICE", description="Edge TTS voice; empty takes one for the language.")
    edge_tts_rate: str = _env("+0%", "EDGE_TTS_RATE", description="Edge TTS speed, such as `-10%`.")
    edge_tts_pitch: str = _env("+0Hz", "EDGE_TTS_PITCH", description="Edge TTS pitch, such as `+5Hz`.")


class StudioSettings(_FromEnvironment):
    """What the studio takes, and for how long it keeps it."""

    folder: Path | None = _env(
        None, "VISAVIS_STUDIO", description="Folder of uploads, videos and jobs; default: the user's data folder."
    )
    database: str = _env(
        "",
        "VISAVIS_DATABASE",
        "DATABASE_URL",
        description="`postgresql://…` or `sqlite:///…`; default: SQLite in that folder.",
        repr=False,
    )
    queue: int = _env(16, "VISAVIS_STUDIO_QUEUE", description="Videos that may wait; more are refused.", ge=1)
    retention: float = _env(
        168.0, "VISAVIS_STUDIO_RETENTION", description="Hours after which finished videos and all uploads go.", gt=0
    )
    longest_recording: float = _env(
        600.0, "VISAVIS_STUDIO_LONGEST", description="Longest recording in seconds.", ge=1, le=3600
    )
    longest_script: int = _env(6000, "VISAVIS_STUDIO_SCRIPT", description="Longest script in characters.", ge=1)
    max_audio_bytes: int = _env(
        100_000_000, "VISAVIS_STUDIO_AUDIO_BYTES", description="Largest sound file that is taken.", ge=1024
    )
    max_video_bytes: int = _env(
        250_000_000, "VISAVIS_STUDIO_VIDEO_BYTES", description="Largest video that is taken.", ge=1024
    )
    drawers: int = _env(
        2, "VISAVIS_STUDIO_PROCESSES", description="Processes that draw at once; they rest while somebody talks.", ge=1
    )
    segment: float = _env(
        4.0, "VISAVIS_STUDIO_SEGMENT", description="Seconds of a piece of video: what a crash costs at most.", ge=0.5
    )
    ask_llm: bool = _env(
        True, "VISAVIS_STUDIO_LLM", description="Have the language model direct the face; else rules do it alone."
    )
    certificate: Path | None = _env(
        None,
        "VISAVIS_CERTIFICATE",
        description="PEM chain that signs the videos; default: a development certificate made here.",
    )
    key: Path | None = _env(None, "VISAVIS_CERTIFICATE_KEY", description="The PEM key of that certificate.")


class Settings(_FromEnvironment):
    """All of it."""

    server: ServerSettings = Field(default_factory=ServerSettings)
    sessions: SessionSettings = Field(default_factory=SessionSettings)
    turns: TurnSettings = Field(default_factory=TurnSettings)
    engines: EngineSettings = Field(default_factory=EngineSettings)
    studio: StudioSettings = Field(default_factory=StudioSettings)
    home: Path | None = _env(
        None,
        "VISAVIS_HOME",
        description="Folder for models, avatars and the studio, where those have no folder of their own.",
    )
    models: Path | None = _env(
        None, "VISAVIS_MODELS", description="Folder of the model weights; default: the user's data folder."
    )
    personas: Path | None = _env(None, "VISAVIS_PERSONAS", description="Folder of your own personas (`*.toml`).")
    courses: Path | None = _env(None, "VISAVIS_COURSES", description="Your own course catalogue (TOML or JSON).")
    avatars: Path | None = _env(
        None, "VISAVIS_AVATARS", description="Folder of your own avatars; default: the user's data folder."
    )
    cache: Path | None = _env(
        None, "VISAVIS_CACHE", description="Folder of the speech cache; default: the user's cache folder."
    )
    keep_lines: bool = _env(
        True,
        "VISAVIS_KEEP_LINES",
        description="Keep the speech of fixed lines on disk; generated answers are never kept.",
    )
    lipsync_mode: Literal["viseme"] = _env(
        "viseme",
        "LIPSYNC_MODE",
        description="How the mouth is driven; `viseme` (phoneme timings) is the only one so far.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = _env(
        "info", "VISAVIS_LOG_LEVEL", description="Least severe log entries that are written."
    )
    log_json: bool = _env(False, "VISAVIS_LOG_JSON", description="Write logs as JSON lines.")
    log_pii: bool = _env(
        False, "VISAVIS_LOG_PII", description="Log what people say and type (keys `pii.…`); never on by itself."
    )

    @property
    def models_folder(self) -> Path | None:
        """Where the weights lie; None: the user's cache folder."""
        return self.models or (self.home / "models" if self.home else None)

    @property
    def avatars_folder(self) -> Path | None:
        """Where the avatars lie; None: the user's data folder."""
        return self.avatars or (self.home / "avatars" if self.home else None)

    @property
    def studio_folder(self) -> Path | None:
        """Where the studio's files lie; None: the user's data folder."""
        return self.studio.folder or (self.home / "studio" if self.home else None)


def read_settings() -> Settings:
    """The settings as the environment has them. Raises VisavisError `settings.invalid`."""
    try:
        return Settings()
    except ValidationError as error:
        first: Any = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise VisavisError("settings.invalid", f"The setting {where} is not valid: {first['msg']}.") from error
