"""Memory as the system counts it."""

from __future__ import annotations

import subprocess
import sys

from visavis.studio.ram import resident_mib


def test_counts_what_children_hold() -> None:
    before = resident_mib()
    code = "held = b'x' * 200_000_000; print('ready', flush=True); input()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    during = resident_mib()
    child.communicate(b"\n", timeout=10)
    assert before is not None
    assert during is not None
    assert during - before > 190
