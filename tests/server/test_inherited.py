"""The variables of the systems that visavis replaces: taken over, or one line that says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from visavis.server.inherited import edge_pitch, ignored, whisper_model
from visavis.server.plan import plan
from visavis.settings import Settings
from visavis.weights.catalogue import Catalogue

CATALOGUE = Catalogue.load()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OLLAMA_URL", "http://127.0.0.1:9")


def complaints(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, str]:
    """What has no effect of these variables."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return {one.variable: one.value for one in ignored(Settings())}


async def options(kind: str) -> list[tuple[str, dict[str, object]]]:
    """The engines of a kind that would be made, with their options."""
    return [(one.name, dict(one.options)) for one in await plan(Settings()) if one.kind == kind]


def test_nothing_is_said_of_a_plain_start() -> None:
    assert not list(ignored(Settings()))


def test_what_the_compose_file_of_seed_000_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not complaints(monkeypatch, LIPSYNC_MODE="viseme", WHISPER_MODEL="tiny", EDGE_TTS_PITCH="+0%")


def test_lipsync_mode_musetalk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert complaints(monkeypatch, LIPSYNC_MODE="musetalk") == {"LIPSYNC_MODE": "musetalk"}


def test_what_needs_a_gpu_in_seed_002(monkeypatch: pytest.MonkeyPatch) -> None:
    said = complaints(monkeypatch, DEVICE="cuda", COMPUTE_TYPE="float16", VAD_FILTER="true")
    assert said == {"DEVICE": "cuda", "COMPUTE_TYPE": "float16"}
    assert complaints(monkeypatch, DEVICE="cpu", COMPUTE_TYPE="int8", VAD_FILTER="false") == {"VAD_FILTER": "false"}


async def test_tts_engine_speaks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not complaints(monkeypatch, TTS_ENGINE="piper")
    assert [name for name, _ in await options("tts")] == ["piper", "kokoro", "edge"]
    assert complaints(monkeypatch, TTS_ENGINE="coqui") == {"TTS_ENGINE": "coqui"}
    assert [name for name, _ in await options("tts")] == ["kokoro", "piper", "edge"]


async def test_tts_voice_lies_in_the_folder_piper_model_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = tmp_path / "models" / "en_US-amy-medium.onnx"
    said = complaints(monkeypatch, PIPER_MODEL_PATH=str(voice.parent), TTS_VOICE=voice.stem)
    assert set(said) == {"PIPER_MODEL_PATH", "TTS_VOICE"}
    assert ("piper", {}) in await options("tts")
    voice.parent.mkdir()
    voice.touch()
    assert not complaints(monkeypatch)
    assert ("piper", {"model_path": str(voice)}) in await options("tts")
    assert not complaints(monkeypatch, PIPER_MODEL_PATH=str(voice))


async def test_model_path_is_a_gguf_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "llama-3.1-8b-instruct"
    path = tmp_path / f"{name}.Q4_K_M.gguf"
    said = complaints(monkeypatch, MODEL_NAME=name, MODEL_PATH=str(path))
    assert set(said) == {"MODEL_NAME", "MODEL_PATH"}
    assert await options("llm") == [("llamacpp", {})]
    path.touch()
    assert not complaints(monkeypatch)
    assert await options("llm") == [("llamacpp", {"path": str(path), "name": name})]


async def test_model_name_may_be_one_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not complaints(monkeypatch, MODEL_NAME="smollm2-135m")
    assert await options("llm") == [("llamacpp", {"model": "smollm2-135m"})]


def test_ollama_url_and_model_cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not complaints(monkeypatch, MODEL_CACHE_DIR=str(tmp_path))
    assert Settings().engines.ollama_base_url == "http://127.0.0.1:9"
    assert Settings().models_folder == tmp_path


async def test_without_ollama_the_model_in_the_process_answers() -> None:
    assert [name for name, _ in await options("llm")] == ["llamacpp"]


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("tiny", "whisper-tiny"),
        ("base", "whisper-base"),
        ("small", "whisper-small"),
        ("medium", "whisper-medium"),
        ("large", "whisper-large-v3"),
        ("large-v3", "whisper-large-v3"),
        ("tiny.en", "whisper-tiny-en"),
        ("base.en", "whisper-base"),
        ("whisper-small", "whisper-small"),
    ],
)
def test_every_whisper_model_of_the_seeds_is_in_the_catalogue(name: str, model: str) -> None:
    assert whisper_model(name) == model
    assert model in CATALOGUE


@pytest.mark.parametrize(("value", "hertz"), [("+0%", "+0Hz"), ("-10%", "-20Hz"), ("+5Hz", "+5Hz"), ("high", "high")])
def test_pitch_in_percent_becomes_hertz(value: str, hertz: str) -> None:
    assert edge_pitch(value) == hertz
