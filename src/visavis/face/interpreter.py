"""Opens tflite graphs, without the line that the library writes to the terminal about each."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

_CHATTER: Final = b"INFO: Created TensorFlow Lite"
_alone: Final = Lock()


def opened(path: Path, threads: int = 1) -> Any:
    """The interpreter of a graph, ready to be invoked. Raises ValueError or RuntimeError for a file that is none."""
    from ai_edge_litert.interpreter import Interpreter  # heavy: only when a face is sought or read

    with quiet():
        interpreter: Any = Interpreter(model_path=str(path), num_threads=threads)
        interpreter.allocate_tensors()
    return interpreter


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps the library's chatter off the error output, which no setting of it does; all else that is written there
    meanwhile comes through at the end."""
    with _alone:
        try:
            errors = os.dup(2)
        except OSError:  # there is none
            yield
            return
        with tempfile.TemporaryFile() as beside:
            os.dup2(beside.fileno(), 2)
            try:
                yield
            finally:
                os.dup2(errors, 2)
                os.close(errors)
                beside.seek(0)
                for line in beside:
                    if not line.startswith(_CHATTER):
                        os.write(2, line)
