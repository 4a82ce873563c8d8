"""What the doctor finds."""

from __future__ import annotations

from pathlib import Path

from tests.server.serving import FAKE, settings
from visavis.engines.registry import Registry
from visavis.server.access.keys import KeyStore
from visavis.server.doctor import Finding, findings
from visavis.settings import AccessSettings, EngineSettings, ServerSettings, SessionSettings, Settings
from visavis.weights.store import WeightStore


def examined(made: Settings, root: Path) -> dict[str, Finding]:
    return {one.part: one for one in findings(made, Registry(), WeightStore(root))}


def test_fake_engines_need_no_models(tmp_path: Path) -> None:
    found = examined(settings(), tmp_path)
    assert found["personas"].good
    assert found["personas"].detail.startswith("genevieve, open; ")
    assert all(found[f"{kind} fake"].good for kind in ("vad", "turn_detector", "stt", "embedder", "llm", "tts"))
    assert not any(part.startswith("model ") for part in found)


def test_a_persona_that_is_not_there_is_missing(tmp_path: Path) -> None:
    found = examined(settings(sessions=SessionSettings(persona="nobody")), tmp_path)
    assert not found["personas"].good
    assert "nobody" in found["personas"].detail


def test_an_engine_that_is_not_there_hides_no_other(tmp_path: Path) -> None:
    engines = EngineSettings(**{**FAKE.model_dump(), "vad": "nothing", "stt": "whisper"})
    found = examined(settings(engines=engines), tmp_path)
    assert not found["vad nothing"].good
    assert "Installed: " in found["vad nothing"].detail
    assert found["stt whisper"].good
    for model in ("whisper-base", "mediapipe-face"):
        assert not found[f"model {model}"].good
        assert found[f"model {model}"].detail.startswith("not here; the next start fetches it (")


def test_who_may_come_in_is_told(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    assert examined(settings(access=AccessSettings(keys=keys)), tmp_path)["access"].detail.startswith("this machine")
    outside = {"server": ServerSettings(host="0.0.0.0"), "access": AccessSettings(keys=keys)}
    locked = examined(settings(**outside), tmp_path)["access"]
    assert not locked.good
    assert "visavis keys add" in locked.detail
    KeyStore(keys).add("Ada")
    assert examined(settings(**outside), tmp_path)["access"] == Finding("access", True, "with a key only; one key")
