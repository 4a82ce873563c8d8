"""All that the nodes of the pipeline work with; whoever assembles the studio hands it in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from visavis.core.errors import VisavisError
from visavis.engines.llm import LLM
from visavis.engines.stt import STT
from visavis.engines.tts import TTS
from visavis.engines.vad import VAD
from visavis.face.avatars import AvatarStore
from visavis.face.emotion_network import EmotionNetwork
from visavis.face.landmarks import Landmarker
from visavis.studio.artifacts import Artifacts
from visavis.studio.drawers import Drawers
from visavis.studio.memo import Memo
from visavis.studio.pronounced import Pronounce
from visavis.studio.script import Scripts
from visavis.studio.signer import Signer
from visavis.studio.sitters import Sitters

_JOB_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Tools:
    """Engines, files and drawing processes of one studio.

    `work` holds a folder a job with what it has made so far. Without `stt` there are no recordings, without `tts` no
    scripts; `llm` None leaves the controls to the rules. `segment` is the longest piece of video in seconds.
    """

    artifacts: Artifacts
    work: Path
    sitters: Sitters
    drawers: Drawers
    vad: VAD
    stt: STT | None
    tts: TTS | None
    llm: LLM | None
    pronounce: Pronounce
    signer: Signer
    scripts: Scripts = field(default_factory=Scripts)
    segment: float = 4.0

    @classmethod
    def at(
        cls,
        folder: Path,
        *,
        avatars: AvatarStore,
        landmarker: Callable[[], Landmarker],
        emotions: Callable[[], EmotionNetwork] | None = None,
        vad: VAD,
        stt: STT | None,
        tts: TTS | None,
        llm: LLM | None,
        pronounce: Pronounce,
        signer: Signer,
        processes: int,
        scripts: Scripts | None = None,
    ) -> Self:
        """The tools of a studio whose files lie in `folder`; as many as `processes` draw at once."""
        artifacts = Artifacts(folder / "files")
        return cls(
            artifacts=artifacts,
            work=folder / "work",
            sitters=Sitters(avatars, landmarker, artifacts, emotions),
            drawers=Drawers(processes),
            vad=vad,
            stt=stt,
            tts=tts,
            llm=llm,
            pronounce=pronounce,
            signer=signer,
            scripts=scripts or Scripts(),
        )

    def memo(self, job_id: str) -> Memo:
        """What that job has made so far. Raises VisavisError `job.unknown` for an id that cannot be one."""
        if not _JOB_ID.fullmatch(job_id):
            raise VisavisError("job.unknown", "There is no such job; it may have been removed after its time.")
        return Memo(self.work / job_id, self.artifacts)
