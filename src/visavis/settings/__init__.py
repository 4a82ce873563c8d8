"""Every setting of visavis: read once from the environment (and `.env`), then handed around as one frozen value."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, ValidationError

from visavis.core.errors import VisavisError
from visavis.settings.access import AccessSettings
from visavis.settings.api import ApiSettings
from visavis.settings.calls import CallSettings
from visavis.settings.engines import EngineSettings
from visavis.settings.inherited import InheritedSettings
from visavis.settings.knowledge import KnowledgeSettings
from visavis.settings.memory import MemorySettings
from visavis.settings.server import ServerSettings
from visavis.settings.services import ServiceSettings
from visavis.settings.sessions import SessionSettings
from visavis.settings.source import FromEnvironment, variable
from visavis.settings.studio import StudioSettings
from visavis.settings.turns import TurnSettings

__all__ = [
    "AccessSettings",
    "ApiSettings",
    "CallSettings",
    "EngineSettings",
    "InheritedSettings",
    "KnowledgeSettings",
    "MemorySettings",
    "ServerSettings",
    "ServiceSettings",
    "SessionSettings",
    "Settings",
    "StudioSettings",
    "TurnSettings",
    "read_settings",
]


class Settings(FromEnvironment):
    """All of it."""

    server: ServerSettings = Field(default_factory=ServerSettings)
    access: AccessSettings = Field(default_factory=AccessSettings)
    sessions: SessionSettings = Field(default_factory=SessionSettings)
    calls: CallSettings = Field(default_factory=CallSettings)
    turns: TurnSettings = Field(default_factory=TurnSettings)
    engines: EngineSettings = Field(default_factory=EngineSettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    studio: StudioSettings = Field(default_factory=StudioSettings)
    knowledge: KnowledgeSettings = Field(default_factory=KnowledgeSettings)
    memory: MemorySettings = Field(default_factory=MemorySettings)
    services: ServiceSettings = Field(default_factory=ServiceSettings)
    inherited: InheritedSettings = Field(default_factory=InheritedSettings)
    home: Path | None = variable(
        None,
        "VISAVIS_HOME",
        description="Folder for models, avatars, documents and the studio, where those have no folder of their own.",
    )
    models: Path | None = variable(
        None,
        "VISAVIS_MODELS",
        "MODEL_CACHE_DIR",
        description="Folder of the model weights; default: the user's data folder.",
    )
    personas: Path | None = variable(None, "VISAVIS_PERSONAS", description="Folder of your own personas (`*.toml`).")
    courses: Path | None = variable(None, "VISAVIS_COURSES", description="Your own course catalogue (TOML or JSON).")
    avatars: Path | None = variable(
        None, "VISAVIS_AVATARS", description="Folder of your own avatars; default: the user's data folder."
    )
    cache: Path | None = variable(
        None, "VISAVIS_CACHE", description="Folder of the speech cache; default: the user's cache folder."
    )
    keep_lines: bool = variable(
        True,
        "VISAVIS_KEEP_LINES",
        description="Keep the speech of fixed lines on disk; generated answers are never kept.",
    )
    lipsync_mode: str = variable(
        "viseme", "LIPSYNC_MODE", description="How the mouth is driven; `viseme` (phoneme timings) is the only way."
    )
    log_level: Literal["debug", "info", "warning", "error"] = variable(
        "info", "VISAVIS_LOG_LEVEL", description="Least severe log entries that are written."
    )
    log_json: bool = variable(False, "VISAVIS_LOG_JSON", description="Write logs as JSON lines.")
    log_pii: bool = variable(
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
    def keys_file(self) -> Path:
        """Where the keys' hashes lie."""
        return self.access.keys or (self.home or user_data_path("visavis")) / "keys.json"

    @property
    def studio_folder(self) -> Path | None:
        """Where the studio's files lie; None: the user's data folder."""
        return self.studio.folder or (self.home / "studio" if self.home else None)

    @property
    def memory_folder(self) -> Path:
        """Where it lies what is remembered of people."""
        return self.memory.folder or (self.home or user_data_path("visavis")) / "memory"

    @property
    def knowledge_folder(self) -> Path | None:
        """Where the documents lie; None: the user's data folder."""
        return self.knowledge.folder or (self.home / "knowledge" if self.home else None)


def read_settings() -> Settings:
    """The settings as the environment has them. Raises VisavisError `settings.invalid`."""
    try:
        return Settings()
    except ValidationError as error:
        first: Any = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise VisavisError("settings.invalid", f"The setting {where} is not valid: {first['msg']}.") from error
