"""Settings come from the variables they name, and from nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from visavis.settings import EngineSettings, Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_seeds_names_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("OLLAMA_MODEL", "llama3.1:8b")
    monkeypatch.setenv("WHISPER_MODEL", "small")
    monkeypatch.setenv("EDGE_TTS_RATE", "-10%")
    made = Settings()
    assert (made.server.port, made.engines.ollama_model) == (9001, "llama3.1:8b")
    assert (made.engines.whisper_model, made.engines.edge_tts_rate) == ("small", "-10%")


def test_names_of_fields_are_no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "HOST", "ALL", "CACHE", "MODELS", "LLM", "PERSONA"):
        monkeypatch.setenv(name, "/nowhere")
    made = Settings()
    assert made.home is None
    assert made.models is None
    assert made.server.host == "127.0.0.1"
    assert made.engines.all == ""


def test_a_file_beside_the_server_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("VISAVIS_SESSIONS=9\nHOST=0.0.0.0\n", "utf-8")
    made = Settings()
    assert made.sessions.places == 9
    assert made.server.host == "127.0.0.1"


def test_code_may_use_the_names_of_fields() -> None:
    assert EngineSettings(all="fake").all == "fake"


def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    with pytest.raises(ValidationError):
        Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().log_level = "debug"
