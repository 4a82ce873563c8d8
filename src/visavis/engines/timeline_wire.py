"""A timeline as JSON: how a voice service tells when each sound is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from visavis.core.speech import Phoneme, Timeline, Word

_DIGITS: Final = 5
"""Of a second: a hundredth of a millisecond."""


def timeline_to_wire(timeline: Timeline) -> dict[str, Any]:
    """The timeline as JSON: `phonemes` are [symbol, start, end, stress], `words` [text, start, end, offset], times in
    seconds; `pitch` in Hz and `loudness` in dB full scale hold one value every `pitch_step` seconds."""
    return {
        "duration": round(timeline.duration, _DIGITS),
        "exact": timeline.exact,
        "phonemes": [
            [one.symbol, round(one.start, _DIGITS), round(one.end, _DIGITS), one.stress] for one in timeline.phonemes
        ],
        "words": [[one.text, round(one.start, _DIGITS), round(one.end, _DIGITS), one.offset] for one in timeline.words],
        "pitch": [round(hz, 2) for hz in timeline.pitch],
        "loudness": [round(level, 2) for level in timeline.loudness],
        "pitch_step": timeline.pitch_step,
    }


def timeline_from_wire(wire: Mapping[str, Any]) -> Timeline:
    """Reads it back. Raises ValueError for anything that is no timeline."""
    try:
        return Timeline(
            phonemes=tuple(Phoneme(str(a), float(b), float(c), int(d)) for a, b, c, d in wire["phonemes"]),
            words=tuple(Word(str(a), float(b), float(c), int(d)) for a, b, c, d in wire["words"]),
            duration=float(wire["duration"]),
            pitch=tuple(float(hz) for hz in wire["pitch"]),
            pitch_step=float(wire["pitch_step"]),
            exact=bool(wire["exact"]),
            loudness=tuple(float(level) for level in wire["loudness"]),
        )
    except (LookupError, TypeError) as error:
        raise ValueError("no timeline") from error
