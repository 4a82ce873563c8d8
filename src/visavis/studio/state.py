"""What the pipeline's nodes hand on: ids and numbers, never pictures or sound."""

from __future__ import annotations

from operator import add, or_
from typing import Annotated, Any, TypedDict

from visavis.core.language import Language
from visavis.face.emotion import Emotion


class AvatarState(TypedDict, total=False):
    """The state of one job between nodes, in seed 003's names. All files are ids of artifacts.

    `request` is the JobRequest as JSON. `audio` is the 16 kHz WAV that was analysed, `voice` the audio that is heard
    (its own rate), `timeline` a JSON artifact with words and phonemes, `audio_features` small numbers plus the ids of
    larger arrays (NPZ), `avatar_control` the five controls in [0, 1], `control_source` "llm", "heuristics" or
    "defaults", `mistral_response` what the LLM wrote, `segments` the finished pieces of video in order,
    `final_video` the joined one, `enhanced_video` the delivered one, `captions` ids by format, `quality` the quality
    report, `rendering` pictures drawn and how fast, `provenance` who signed what (and the id of a `sidecar`), `errors`
    what went wrong and was covered, `performance` seconds per stage.
    """

    request: dict[str, Any]
    portrait_hash: str
    audio: str
    voice: str
    timeline: str
    duration: float
    language: Language
    transcribed_text: str
    audio_features: dict[str, Any]
    emotion: Emotion
    confidence: float
    emotion_details: dict[str, Any]
    avatar_control: dict[str, float]
    control_source: str
    mistral_response: str
    motion: str
    segments: list[str]
    final_video: str
    enhanced_video: str
    captions: dict[str, str]
    quality: dict[str, Any]
    rendering: dict[str, float]
    provenance: dict[str, Any]
    errors: Annotated[list[str], add]
    performance: Annotated[dict[str, float], or_]
