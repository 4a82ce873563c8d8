"""What a text sounds like: words, each with its place in the text and its phonemes."""

from __future__ import annotations

from dataclasses import dataclass

from visavis.core.language import Language


@dataclass(frozen=True, slots=True)
class Sound:
    """One phoneme: its IPA `symbol`, `stress` (0 unstressed, 1 secondary, 2 primary) and, in Chinese, its `tone`
    (→ ↗ ↓ ↘, "" for neutral and for consonants)."""

    symbol: str
    stress: int = 0
    tone: str = ""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of the text spoken: `offset` and `length` in characters, its `sounds`, and the `language` it is in."""

    offset: int
    length: int
    sounds: tuple[Sound, ...]
    language: Language
