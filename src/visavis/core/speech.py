"""Speech with what it is made of: phonemes in time, and the visemes they show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from visavis.core.language import Language
from visavis.core.media import AudioChunk

Viseme = Literal["sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"]
"""The Oculus 15."""

VISEMES: Final[tuple[Viseme, ...]] = get_args(Viseme)


@dataclass(frozen=True, slots=True)
class Phoneme:
    """One phoneme as the TTS spoke it: IPA `symbol` (`sil` for a pause), `start` and `end` in utterance seconds.

    `stress` is 0 unstressed, 1 secondary, 2 primary.
    """

    symbol: str
    start: float
    end: float
    stress: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the spoken text: its `text` with `start` and `end` in utterance seconds.

    `offset` is the index of its first character in the utterance's text.
    """

    text: str
    start: float
    end: float
    offset: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is known of an utterance's timing, in seconds from the utterance's first sample.

    `pitch` holds F0 in Hz (0 where unvoiced) and `loudness` the level in dB full scale (RMS), both one value every
    `pitch_step` seconds and empty when the engine knows none ahead of its audio. Kokoro's energy E is 4.72 E - 54.5 dB.
    `exact` is False when the times were estimated rather than taken from the synthesiser.
    """

    phonemes: tuple[Phoneme, ...] = ()
    words: tuple[Word, ...] = ()
    duration: float = 0.0
    pitch: tuple[float, ...] = ()
    pitch_step: float = 0.0125
    exact: bool = True
    loudness: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """A piece of a spoken utterance (a sentence or clause).

    `audio.start` is in seconds from the utterance's first sample. Every chunk of an utterance carries the same
    `timeline`, complete from the first chunk on when the engine's capabilities say `timings_ahead`; otherwise each
    chunk's timeline covers at least the audio up to that chunk's end. `final` marks the utterance's last chunk.
    """

    audio: AudioChunk
    text: str
    language: Language
    timeline: Timeline = field(default_factory=Timeline)
    utterance: int = 0
    final: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A viseme with start and end in seconds of the utterance; `weight` in [0, 1] scales its target."""

    viseme: Viseme
    start: float
    end: float
    weight: float = 1.0
