"""A server on fake engines and a real Chromium, for tests of the page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import MICROPHONE, chromium
from tests.browser.visit import PATIENCE, Visit

STATIC = Path(__file__).parents[2] / "src/visavis/server/static"

START_PATIENCE = 180
"""Seconds for a server to come up on a machine that is busy with other tests."""

FLAGS = (
    *MICROPHONE,
    "--autoplay-policy=user-gesture-required",
)


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """`visavis serve` as a process of its own, which can be stopped and started again on the same port."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._environment = {**os.environ, "VISAVIS_ENGINES": "fake", "PORT": str(self.port), **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and returns when it is ready."""
        command = [sys.executable, "-c", "from visavis.cli import main; main()", "serve"]
        self._process = subprocess.Popen(command, env=self._environment)
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "the server ended while it started"
            try:
                if httpx.get(f"{self.url}readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"the server was not ready within {START_PATIENCE} s")

    def stop(self) -> None:
        """Ends it; does nothing when it does not run."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process = None


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    assert (STATIC / "index.html").is_file(), "the page is not built: run `make web`"
    one = Server()
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server for a test that stops it."""
    one = Server()
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium(FLAGS) as one:
        yield one


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """A visit to the shared server; fails the test for anything on the console or sent elsewhere."""
    one = Visit(browser, server.url)
    yield one
    one.close()
    assert one.complaints == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """The page, open and connected, before the first gesture."""
    return visit.open()
