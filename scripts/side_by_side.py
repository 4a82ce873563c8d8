"""Runs several commands at the same time and shows what each prints, line by line, behind its name.

Usage: python scripts/side_by_side.py NAME COMMAND [NAME COMMAND ...]

A COMMAND is one argument, split as a shell would split it. Ends when all have ended; its status is that of the first
one named that failed, else 0.
"""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from threading import Thread
from typing import IO


def main(arguments: list[str]) -> int:
    """Runs them. Raises ValueError when a name has no command."""
    if len(arguments) % 2:
        raise ValueError(__doc__)
    lanes = dict(zip(arguments[::2], arguments[1::2], strict=True))
    width = max(map(len, lanes))
    running = {name: _start(command) for name, command in lanes.items()}
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # they get Ctrl-C themselves, and say what it broke off
    readers = [Thread(target=_show, args=(one.stdout, f"{name:>{width}} │ ")) for name, one in running.items()]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    ended = {name: one.wait() for name, one in running.items()}
    return next((1 if status < 0 else status for status in ended.values() if status), 0)


def _start(command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        shlex.split(command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )


def _show(lines: IO[str] | None, before: str) -> None:
    for line in lines or ():
        sys.stdout.write(before + line)
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
