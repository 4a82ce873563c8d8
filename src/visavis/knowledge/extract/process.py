"""The process that reads strangers' files: `python -m visavis.knowledge.extract.process` takes one order, a JSON
object, from its input, answers on its output, and ends. Whatever a file makes of a parser stays in here: memory, time
and files are limited by the system before the file is opened, and whoever has started the process may kill it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from visavis.core.errors import VisavisError

NICER: Final = 5
"""Conversations on the same machine go first."""


def main() -> None:
    """Serves one order: `task` (`read` or `draw`), `path`, `media_type`, `page`, `passage` and the limits `memory` in
    bytes, `seconds`, `pages` and `characters`. The answer is `+` and what was asked for, or `-` and an error as JSON,
    its `code` and `message`."""
    order = json.loads(sys.stdin.buffer.read())
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get into the answer
    _confine(order["memory"], order["seconds"])
    try:
        answer = b"+" + _served(order)
    except VisavisError as error:
        answer = _told(error)
    except MemoryError:
        answer = _told(VisavisError("knowledge.unreadable", "The document needs too much memory; send a smaller one."))
    answers.write(answer)
    answers.flush()


def _told(error: VisavisError) -> bytes:
    return b"-" + json.dumps({"code": error.code, "message": error.message}).encode()


def _served(order: dict[str, Any]) -> bytes:
    path = Path(order["path"])
    if order["task"] == "draw":
        from visavis.knowledge.extract.page_picture import draw_page

        return draw_page(path, order["page"], order["passage"])
    from visavis.knowledge.extract.formats import read

    return json.dumps(read(path, order["media_type"], order["pages"], order["characters"]).as_json()).encode()


def _confine(memory: int, seconds: int) -> None:
    """No more memory and time than this, no files written, no memory image after a crash."""
    with suppress(OSError):
        os.nice(NICER)
    if sys.platform == "win32":
        return
    import resource

    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, most in limits.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
