"""When each phoneme of a recording is heard: its transcript's sounds laid over the audio, near the word times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.speech import Phoneme, Timeline, Word
from visavis.engines.estimated_timeline import weight
from visavis.studio.acoustics import Floats, acoustics, observe
from visavis.studio.features import STEP, AudioFeatures, features
from visavis.studio.forced_alignment import Placed, align
from visavis.studio.pronounced import Pronounce, Unit, units_of
from visavis.studio.sound import Recording
from visavis.studio.syllables import murmur

_SHORTEST_PAUSE: Final = 0.04
"""Shorter silences between sounds belong to the sounds beside them."""
_LONGEST_PASSAGE: Final = 25.0
_EARLIEST_CUT: Final = 10.0
"""A recording is aligned in passages of so many seconds, cut where it is quietest."""
_CUT_WINDOW: Final = 30
_FAINT_FRAMES: Final = 5


def timeline_of(
    words: Sequence[Word],
    language: Language,
    recording: Recording,
    pronounce: Pronounce,
    heard: AudioFeatures | None = None,
) -> Timeline:
    """The timeline of a recording from its transcript's `words`; what is silent between the sounds becomes a pause.

    Without words the mouth gets a vowel for every syllable heard. `heard` are the recording's features where they are
    known already; where they say that nobody speaks, hardly a sound is looked for. Pitch and loudness come with the
    timeline; `exact` is False. Blocking: some 30 ms a second of audio.
    """
    heard = heard or features(recording, ())
    duration = len(recording.samples) / recording.rate
    units = units_of(words, language, pronounce)
    placed: list[Placed] = []
    if units:
        observed, quiet = observe(heard.mel), _quiet(heard.speech)
        for first, last, start, end in _passages(units, heard.level, duration):
            part = slice(round(start / STEP), round(end / STEP))
            found = align(units[first:last], observed[part], quiet[part], start, acoustics())
            spread = found if found is not None else _spread(units[first:last], start, end)
            placed += [(phoneme, unit + first) for phoneme, unit in spread]
    sounds = [phoneme for phoneme, _ in placed] if units else murmur(heard)
    return Timeline(
        phonemes=tuple(_with_pauses(sounds, duration)),
        words=tuple(_timed(words, units, placed)),
        duration=duration,
        pitch=tuple(round(float(hz), 1) for hz in heard.pitch),
        pitch_step=STEP,
        exact=False,
        loudness=tuple(round(float(level), 1) for level in heard.level),
    )


def _quiet(speech: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where nobody speaks, but for the moments beside speech, where a detector misses what is faint; nowhere when it
    was not looked for."""
    if not speech.any():
        return np.zeros(len(speech), np.bool_)
    beside = np.convolve(speech, np.ones(2 * _FAINT_FRAMES + 1), "same") > 0
    return np.asarray(~beside)


def _passages(units: Sequence[Unit], level: Floats, duration: float) -> Iterator[tuple[int, int, float, float]]:
    """Units in runs that are aligned at once: first, one past the last, and the seconds of the run."""
    quiet = np.convolve(np.pad(level, _CUT_WINDOW // 2, mode="edge"), np.full(_CUT_WINDOW, 1 / _CUT_WINDOW), "valid")
    first, start = 0, 0.0
    while duration - start > _LONGEST_PASSAGE:
        low, high = round((start + _EARLIEST_CUT) / STEP), round((start + _LONGEST_PASSAGE) / STEP)
        cut = (low + int(np.argmin(quiet[low:high]))) * STEP
        last = first
        while last < len(units) and (units[last].start + units[last].end) / 2 < cut:
            last += 1
        if last > first:
            yield first, last, start, cut
        first, start = last, cut
    if first < len(units):
        yield first, len(units), start, duration


def _spread(units: Sequence[Unit], start: float, end: float) -> list[Placed]:
    """The sounds of each unit over its transcribed time by their usual lengths, for speech too fast to be aligned."""
    placed: list[Placed] = []
    edge = start
    for number, unit in enumerate(units):
        begin = min(max(edge, unit.start), end)
        edge = min(max(begin, unit.end), end)
        shares = np.cumsum([0.0, *(weight(sound) for sound in unit.sounds)])
        times = begin + shares / shares[-1] * (edge - begin)
        for sound, first, last in zip(unit.sounds, times, times[1:], strict=False):
            placed.append((Phoneme(sound.symbol, float(first), float(last), sound.stress), number))
    return placed


def _with_pauses(phonemes: Sequence[Phoneme], duration: float) -> Iterator[Phoneme]:
    """The phonemes without holes: short ones go to the sound before, long ones become `sil`."""
    edge = 0.0
    for index, phoneme in enumerate(phonemes):
        if phoneme.start - edge >= _SHORTEST_PAUSE or (index == 0 and phoneme.start > 0):
            yield Phoneme("sil", edge, phoneme.start)
        following = phonemes[index + 1].start if index + 1 < len(phonemes) else duration
        short = following - phoneme.end < _SHORTEST_PAUSE
        edge = following if short else phoneme.end
        yield replace(phoneme, end=edge)
    if edge < duration:
        yield Phoneme("sil", edge, duration)


def _timed(words: Sequence[Word], units: Sequence[Unit], placed: Sequence[Placed]) -> Iterator[Word]:
    """The words at the times of their sounds; words of one unit share its time by their letters."""
    spans: dict[int, tuple[float, float]] = {}
    for phoneme, unit in placed:
        spans[unit] = (spans.get(unit, (phoneme.start, 0.0))[0], phoneme.end)
    times: dict[int, tuple[float, float]] = {}
    for number, (start, end) in spans.items():
        members = range(units[number].first, units[number].last + 1)
        shares = np.cumsum([0, *(len(words[index].text) for index in members)])
        edges = start + shares / max(1, shares[-1]) * (end - start)
        times |= {index: (float(a), float(b)) for index, a, b in zip(members, edges, edges[1:], strict=False)}
    edge = 0.0
    for index, word in enumerate(words):
        start, end = times.get(index, (edge, edge))
        edge = max(edge, end)
        yield replace(word, start=start, end=max(start, end))
