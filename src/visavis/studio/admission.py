"""What a request has to fulfil before work on it begins."""

from __future__ import annotations

from typing import Final

from visavis.core.errors import VisavisError
from visavis.studio.job import JobRequest
from visavis.studio.script import Scripts

STOCK: Final = "avatar:"
"""Begins the name of an avatar of this machine; an uploaded picture has the id of a file instead."""


def admit(request: JobRequest, scripts: Scripts) -> None:
    """Checks a request without touching its files.

    Raises VisavisError `job.source`, `consent.missing`, `options.transparent`, and as `Scripts.language` does.
    """
    if request.audio and request.script.strip():
        raise VisavisError("job.source", "Give a script or a recording, not both.")
    if not request.audio:
        scripts.language(request.script, request.language)
    if not request.portrait.startswith(STOCK) and not request.consent.portrait:
        raise VisavisError(
            "consent.missing", "Confirm that this face may be used: it is yours, or the person shown has agreed."
        )
    if request.audio and not request.consent.voice:
        raise VisavisError(
            "consent.missing", "Confirm that this voice may be used: it is yours, or the person heard has agreed."
        )
    if request.options.background == "transparent" and request.options.container != "webm":
        raise VisavisError("options.transparent", "Only WebM can be transparent: choose webm, or another background.")
