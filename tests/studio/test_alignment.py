"""Sounds found where they are, in audio made by formula."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from tests.studio.tones import hiss, recording, silence, voice
from visavis.core.language import Language
from visavis.core.speech import Timeline, Word
from visavis.engines.pronunciation import Sound, SpokenWord
from visavis.studio.alignment import timeline_of
from visavis.studio.features import features
from visavis.studio.pronounced import units_of

SAID = recording(silence(0.5), hiss(0.15), voice(0.25), silence(0.6), hiss(0.15), voice(0.25), silence(0.5))
WORDS = (Word("sa", 0.3, 0.95, 0), Word("sa.", 0.95, 2.3, 3))


def spelled(text: str, language: Language) -> Sequence[SpokenWord]:
    """Every letter is a sound."""
    words, at = [], 0
    for token in text.split():
        at = text.index(token, at)
        sounds = tuple(Sound(letter, 2 if letter in "aeiou" else 0) for letter in token if letter.isalpha())
        words.append(SpokenWord(at, len(token), sounds, language))
        at += len(token)
    return words


def check(timeline: Timeline) -> None:
    """Without holes, in order, as long as the audio."""
    assert timeline.phonemes[0].start == 0
    assert timeline.phonemes[-1].end == pytest.approx(timeline.duration)
    for before, after in pairwise(timeline.phonemes):
        assert after.start == pytest.approx(before.end)
    assert all(phoneme.end > phoneme.start for phoneme in timeline.phonemes)
    assert not timeline.exact


def test_sounds_and_pauses_lie_where_they_are_heard() -> None:
    timeline = timeline_of(WORDS, "es", SAID, spelled)
    check(timeline)
    assert [p.symbol for p in timeline.phonemes] == ["sil", "s", "a", "sil", "s", "a", "sil"]
    starts = [p.start for p in timeline.phonemes]
    assert starts == pytest.approx([0, 0.5, 0.65, 0.9, 1.5, 1.65, 1.9], abs=0.035)
    assert [p.stress for p in timeline.phonemes] == [0, 0, 2, 0, 0, 2, 0]


def test_words_move_to_their_sounds() -> None:
    timeline = timeline_of(WORDS, "es", SAID, spelled)
    assert [word.text for word in timeline.words] == ["sa", "sa."]
    assert [word.offset for word in timeline.words] == [0, 3]
    times = [time for word in timeline.words for time in (word.start, word.end)]
    assert times == pytest.approx([0.5, 0.9, 1.5, 1.9], abs=0.035)


def test_loudness_and_pitch_come_along() -> None:
    timeline = timeline_of(WORDS, "es", SAID, spelled)
    assert len(timeline.loudness) == len(timeline.pitch) == round(timeline.duration / timeline.pitch_step)
    assert timeline.pitch[75] == pytest.approx(140, rel=0.02)
    assert timeline.pitch[120] == 0
    assert timeline.loudness[75] > timeline.loudness[120] + 30


def test_a_long_recording_is_aligned_in_passages() -> None:
    whole = recording(*[SAID.samples] * 14)
    length = SAID.duration
    words = [
        Word(word.text, word.start + n * length, word.end + n * length, word.offset + n * 7)
        for n in range(14)
        for word in WORDS
    ]
    timeline = timeline_of(words, "es", whole, spelled)
    check(timeline)
    found = [p.start for p in timeline.phonemes if p.symbol == "s"]
    assert found == pytest.approx([n * length + at for n in range(14) for at in (0.5, 1.5)], abs=0.035)


def test_more_sounds_than_fit_are_spread_over_their_word() -> None:
    said = recording(silence(0.2), voice(0.2), silence(0.1))
    timeline = timeline_of([Word("a" * 60, 0.1, 0.4, 0)], "es", said, spelled)
    check(timeline)
    assert sum(p.symbol == "a" for p in timeline.phonemes) == 60


def test_without_words_the_mouth_follows_the_syllables() -> None:
    said = recording(silence(0.4), voice(0.2), silence(0.2), voice(0.2), silence(0.6))
    timeline = timeline_of([], "en", said, spelled, features(said, [(0.4, 1.0)]))
    check(timeline)
    assert [p.symbol for p in timeline.phonemes] == ["sil", "a", "sil", "a", "sil"]
    assert [p.start for p in timeline.phonemes][1::2] == pytest.approx([0.4, 0.8], abs=0.03)


def test_silence_alone_is_one_pause() -> None:
    timeline = timeline_of([], "en", recording(silence(1.0)), spelled)
    assert [p.symbol for p in timeline.phonemes] == ["sil"]
    assert timeline.duration == 1.0


def test_where_nobody_speaks_no_sound_is_placed() -> None:
    rustle = np.asarray(0.25 * hiss(0.5), np.float32)
    said = recording(rustle, silence(0.4), hiss(0.15), voice(0.3), silence(0.2))
    words = [Word("sa", 0.0, 1.4, 0)]
    found = timeline_of(words, "es", said, spelled, features(said, [(0.9, 1.35)]))
    assert found.phonemes[1].start == pytest.approx(0.9, abs=0.05)


def test_words_are_joined_where_one_pronunciation_spans_them() -> None:
    def whole(text: str, language: Language) -> Sequence[SpokenWord]:
        return [SpokenWord(0, 3, (Sound("a"), Sound("o")), language), SpokenWord(4, 1, (Sound("e"),), language)]

    words = [Word("公", 0.0, 0.2, 0), Word("汽车", 0.2, 0.5, 1), Word("-", 0.5, 0.5, 3), Word("来", 0.5, 0.9, 4)]
    units = units_of(words, "zh", whole)
    assert [(unit.first, unit.last, unit.start, unit.end) for unit in units] == [(0, 1, 0.0, 0.5), (3, 3, 0.5, 0.9)]
