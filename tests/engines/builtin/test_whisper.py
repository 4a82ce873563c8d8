"""Whisper against the contract, and its ways out of trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from tests.engines.builtin.voices import Voices
from tests.engines.contracts.stt import Said, STTContract
from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.builtin.whisper import ENGINE, WhisperOptions, WhisperSTT
from visavis.engines.builtin.whisper_model import WhisperModel
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.stt import STTOptions
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def model(hearing_store: WeightStore) -> WhisperModel:
    return WhisperModel(hearing_store.folder("whisper-base"), threads=1)


@pytest.fixture
async def stt(hearing_store: WeightStore) -> AsyncIterator[WhisperSTT]:
    engine = WhisperSTT(hearing_store, WhisperOptions(), threads=1)
    yield engine
    await engine.aclose()


@pytest.fixture
def said(voices: Voices) -> dict[Language, Said]:
    return voices.said


class TestWhisper(STTContract):
    pass


async def test_chinese_comes_simplified(stt: WhisperSTT, said: dict[Language, Said]) -> None:
    text = (await stt.transcribe(said["zh"].audio, STTOptions(language="zh"))).text
    assert not set(text) & set("學習數據謝這個們")


async def test_a_prompt_biases_the_spelling(stt: WhisperSTT, said: dict[Language, Said]) -> None:
    prompt = "i want to study python, and become a data scientist, and learn python"
    plain = (await stt.transcribe(said["en"].audio, STTOptions(language="en"))).text
    lower = (await stt.transcribe(said["en"].audio, STTOptions(language="en", prompt=prompt))).text
    assert "Python" in plain and "python" in lower


def test_only_the_audio_there_is_gets_encoded(model: WhisperModel) -> None:
    def frames(seconds: float, full: bool = False) -> int:
        return model.encode(np.zeros(int(seconds * SPEECH_RATE), np.float32), full=full).frames

    assert frames(1.0) == 800
    assert frames(7.0) == 900
    assert frames(10.003) % 2 == 0 and 1200 <= frames(10.003) <= 1202
    assert frames(1.0, full=True) == 3000


def test_repetitions_can_be_forbidden_and_the_token_cap_holds(model: WhisperModel, said: dict[Language, Said]) -> None:
    word = said["en"].audio.samples[: SPEECH_RATE // 2]
    many = model.encode(np.tile(word, 40)[: 20 * SPEECH_RATE])
    decoded = model.decode(many, "en", beam=1)
    assert len(decoded.tokens) <= 16 + 10 * 20
    careful = model.decode(many, "en", beam=1, careful=True)
    assert len(careful.tokens) <= 16 + 10 * 20
    triples = [careful.tokens[i : i + 3] for i in range(len(careful.tokens) - 2)]
    assert len(triples) == len(set(triples))


def test_languages_are_probabilities(model: WhisperModel, said: dict[Language, Said]) -> None:
    for language, utterance in said.items():
        found = model.languages(model.encode(utterance.audio.samples))
        assert max(found, key=lambda code: found[code]) == language
        assert sum(found.values()) == pytest.approx(1.0, abs=0.05)


async def test_broken_samples_do_no_harm(stt: WhisperSTT) -> None:
    broken = np.full(SPEECH_RATE, np.nan, np.float32)
    assert (await stt.transcribe(AudioChunk(broken, SPEECH_RATE), STTOptions())).text == ""


async def test_a_damaged_model_says_what_to_do(tmp_path: Path, hearing_store: WeightStore) -> None:
    class Damaged(WeightStore):
        def folder(self, model: str) -> Path:
            (tmp_path / "model.bin").write_bytes(b"not a model")
            return tmp_path

    with pytest.raises(VisavisError, match="visavis models verify whisper-base") as caught:
        await WhisperSTT(Damaged(hearing_store.root), WhisperOptions()).warm()
    assert caught.value.code == "stt.unavailable"


async def test_without_weights_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VisavisError, match="visavis models pull whisper-base") as caught:
        await WhisperSTT(WeightStore(tmp_path), WhisperOptions()).warm()
    assert caught.value.code == "weights.missing"


def test_options_choose_the_model(tmp_path: Path) -> None:
    context = EngineContext(WeightStore(tmp_path), options={"model": "whisper-tiny-en"})
    engine = Registry().create("stt", "whisper", context)
    assert engine.capabilities.languages == {"en"} and not engine.capabilities.detects_language
    with pytest.raises(ValidationError):
        WhisperOptions(model="kokoro-82m")
    for model in ENGINE.models:
        assert model in WeightStore(tmp_path).catalogue
