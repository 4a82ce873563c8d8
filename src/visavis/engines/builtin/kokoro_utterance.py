"""From a text to what Kokoro will say of it, with all its timing, before there is a sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.speech import Phoneme, Timeline, Word
from visavis.engines.builtin.g2p import G2P
from visavis.engines.builtin.kokoro_model import Cancellation, Encoding, KokoroModel, concatenate
from visavis.engines.builtin.kokoro_tokens import FRAME, MAX_TOKENS, PlacedSound, place, tokenize
from visavis.engines.pronunciation import SpokenWord
from visavis.engines.text_normalization import normalize

EARLY: Final = 0.045
"""Seconds by which a sound is heard before the frames of its token: measured on 200 stops and fricatives, whose least
energy lies 40 to 55 ms before the token's middle in all three languages. Pitch and energy lie where they are heard."""

LEAD: Final = 2
"""Frames kept before the first sound: its onset starts a little early."""

_TAIL: Final = 7  # frames kept after the last sound: its decay and the breath of a sentence end
_CLAUSE_TAIL: Final = 4  # the same after a comma: the next clause follows at once
_BETWEEN: Final = 4  # frames of silence kept where a long text was cut in passes
_PAUSE: Final = 3  # frames from which a gap between sounds is a pause; shorter ones belong to the sounds
_VOICED: Final = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """What is to be decoded: the first `last` frames of `encoding`, in `voice`, and its timeline."""

    encoding: Encoding
    voice: str
    last: int
    timeline: Timeline


def prepare(
    model: KokoroModel,
    g2p: G2P,
    text: str,
    *,
    language: Language,
    voice: str,
    speed: float,
    cancellation: Cancellation,
) -> Utterance | None:
    """Plans the speech of `text`; None when it has nothing to say. Blocking. Raises CancelledRun."""
    normalized = normalize(text, language)
    words = g2p.words(normalized.text, language)
    if not words:
        return None
    encodings: list[Encoding] = []
    sounds: list[PlacedSound] = []
    offset = number = 0
    for part, start, end in _passes(normalized.text, words):
        tokens = tokenize(normalized.text[start:end], [replace(w, offset=w.offset - start) for w in part])
        if not tokens.ids:
            number += len(part)
            continue
        style = model.style(voice, len(tokens.ids))
        encoding = model.encode(tokens.ids, style, speed, cancellation)
        placed = place(tokens, encoding.durations, part)
        if not placed:
            number += len(part)
            continue
        low = max(0, placed[0].start - (LEAD if not encodings else _BETWEEN))
        high = min(encoding.frames, placed[-1].end + _TAIL)
        sounds.extend(
            replace(item, start=item.start + offset - low, end=item.end + offset - low, word=item.word + number)
            for item in placed
        )
        encodings.append(encoding.slice(low, high))
        offset += high - low
        number += len(part)
    if not encodings:
        return None
    whole = concatenate(encodings)
    sounds = list(_settled(sounds, whole.quiet()))
    tail = _TAIL if text.rstrip()[-1:] in ".!?。！？…" else _CLAUSE_TAIL
    last = min(whole.frames, sounds[-1].end + tail)
    units = g2p.units(text, language)
    starts = [normalized.origin[word.offset] for word in words]
    timeline = Timeline(
        phonemes=tuple(_phonemes(sounds, last)),
        words=tuple(_words(text, units, starts, sounds)),
        duration=last * FRAME,
        pitch=tuple(round(float(hz), 1) if hz > _VOICED else 0.0 for hz in whole.pitch[0][: 2 * last]),
        pitch_step=FRAME / 2,
        loudness=tuple(round(4.72 * float(energy) - 54.5, 1) for energy in whole.energy[0][: 2 * last]),
    )
    return Utterance(whole, voice, last, timeline)


def _settled(sounds: Sequence[PlacedSound], quiet: NDArray[np.bool_]) -> Iterator[PlacedSound]:
    """Ends the sounds before a pause where they fall silent: the model gives them part of the pause's time."""
    for index, item in enumerate(sounds):
        following = sounds[index + 1].word if index + 1 < len(sounds) else -1
        end = item.end
        if following != item.word:
            while end - item.start > 2 and quiet[end - 1]:
                end -= 1
        yield replace(item, end=end) if item.end - end >= _PAUSE else item


def _passes(text: str, words: Sequence[SpokenWord]) -> Iterator[tuple[Sequence[SpokenWord], int, int]]:
    """Words in groups that one pass of the model can take, with the text from each group's start to the next's."""
    first, size, text_start = 0, 0, 0
    for index, word in enumerate(words):
        cost = 3 + sum(2 + len(sound.symbol) for sound in word.sounds)
        if size + cost > MAX_TOKENS - 10 and index > first:
            yield words[first:index], text_start, word.offset
            first, size, text_start = index, 0, word.offset
        size += cost
    yield words[first:], text_start, len(text)


def _phonemes(sounds: Sequence[PlacedSound], last: int) -> Iterator[Phoneme]:
    """The sounds in seconds without holes: short gaps are shared by their neighbours, long ones become `sil`."""
    edge = 0.0
    for index, item in enumerate(sounds):
        following = sounds[index + 1].start if index + 1 < len(sounds) else last
        gap = following - item.end
        end = float(item.end)
        if index == 0 and item.start > 0:
            yield Phoneme("sil", 0.0, _heard(item.start))
            edge = float(item.start)
        pause = gap >= _PAUSE
        if not pause:
            end += gap / 2
        final = index + 1 == len(sounds)
        yield Phoneme(
            item.sound.symbol, _heard(edge), last * FRAME if final and not pause else _heard(end), item.sound.stress
        )
        edge = end
        if pause:
            yield Phoneme("sil", _heard(end), last * FRAME if final else _heard(following))
            edge = float(following)


def _heard(frame: float) -> float:
    """When the sound of a token that begins at `frame` is heard, in seconds."""
    return max(0.0, frame * FRAME - EARLY)


def _words(
    text: str, units: Sequence[tuple[int, int]], starts: Sequence[int], sounds: Sequence[PlacedSound]
) -> Iterator[Word]:
    """Caption words with the time of their sounds; a unit without sound joins the word before it."""
    unit_of = np.searchsorted([start for start, _ in units], starts, side="right") - 1
    times: dict[int, tuple[int, int]] = {}
    for item in sounds:
        unit = int(max(0, unit_of[item.word]))
        begin, _ = times.get(unit, (item.start, item.end))
        times[unit] = (begin, item.end)
    pending: tuple[int, int, int, int] | None = None
    first_offset: int | None = None
    for index, (start, end) in enumerate(units):
        if index not in times:
            if pending is None:
                first_offset = start if first_offset is None else first_offset
            else:
                pending = (pending[0], end, pending[2], pending[3])
            continue
        if pending is not None:
            yield _word(text, pending)
        begin, finish = times[index]
        pending = (start if first_offset is None else first_offset, end, begin, finish)
        first_offset = None
    if pending is not None:
        yield _word(text, pending)


def _word(text: str, span: tuple[int, int, int, int]) -> Word:
    start, end, begin, finish = span
    return Word(text[start:end], _heard(begin), _heard(finish), start)
