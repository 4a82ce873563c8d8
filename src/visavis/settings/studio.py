"""Settings: the studio."""

from __future__ import annotations

from pathlib import Path

from visavis.settings.source import FromEnvironment, variable


class StudioSettings(FromEnvironment):
    """What the studio takes, and for how long it keeps it."""

    folder: Path | None = variable(
        None, "VISAVIS_STUDIO", description="Folder of uploads, videos and jobs; default: the user's data folder."
    )
    database: str = variable(
        "",
        "VISAVIS_DATABASE",
        "DATABASE_URL",
        description="`postgresql://…` or `sqlite:///…`; default: SQLite in that folder.",
        repr=False,
    )
    queue: int = variable(16, "VISAVIS_STUDIO_QUEUE", description="Videos that may wait; more are refused.", ge=1)
    retention: float = variable(
        168.0, "VISAVIS_STUDIO_RETENTION", description="Hours after which finished videos and all uploads go.", gt=0
    )
    longest_recording: float = variable(
        600.0, "VISAVIS_STUDIO_LONGEST", description="Longest recording in seconds.", ge=1, le=3600
    )
    longest_script: int = variable(6000, "VISAVIS_STUDIO_SCRIPT", description="Longest script in characters.", ge=1)
    max_audio_bytes: int = variable(
        100_000_000, "VISAVIS_STUDIO_AUDIO_BYTES", description="Largest sound file that is taken.", ge=1024
    )
    max_video_bytes: int = variable(
        250_000_000, "VISAVIS_STUDIO_VIDEO_BYTES", description="Largest video that is taken.", ge=1024
    )
    drawers: int = variable(
        2, "VISAVIS_STUDIO_PROCESSES", description="Processes that draw at once; they rest while somebody talks.", ge=1
    )
    segment: float = variable(
        4.0, "VISAVIS_STUDIO_SEGMENT", description="Seconds of a piece of video: what a crash costs at most.", ge=0.5
    )
    ask_llm: bool = variable(
        True, "VISAVIS_STUDIO_LLM", description="Have the language model direct the face; else rules do it alone."
    )
    certificate: Path | None = variable(
        None,
        "VISAVIS_CERTIFICATE",
        description="PEM chain that signs the videos; default: a development certificate made here.",
    )
    key: Path | None = variable(None, "VISAVIS_CERTIFICATE_KEY", description="The PEM key of that certificate.")
