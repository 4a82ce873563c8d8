"""What a video is asked to be, and how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from visavis.core.language import Language
from visavis.face.emotion import Emotion

JobStatus = Literal["pending", "processing", "completed", "failed", "cancelled"]

Stage = Literal["audio_processing", "emotion_detection", "controller", "video_generation", "quality_enhancement"]
STAGES: Final[tuple[Stage, ...]] = (
    "audio_processing", "emotion_detection", "controller", "video_generation", "quality_enhancement",
)  # fmt: skip
"""The nodes of the pipeline in order, named as seed 003 names them."""


class RenderOptions(BaseModel):
    """How the video looks.

    `size` is the side in px; `background` is "portrait" (as it is), "transparent" (WebM only) or a colour "#rrggbb";
    `captions` "sidecar" writes SRT and VTT beside the video, "burned" draws them into it as well; `emotion` None means
    as it is heard; `smooth` takes flicker out of the pictures as they are drawn, before they are
    encoded; `sharpen` and `upscale` (target side in px, 0 for none) are the quality stage's choices;
    the same `seed` gives the same video.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(default=512, ge=256, le=1080, multiple_of=2)
    fps: int = Field(default=25, ge=10, le=60)
    container: Literal["mp4", "webm"] = "mp4"
    background: str = Field(default="portrait", pattern=r"^(portrait|transparent|#[0-9a-fA-F]{6})$")
    captions: Literal["none", "sidecar", "burned"] = "sidecar"
    emotion: Emotion | None = None
    smooth: bool = True
    sharpen: bool = False
    upscale: int = Field(default=0, ge=0, le=2160, multiple_of=2)
    seed: int = Field(default=0, ge=0)


class Consent(BaseModel):
    """Who ticked that the face and the voice may be used, and when (UTC). A script read by a stock voice needs no
    consent for the voice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    portrait: bool = False
    voice: bool = False
    at: datetime | None = None


class JobRequest(BaseModel):
    """One video to be made: a portrait and a script or a recording.

    `portrait` is `avatar:ID` or the id of an artifact (an uploaded picture); `audio` the id of an artifact; exactly one
    of `script` and `audio` is given. `language` None means as it is heard or read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    portrait: str
    script: str = ""
    audio: str = ""
    language: Language | None = None
    voice: str = ""
    options: RenderOptions = Field(default_factory=RenderOptions)
    consent: Consent = Field(default_factory=Consent)


class Progress(BaseModel):
    """How far a job is: `stage`, its share done and the whole's, both in [0, 1], one line for people, the id of a
    preview picture (JPEG artifact, "" for none) and an estimate of the seconds left."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    stage_share: float = Field(ge=0, le=1)
    share: float = Field(ge=0, le=1)
    message: str = ""
    preview: str = ""
    seconds_left: float | None = None
