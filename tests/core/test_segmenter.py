"""The segmenter, on sequences of probabilities."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from visavis.core.segmenter import Segmenter, Voice

WINDOW = 0.032
probabilities = st.lists(st.floats(0, 1), max_size=200)


def run(*probabilities: float) -> list[Voice]:
    segmenter = Segmenter(WINDOW)
    return [segmenter.push(p) for p in probabilities]


def test_three_voiced_windows_start_speech() -> None:
    assert run(0.1, 0.9, 0.9, 0.9, 0.9) == [
        Voice.SILENT,
        Voice.SUSPECTED,
        Voice.SUSPECTED,
        Voice.STARTED,
        Voice.SPEAKING,
    ]


def test_speech_starts_where_it_was_first_suspected() -> None:
    segmenter = Segmenter(WINDOW)
    for p in (0, 0, 0.9, 0.9, 0.9):
        segmenter.push(p)
    assert segmenter.started == 2 * WINDOW


def test_a_click_is_dismissed() -> None:
    voices = run(0.9, *[0.0] * 10)
    assert Voice.STARTED not in voices
    assert voices.count(Voice.DISMISSED) == 1


def test_a_pause_needs_two_windows_of_voice_to_end() -> None:
    voices = run(0.9, 0.9, 0.9, 0.0, 0.9, 0.0, 0.9, 0.9)
    assert voices[3:] == [Voice.PAUSED, Voice.PAUSED, Voice.PAUSED, Voice.PAUSED, Voice.RESUMED]


def test_a_soft_voice_goes_on_where_it_could_not_start() -> None:
    assert run(0.4, 0.4, 0.4) == [Voice.SILENT] * 3
    assert run(0.9, 0.9, 0.9, 0.4)[-1] is Voice.SPEAKING


def test_silence_is_counted_from_the_last_voiced_window() -> None:
    segmenter = Segmenter(WINDOW)
    for p in (0.9, 0.9, 0.9, 0.0, 0.0):
        segmenter.push(p)
    assert abs(segmenter.silence - 2 * WINDOW) < 1e-9


@given(probabilities)
def test_starts_and_ends_alternate(values: list[float]) -> None:
    segmenter = Segmenter(WINDOW)
    speaking = False
    for p in values:
        voice = segmenter.push(p)
        if voice is Voice.STARTED:
            assert not speaking
            speaking = True
        assert segmenter.speaking is speaking
        if voice in {Voice.SPEAKING, Voice.PAUSED, Voice.RESUMED}:
            assert speaking
        if voice in {Voice.SILENT, Voice.SUSPECTED, Voice.DISMISSED}:
            assert not speaking
        if segmenter.speaking and segmenter.silence > 0.5:
            segmenter.end()
            speaking = False


@given(probabilities)
def test_time_only_grows_and_bounds_everything(values: list[float]) -> None:
    segmenter = Segmenter(WINDOW)
    for count, p in enumerate(values, 1):
        segmenter.push(p)
        assert abs(segmenter.time - count * WINDOW) < 1e-6
        assert 0 <= segmenter.last_voiced <= segmenter.time + 1e-9
        assert segmenter.started is None or segmenter.started < segmenter.last_voiced


@given(st.lists(st.floats(0, 0.34), max_size=100))
def test_noise_never_starts_speech(values: list[float]) -> None:
    assert set(run(*values)) <= {Voice.SILENT}
