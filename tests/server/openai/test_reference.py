from __future__ import annotations

import re
from pathlib import Path

from visavis.server import openai
from visavis.server.openai.reference import REFUSALS
from visavis.server.problems import status_of

FOLDER = Path(openai.__path__[0])


def test_every_code_that_is_raised_is_described_with_its_status() -> None:
    raised = {
        code
        for path in FOLDER.glob("*.py")
        for code in re.findall(r'VisavisError\(\s*"([a-z_.]+)"', path.read_text("utf-8"))
    }
    assert len(raised) > 10
    assert raised <= set(REFUSALS)
    assert {code: status_of(code) for code in REFUSALS} == {code: status for code, (status, _) in REFUSALS.items()}
