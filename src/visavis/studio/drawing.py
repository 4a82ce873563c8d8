"""The process that draws: `python -m visavis.studio.drawing` reads orders from its input, a JSON object a line, draws
and encodes them one after the other, and answers with JSON lines. It ends when its input does, in the middle of an
order too, so that nothing is left over when its parent is killed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, Final, Protocol

from visavis.core.errors import VisavisError

NICER: Final = 5
"""Live conversations go first on the same machine."""

REST: Final = "rest\n"
WAKE: Final = "wake\n"


class Order(Protocol):
    """Something to be drawn."""

    def fulfil(self, progress: Callable[[int], None]) -> dict[str, Any]:
        """Does it, telling how many pictures are done, and returns the answer as JSON values. `progress` may raise
        `DroppedError`: nothing is left behind then."""
        ...


class DroppedError(Exception):
    """Nobody waits for the order any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the process: pictures `drawn` so far, the `result`, or an error's `code` and `message`."""

    drawn: int = 0
    result: dict[str, Any] | None = None
    code: str = ""
    message: str = ""


def main() -> None:
    """Serves orders until the input ends."""
    os.nice(NICER)
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not get among the answers
    orders: SimpleQueue[str | None] = SimpleQueue()
    dropped, awake = Event(), Event()
    awake.set()
    Thread(target=_listen, args=(orders, dropped, awake), daemon=True).start()

    import cv2

    from visavis.studio.segments import order_of

    cv2.setNumThreads(1)
    while (line := orders.get()) is not None:

        def progress(drawn: int) -> None:
            awake.wait()
            if dropped.is_set():
                raise DroppedError
            print(json.dumps(asdict(Answer(drawn))), file=answers)

        try:
            answer = Answer(result=order_of(json.loads(line)).fulfil(progress))
        except DroppedError:
            answer = Answer(code="job.cancelled", message="The job was cancelled.")
        except VisavisError as error:
            answer = Answer(code=error.code, message=error.message)
        except Exception as error:
            answer = Answer(code="studio.drawing", message=f"A picture could not be drawn ({error!r}).")
        dropped.clear()
        print(json.dumps(asdict(answer)), file=answers)


def _listen(orders: SimpleQueue[str | None], dropped: Event, awake: Event) -> None:
    """Passes orders on; an empty line drops the one being worked on, and so does the end of the input. `REST` has it
    pause between two pictures, `WAKE` go on."""
    for line in sys.stdin:
        match line.strip():
            case "":
                dropped.set()
                awake.set()
            case _ if line == REST:
                awake.clear()
            case _ if line == WAKE:
                awake.set()
            case _:
                dropped.clear()
                orders.put(line)
    dropped.set()
    awake.set()
    orders.put(None)


def command() -> list[str]:
    """What starts such a process."""
    return [sys.executable, "-P", "-m", "visavis.studio.drawing"]


def source_folder() -> Path:
    """Where the package lies: the process is to run the same code."""
    return Path(__file__).parents[2]


if __name__ == "__main__":
    main()
