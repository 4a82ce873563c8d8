"""Settings: turns."""

from __future__ import annotations

import os

from visavis.settings.source import FromEnvironment, variable


class TurnSettings(FromEnvironment):
    """When a turn is over, and how far audio runs ahead."""

    eager: float = variable(
        0.25, "VISAVIS_ENDPOINT_EAGER", description="Seconds of silence that end a turn which sounds complete.", gt=0
    )
    patient: float = variable(
        1.8, "VISAVIS_ENDPOINT_PATIENT", description="Seconds of silence that end a turn which does not.", gt=0
    )
    speculate: float = variable(
        0.09, "VISAVIS_SPECULATE", description="Seconds of silence after which the answer is begun, unheard.", gt=0
    )
    lead: float = variable(
        0.45, "VISAVIS_AUDIO_LEAD", description="Seconds of audio that are sent ahead of real time.", ge=0.1, le=2.0
    )
    longest: float = variable(
        60.0, "VISAVIS_LONGEST_TURN", description="Seconds after which a turn is ended while one still speaks.", ge=5
    )
    at_once: int = variable(
        0,
        "VISAVIS_TURNS_AT_ONCE",
        description="Turns that are made at once; who else has finished speaking waits, and is told. 0: one for every "
        "two processor cores, so that each is answered soon.",
        ge=0,
    )
    partial_interval: float = variable(
        0.9, "VISAVIS_PARTIAL_INTERVAL", description="Least seconds between two partial transcripts.", ge=0.2
    )

    @property
    def let_through(self) -> int:
        """How many turns are made at once on this machine."""
        return self.at_once or max(1, (os.cpu_count() or 1) // 2)
