"""A real visavis server in its own process, on loopback, for measuring from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its `port`, the process, and the seconds from its start until `/readyz` said ready."""

    port: int
    process: subprocess.Popen[bytes]
    ready_after: float

    def memory_mib(self) -> float:
        """Resident memory of the server and its children, in MiB."""
        root = psutil.Process(self.process.pid)
        return float(sum(p.memory_info().rss for p in [root, *root.children(recursive=True)]) / 2**20)


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(log: Path, environment: dict[str, str] | None = None, patience: float = 300) -> Iterator[Server]:
    """Starts `visavis serve`, waits until it is ready, stops it at the end. Raises RuntimeError when it never is."""
    port = free_port()
    started = time.monotonic()
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "visavis", "serve"],
            env={**os.environ, "PORT": str(port), **(environment or {})},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        while not _ready(port):
            if process.poll() is not None or time.monotonic() - started > patience:
                raise RuntimeError(f"the server did not get ready; its log is {log}")
            time.sleep(0.05)
        yield Server(port, process, time.monotonic() - started)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
