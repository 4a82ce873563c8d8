"""Settings: memory beyond a conversation."""

from __future__ import annotations

from pathlib import Path

from visavis.settings.source import FromEnvironment, variable


class MemorySettings(FromEnvironment):
    """Whether people may be remembered who agree to it on the page, and for how long. With VISAVIS_DATABASE what is
    remembered is kept there."""

    on: bool = variable(
        False, "VISAVIS_MEMORY", description="Ask people whether they want to be remembered, and remember who agrees."
    )
    days: float = variable(
        30.0, "VISAVIS_MEMORY_DAYS", description="Days after which what is remembered goes.", gt=0, le=3650
    )
    folder: Path | None = variable(
        None, "VISAVIS_MEMORY_FOLDER", description="Folder of the memory; default: the user's data folder."
    )
