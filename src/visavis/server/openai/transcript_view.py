"""Transcripts as clients of OpenAI read them: JSON, text, SubRip and WebVTT."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visavis.core.language import Language
from visavis.core.sentences import sentences
from visavis.core.speech import Word
from visavis.engines.stt import Transcript
from visavis.server.openai.transcription_form import TranscriptionForm, language_name
from visavis.studio.captions import caption_lines, srt, vtt

_SURE: float = 1e-4
"""The least confidence that is told as a likelihood."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a whole recording of `duration` seconds."""

    text: str
    language: Language
    confidence: float
    duration: float
    words: tuple[Word, ...]
    passes: int

    @classmethod
    def of(cls, pieces: Sequence[Transcript], language: Language, duration: float) -> Heard:
        """The pieces of a recording, one after the other."""
        text, words, begin = "", [], 0.0
        for piece in pieces:
            gap = joint(text, piece.text, language)
            offset = len(text) + len(gap)
            words += [Word(one.text, one.start + begin, one.end + begin, one.offset + offset) for one in piece.words]
            text += gap + piece.text
            begin += piece.duration
        weights = [len(piece.text) for piece in pieces]
        likely = sum(piece.confidence * weight for piece, weight in zip(pieces, weights, strict=True))
        confidence = likely / sum(weights) if sum(weights) else 0.0
        return cls(text, language, confidence, duration, tuple(words), sum(piece.passes for piece in pieces))

    @property
    def usage(self) -> Mapping[str, Any]:
        """Seconds of sound."""
        return {"type": "duration", "seconds": math.ceil(self.duration)}


def joint(before: str, after: str, language: Language) -> str:
    """What stands between two pieces of a transcript."""
    return " " if before and after and language != "zh" else ""


def rendered(heard: Heard, form: TranscriptionForm) -> str | Mapping[str, Any]:
    """The transcript in the form that was asked for: an object for the JSON ones, text for the others."""
    if form.response_format == "text":
        return heard.text + "\n"
    if form.response_format in {"srt", "vtt"}:
        lines = caption_lines(heard.words, heard.language)
        return srt(lines) if form.response_format == "srt" else vtt(lines)
    if form.response_format == "json":
        return {"text": heard.text, "usage": heard.usage}
    parts = form.timestamp_granularities or ("segment",)
    words = [{"word": one.text, "start": round(one.start, 3), "end": round(one.end, 3)} for one in heard.words]
    return {
        "task": "transcribe",
        "language": language_name(heard.language),
        "duration": round(heard.duration, 3),
        "text": heard.text,
        **({"words": words} if "word" in parts else {}),
        **({"segments": list(_segments(heard))} if "segment" in parts else {}),
        "usage": heard.usage,
        "confidence": round(heard.confidence, 4),
        "passes": heard.passes,
    }


def _segments(heard: Heard) -> Iterator[Mapping[str, Any]]:
    """The sentences with their times. What Whisper alone could tell of them is told as by a sure reading."""
    end, place = 0.0, 0
    for number, sentence in enumerate(sentences(heard.text, heard.language)):
        spoken = [one for one in heard.words if place <= one.offset < place + len(sentence)]
        place += len(sentence)
        start = spoken[0].start if spoken else end
        end = max(start, _last(spoken, default=heard.duration if not heard.words else start))
        yield {
            "id": number,
            "seek": 0,
            "start": round(start, 3),
            "end": round(end, 3),
            "text": sentence.strip(),
            "tokens": [],
            "temperature": 0.0,
            "avg_logprob": round(math.log(max(_SURE, heard.confidence)), 4),
            "compression_ratio": 1.0,
            "no_speech_prob": 0.0,
        }


def _last(words: Iterable[Word], default: float) -> float:
    return max((one.end for one in words), default=default)
