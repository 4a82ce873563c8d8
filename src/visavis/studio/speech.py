"""What is said in a video: the voice with the timing of its words and phonemes, kept as artifacts."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from visavis.core.language import Language
from visavis.core.media import AudioChunk, Samples
from visavis.core.speech import Phoneme, SpeechChunk, Timeline, Word

_FULL: Final = 32767.0


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """A sentence, or a whole recording, as it is heard: `samples` float32 at `rate` Hz, and their timeline."""

    text: str
    language: Language
    samples: Samples
    rate: int
    timeline: Timeline

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / self.rate

    def encode(self) -> bytes:
        """A file of it: 16-bit samples and a JSON header; the same utterance gives the same bytes."""
        header = {
            "text": self.text,
            "language": self.language,
            "rate": self.rate,
            "timeline": asdict(self.timeline),
        }
        stream = io.BytesIO()
        samples = np.rint(np.clip(self.samples, -1.0, 1.0) * _FULL).astype("<i2")
        np.savez_compressed(
            stream, samples=samples, header=np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), np.uint8)
        )
        return stream.getvalue()

    @classmethod
    def decode(cls, data: bytes) -> Utterance:
        """Reads what `encode` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            header: dict[str, Any] = json.loads(archive["header"].tobytes())
            samples = archive["samples"].astype(np.float32) / np.float32(_FULL)
        return cls(header["text"], header["language"], samples, header["rate"], timeline_of(header["timeline"]))


def timeline_of(fields: Mapping[str, Any]) -> Timeline:
    """A timeline from its JSON fields."""
    return Timeline(
        phonemes=tuple(Phoneme(**item) for item in fields["phonemes"]),
        words=tuple(Word(**item) for item in fields["words"]),
        duration=float(fields["duration"]),
        pitch=tuple(fields["pitch"]),
        pitch_step=float(fields["pitch_step"]),
        exact=bool(fields["exact"]),
        loudness=tuple(fields["loudness"]),
    )


def with_pause(utterance: Utterance, seconds: float) -> Utterance:
    """The utterance with silence after it."""
    timeline = utterance.timeline
    end = max(timeline.duration, utterance.duration)
    silence = np.zeros(round(seconds * utterance.rate), np.float32)
    return replace(
        utterance,
        samples=np.concatenate([utterance.samples, silence]),
        timeline=replace(
            timeline, phonemes=(*timeline.phonemes, Phoneme("sil", end, end + seconds)), duration=end + seconds
        ),
    )


def chunks(utterances: Iterable[Utterance]) -> list[SpeechChunk]:
    """The utterances as the animator takes them: one whole chunk each."""
    return [
        SpeechChunk(AudioChunk(one.samples, one.rate), one.text, one.language, one.timeline, number, final=True)
        for number, one in enumerate(utterances)
    ]


def joined(utterances: Sequence[Utterance], start: float) -> Timeline:
    """One timeline of them all, the first one's sound at `start` seconds; word offsets count in the texts joined."""
    phonemes: list[Phoneme] = [Phoneme("sil", 0.0, start)] if start > 0 else []
    words: list[Word] = []
    at, offset = start, 0
    for one in utterances:
        phonemes += [replace(p, start=p.start + at, end=p.end + at) for p in one.timeline.phonemes]
        words += [replace(w, start=w.start + at, end=w.end + at, offset=w.offset + offset) for w in one.timeline.words]
        at, offset = at + one.duration, offset + len(one.text)
    exact = all(one.timeline.exact for one in utterances)
    return Timeline(tuple(phonemes), tuple(words), at, exact=exact)
