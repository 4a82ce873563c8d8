"""Every code of the gate is described with its status."""

from __future__ import annotations

import re
from pathlib import Path

from visavis.server import access
from visavis.server.access.reference import AT_START, REFUSALS
from visavis.server.problems import status_of

CODE = re.compile(r'"((?:access|host|origin|rate|keys|settings)\.[a-z]+)"')


def test_every_code_is_described_with_its_status() -> None:
    folder = Path(access.__path__[0])
    raised = {
        code
        for path in folder.glob("*.py")
        if path.name != "reference.py"
        for code in CODE.findall(path.read_text("utf-8"))
    }
    assert len(raised) > 12
    assert raised == ({*REFUSALS, *AT_START} - {"request.slow", "session.too_large"})
    told = {code: status for code, (status, _) in REFUSALS.items() if code != "request.slow"}
    assert {code: status_of(code) for code in told} == told
