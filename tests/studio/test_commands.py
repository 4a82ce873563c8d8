"""`visavis render` and `visavis verify`, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.face.pictures import encoded, sample
from visavis.cli import main
from visavis.face.avatars import AvatarStore
from visavis.studio.video import probe


@pytest.fixture
def home(tmp_path: Path, avatars: AvatarStore, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with fake engines, where the face model is shared."""
    for name in ("VISAVIS_HOME", "VISAVIS_STUDIO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VISAVIS_ENGINES", "fake")
    monkeypatch.setenv("OLLAMA_BASE_URL", "")
    monkeypatch.setenv("VISAVIS_AVATARS", str(avatars.root))
    monkeypatch.setenv("VISAVIS_STUDIO", str(tmp_path / "studio"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _render(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["render", "--size", "256", "--fps", "10", *arguments])


def test_a_picture_and_a_script(home: Path) -> None:
    (home / "me.png").write_bytes(encoded(sample("astronaut")))
    result = _render("--portrait", "me.png", "--script", "Hello you.", "--language", "en", "--out", "hello.mp4")
    assert result.exit_code == 0, result.output
    assert "you may use this face" in result.output and "Wrote hello.mp4" in result.output
    facts = probe(home / "hello.mp4")
    assert facts.width == 256 and abs(facts.audio_duration - facts.duration) < 0.04
    assert (home / "hello.srt").read_text() and (home / "hello.vtt").read_text().startswith("WEBVTT")
    assert not [path for path in (home / "studio" / "renders").iterdir() if path.is_dir()], "no leftovers"

    verify = CliRunner().invoke(main, ["verify", "hello.mp4"])
    assert verify.exit_code == 0 and "Made by AI: yes" in verify.output and "development certificate" in verify.output
    data = bytearray((home / "hello.mp4").read_bytes())
    data[len(data) // 2] ^= 1
    (home / "changed.mp4").write_bytes(data)
    verify = CliRunner().invoke(main, ["verify", "changed.mp4"])
    assert verify.exit_code == 1 and "do NOT hold" in verify.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--script", ""), "no words"),
        (("--script", "Hello.", "--out", "hello.avi"), ".mp4 or .webm"),
        (("--script", "Hello.", "--out", "nowhere/hello.mp4"), "There is no folder"),
        (("--script", "Hello.", "--portrait", "nobody"), "nobody"),
        (("--script", "Привет, как дела? Сегодня хороший день."), "English"),
        (("--script", "Hello.", "--size", "100"), "--size"),
        (("--script", "Hello.", "--background", "transparent"), "WebM"),
    ],
)
def test_refusals_say_what_to_do(home: Path, arguments: tuple[str, ...], said: str) -> None:
    result = _render(*arguments)
    assert result.exit_code == 1 and said in result.output
    assert "Traceback" not in result.output and not list(home.glob("*.mp4"))
