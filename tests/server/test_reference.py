"""The reference pages are what the code says, and the code sends what they say."""

from __future__ import annotations

import ast
import inspect
from datetime import UTC, datetime
from pathlib import Path

from visavis.engines.registry import KINDS, Registry
from visavis.server import conversation, server_events
from visavis.server.http_reference import http_routes
from visavis.server.job_view import job_view
from visavis.server.problems import status_of
from visavis.server.reference import pages
from visavis.server.studio_reference import REFUSALS, STATUS_FIELDS
from visavis.server.webrtc import peer
from visavis.server.wire_reference import OURS, STANDARD
from visavis.studio.artifacts import Artifacts
from visavis.studio.job import JobRequest
from visavis.studio.ledger import JobRecord

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
    for module in (server_events, conversation, peer):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                looks = text.startswith(
                    ("visavis.", "response.", "conversation.item.", "input_audio_buffer.", "output_")
                )
                if looks and "." in text and " " not in text and not text.endswith((".", "live")):
                    prefixes = ("conversation.item.input_audio_transcription", "response.output_")
                    assert text in known or text in prefixes, f"{text} is not in wire_reference.py"


def test_every_route_is_described() -> None:
    page = pages(Registry())["http.md"]
    for route in http_routes():
        assert f" {route.path}` | " in page
        assert route.endpoint.__doc__, route.path


def test_every_field_of_a_status_is_described(tmp_path: Path) -> None:
    request = JobRequest(portrait="avatar:genevieve", script="Hello.")
    record = JobRecord("job", "pending", request, datetime.now(UTC))
    assert list(job_view(record, Artifacts(tmp_path), {})) == list(STATUS_FIELDS)


def test_every_refusal_has_the_status_that_it_is_said_to_have() -> None:
    assert {code: status_of(code) for code in REFUSALS if code != "request.invalid"} == {
        code: status for code, (status, _) in REFUSALS.items() if code != "request.invalid"
    }
