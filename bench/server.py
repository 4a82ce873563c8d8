"""A real visavis server in its own process, on loopback: measured from outside, and driven by browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

SHARING = {"VISAVIS_AHEAD": "present", "VISAVIS_LLM_THREADS": "1"}
"""For a server with real models beside other work: nothing is read that might be wanted later, and no thread waits for
another one that has no processor."""

PATIENCE = 300
"""Seconds for a server to come up on a machine that is busy with other work."""


class ServerProcess:
    """`visavis serve` on a free port, which can be ended and started again on the same port."""

    def __init__(self, log: Path | None = None, *, only: str = "", **environment: str) -> None:
        """`environment` is added to this process's; `log` takes the output, which else goes where ours goes; `only`
        names the one engine to run. What it keeps is its own, and goes with this object."""
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.ready_after = 0.0
        """Seconds from the last start until `/readyz` said ready."""
        self._log = log
        self._arguments = ["serve", *(["--only", only] if only else [])]
        own = Path(tempfile.mkdtemp(prefix="visavis-"))
        weakref.finalize(self, shutil.rmtree, own, ignore_errors=True)
        folders = {name: str(own / name) for name in ("VISAVIS_STUDIO", "VISAVIS_KNOWLEDGE", "VISAVIS_MEMORY_FOLDER")}
        self._environment = {**os.environ, **folders, "PORT": str(self.port), **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and returns when it is ready. Raises RuntimeError when it ends before, or never is."""
        command = [sys.executable, "-m", "visavis", *self._arguments]
        started = time.monotonic()
        if self._log is None:
            self._process = subprocess.Popen(command, env=self._environment)
        else:
            with self._log.open("ab") as sink:
                self._process = subprocess.Popen(command, env=self._environment, stdout=sink, stderr=subprocess.STDOUT)
        while not self._ready():
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended while it started; its log: {self._log or 'above'}")
            if time.monotonic() - started > PATIENCE:
                raise RuntimeError(f"the server was not ready within {PATIENCE} s; its log: {self._log or 'above'}")
            time.sleep(0.05)
        self.ready_after = time.monotonic() - started

    def stop(self) -> None:
        """Asks it to end, and ends it when it does not within 20 s; does nothing when it does not run."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    @property
    def pid(self) -> int:
        """The process's id. Raises RuntimeError when it does not run."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    def wait_for(self, event: str) -> None:
        """Returns when its log tells of `event`. Raises RuntimeError without a log, or when it never does."""
        deadline = time.monotonic() + PATIENCE
        while self._log is None or event.encode() not in self._log.read_bytes():
            if self._log is None or time.monotonic() > deadline:
                raise RuntimeError(f"the server's log never told of {event}")
            time.sleep(0.1)

    def memory_mib(self) -> float:
        """Resident memory of the server and its children, in MiB."""
        root = psutil.Process(self.pid)
        return float(sum(p.memory_info().rss for p in [root, *root.children(recursive=True)]) / 2**20)

    def _ready(self) -> bool:
        # Asked again and again while it starts: a client that reads certificates first would take its time away.
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=2)) as connection:
            try:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
            except (OSError, HTTPException):
                return False


@contextmanager
def serving(log: Path, **environment: str) -> Iterator[ServerProcess]:
    """A server that is ready, until the context ends."""
    log.unlink(missing_ok=True)
    server = ServerProcess(log, **environment)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
