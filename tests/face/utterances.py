"""Spoken utterances made of nothing but arithmetic, for tests of the animator."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from visavis.core.language import Language
from visavis.core.media import AudioChunk
from visavis.core.speech import Phoneme, SpeechChunk, Timeline, Word

RATE = 24_000


def timeline(
    symbols: Sequence[str], *, each: float = 0.08, lead: float = 0.2, tail: float = 0.3, ahead: bool = True
) -> Timeline:
    """Phonemes of equal length between two silences; `ˈ` before a symbol stresses it, a blank ends a word."""
    phonemes, words = [Phoneme("sil", 0.0, lead)], []
    at, began, offset = lead, lead, 0
    for symbol in symbols:
        if symbol == " ":
            words.append(Word("word", began, at, offset))
            began, offset = at, offset + 5
            continue
        phonemes.append(Phoneme(symbol.lstrip("ˈ"), at, at + each, 2 if symbol.startswith("ˈ") else 0))
        at += each
    words.append(Word("word", began, at, offset))
    phonemes.append(Phoneme("sil", at, at + tail))
    duration = at + tail
    steps = np.arange(0, duration, 0.0125)
    voiced = (steps > lead) & (steps < at)
    pitch = np.where(voiced, 200.0 * 2 ** (np.sin(steps * 2.3) / 4), 0.0)
    loudness = np.where(voiced, -20.0 - 4 * np.cos(steps * 9), -80.0)
    return Timeline(
        tuple(phonemes),
        tuple(words),
        duration,
        tuple(map(float, pitch)),
        0.0125,
        True,
        tuple(map(float, loudness)) if ahead else (),
    )


def audio(spoken: Timeline) -> AudioChunk:
    """A buzz that is as loud as the phonemes say: silent in pauses and closures."""
    times = np.arange(round(spoken.duration * RATE)) / RATE
    level = np.zeros(len(times))
    for phoneme in spoken.phonemes:
        inside = (times >= phoneme.start) & (times < phoneme.end)
        level[inside] = 0.0 if phoneme.symbol in {"sil", "p", "b"} else 0.2
    return AudioChunk((level * np.sin(times * 2 * np.pi * 180)).astype(np.float32), RATE)


def chunks(
    spoken: Timeline,
    cuts: Sequence[int] = (),
    *,
    language: Language = "en",
    utterance: int = 0,
    text: str = "Some words.",
) -> list[SpeechChunk]:
    """The utterance as speech, its audio cut at the samples `cuts`."""
    whole = audio(spoken)
    edges = sorted({0, len(whole.samples), *(cut % len(whole.samples) for cut in cuts)})
    return [
        SpeechChunk(
            AudioChunk(whole.samples[start:end], RATE, start / RATE),
            text,
            language,
            spoken,
            utterance,
            end == len(whole.samples),
        )
        for start, end in itertools.pairwise(edges)
    ]
