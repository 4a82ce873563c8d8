"""The reference pages are what the code says, and the code sends what they say."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

from visavis.engines.registry import KINDS, Registry
from visavis.server import realtime, server_events
from visavis.server.reference import pages
from visavis.server.wire_reference import OURS, STANDARD

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_pages_are_up_to_date() -> None:
    for name, text in pages(Registry()).items():
        assert (DOCS / name).read_text("utf-8") == text, f"docs/{name} is stale: run scripts/generate_docs.py"


def test_every_engine_is_described() -> None:
    page = pages(Registry())["engines.md"]
    for kind in KINDS:
        for name in Registry().names(kind):
            assert f"### {kind} `{name}`" in page


def test_every_event_that_is_sent_is_described() -> None:
    known = {*STANDARD, *OURS}
    for module in (server_events, realtime):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                looks = text.startswith(
                    ("visavis.", "response.", "conversation.item.", "input_audio_buffer.", "output_")
                )
                if looks and "." in text and " " not in text and not text.endswith((".", "live")):
                    prefixes = ("conversation.item.input_audio_transcription", "response.output_")
                    assert text in known or text in prefixes, f"{text} is not in wire_reference.py"
