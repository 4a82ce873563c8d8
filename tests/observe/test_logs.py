"""What logs must not tell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from visavis.observe import logs

SAID = "my account number is 12345"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def fail(heard: str) -> None:
    raise RuntimeError(f"{len(heard)} characters")


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_shows_no_variables(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    logs.configure("debug", as_json=as_json)
    try:
        fail(SAID)
    except RuntimeError:
        structlog.get_logger().exception("turn.failed")
    written = capsys.readouterr().err
    assert "turn.failed" in written
    assert "26 characters" in written
    assert SAID not in written


def test_what_people_say_is_left_out_unless_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    for pii in (False, True):
        logs.configure("debug", pii=pii)
        structlog.get_logger().info("heard", **{"pii.text": SAID})
        assert (SAID in capsys.readouterr().err) is pii
