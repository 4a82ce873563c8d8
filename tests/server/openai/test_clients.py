"""The stock `openai` clients, unchanged, touch every route: a script each, as users write them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.server.serving import Served

ROOT = Path(__file__).parents[3]
LINE = "Hello there, how are you today?"
COMMANDS = {
    "python": [sys.executable, "tests/clients/python/every_route.py"],
    "javascript": [sys.executable, "scripts/node.py", "node", "tests/clients/javascript/every_route.mjs"],
}


@pytest.mark.parametrize("language", COMMANDS)
def test_the_stock_client_touches_every_route(server: Served, language: str) -> None:
    command = [*COMMANDS[language], f"{server.http}/v1", "open"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=270, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert {"genevieve", "open", "fake"} <= set(found["models"]["ids"])
    assert found["models"]["unknown"] == "model.unknown"
    chat = found["chat"]
    assert chat["whole"] == chat["streamed"] == "Say hello."
    assert chat["persona"] == chat["persona streamed"] != ""
    assert (chat["finish"], chat["answers"], chat["model"]) == (["stop", "stop"], 2, ["fake", "open"])
    assert chat["tokens"] == [2, 2]
    structured = found["structured"]
    assert structured["person"]["age"] == 0
    assert (
        structured["call"] == structured["streamed call"] == ["get_weather", {"city": "What is the weather in Madrid?"}]
    )
    assert (structured["finish"], structured["told"]) == ("tool_calls", "Sunny and 25 degrees.")
    speech = found["speech"]
    assert min(speech["bytes"].values()) > 1000 and speech["same"]
    assert speech["quick"] == pytest.approx(speech["seconds"] / 2, abs=0.2)
    assert speech["events"] == ["speech.audio.delta", "speech.audio.done"]
    heard = found["transcriptions"]
    assert heard["json"] == heard["text"].strip() == heard["verbose"][0] == LINE
    assert heard["streamed"] == [LINE, LINE]
    assert (heard["verbose"][1], len(heard["words"]), heard["segments"]) == ("english", 6, 1)
    assert " --> " in heard["srt"] and heard["vtt"].startswith("WEBVTT")
    assert heard["translation"] == "translation.unsupported"
    assert found["embeddings"]["same"] and found["embeddings"]["dimensions"][1] == 16
