"""The whole product at once: real models, a real browser, a microphone that speaks, in three languages."""

from __future__ import annotations

import asyncio
import os
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jiwer
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from bench.server import SHARING, ServerProcess
from bench.speech import spoken
from tests.browser import lips
from tests.browser.chromium import aside, chromium, speaking
from tests.browser.conftest import FLAGS
from tests.browser.visit import Visit
from visavis.core.language import Language
from visavis.core.media import AudioChunk
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.stt import STT, STTOptions
from visavis.weights.store import WeightStore

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.timeout(600)]

SAYS: dict[Language, tuple[str, str]] = {
    "en": ("I'm a complete beginner and I want to learn Python to become a data scientist.", "am_michael"),
    "es": ("Soy principiante y quiero aprender Python para ser científica de datos.", "em_alex"),
    "zh": ("我是初学者，我想学习Python，成为数据科学家。", "zm_yunjian"),
}
LONG = 120_000


@pytest.fixture(scope="module")
def real_server() -> Iterator[ServerProcess]:
    one = ServerProcess(None, VISAVIS_ENGINES="", **SHARING)
    try:
        one.start()
        yield one
    finally:
        one.stop()


def recording(path: Path, speech: NDArray[np.float32]) -> Path:
    """A WAV file of a second of quiet, the speech, and half a minute of quiet."""
    rng = np.random.default_rng(3)
    rate = 24_000
    samples = np.concatenate([np.zeros(rate), speech, np.zeros(30 * rate)])
    samples = samples + rng.standard_normal(len(samples)) * 2e-4
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def transcribed(store: WeightStore, samples: NDArray[np.float32], language: Language) -> str:
    """What Whisper hears in the sound that the page played."""

    async def transcribe() -> str:
        stt: STT = Registry().create("stt", "whisper", EngineContext(store, threads=2))
        try:
            transcript = await stt.transcribe(AudioChunk(samples, lips.RATE), STTOptions(language=language))
        finally:
            await stt.aclose()
        return transcript.text

    return aside(asyncio.run, transcribe())


def _unlike(said: str, transcript: str, language: Language) -> float:
    """Share of words (characters in Chinese) that differ, case and punctuation aside."""
    truth, heard = ("".join(c for c in text.lower() if c.isalnum() or c.isspace()) for text in (said, transcript))
    if language == "zh":
        return float(jiwer.cer("".join(truth.split()), "".join(heard.split())))
    return float(jiwer.wer(" ".join(truth.split()), " ".join(heard.split())))


@pytest.fixture(scope="module")
def speeches(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, NDArray[np.float32]]:
    """What is said in each language."""
    lines = [(text, language, voice) for language, (text, voice) in SAYS.items()]
    return dict(zip(SAYS, aside(spoken, WeightStore(), tmp_path_factory.mktemp("said"), lines), strict=True))


@pytest.mark.parametrize("language", SAYS)
def test_three_courses_for_one_sentence(
    real_server: ServerProcess, speeches: dict[Language, NDArray[np.float32]], tmp_path: Path, language: Language
) -> None:
    store, speech = WeightStore(), speeches[language]
    microphone = recording(tmp_path / "microphone.wav", speech)
    rig: dict[str, Any] = httpx.get(f"{real_server.url}v1/avatars/genevieve/rig.json").json()
    with chromium((*speaking(microphone), *FLAGS)) as browser:
        visit = Visit(browser, real_server.url)
        page = visit.meet()
        visit.wait("view.said.length > 0 && !view.sounding && view.phase === 'idle'", LONG)
        visit.enliven()
        lips.watch(page, rig)
        page.locator(".microphone").click()
        visit.wait("view.courses.length === 3", LONG)
        expect(page.locator(".card")).to_have_count(3)
        visit.wait("view.sounding", LONG)
        page.wait_for_timeout(1500)
        if folder := os.environ.get("VISAVIS_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/talk-{language}.png")
        visit.wait("!view.sounding && view.phase === 'idle'", LONG)
        view, sounds, seen = visit.view(), lips.heard(page), lips.openings(page)
        visit.close()
    assert visit.complaints == []

    assert view["language"] == language
    answer, sound = view["said"][-1]["text"], sounds[-1]
    transcript = transcribed(store, sound.samples, language)
    assert _unlike(answer, transcript, language) < 0.25, (answer, transcript)

    together, apart = lips.agreement(sounds, seen)
    print(f"{language}: {transcript!r}; lips like the sound {together:.2f}, shifted {apart:.2f}, {len(seen)} pictures")
    assert together > 0.4
    assert together > apart
    closed = np.percentile([opening for _, _, opening in seen], 10)
    assert max(opening for _, _, opening in seen) > closed + 0.05
