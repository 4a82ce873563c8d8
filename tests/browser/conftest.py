"""A server on fake engines and a real Chromium, for tests of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.server import ServerProcess
from tests.browser.chromium import MICROPHONE, chromium
from tests.browser.visit import PATIENCE, Visit

STATIC = Path(__file__).parents[2] / "src/visavis/server/static"

ORDER = (
    "test_studio.py",
    "test_access.py",
    "test_conversation.py",
    "test_engines_apart.py",
    "test_key.py",
    "test_talk_to_genevieve.py",
    "test_knowledge_page.py",
    "test_memory.py",
    "test_policy.py",
    "test_trouble.py",
    "test_knowledge.py",
)
"""What takes long comes early, so that none is left alone at the end; what hears in real time, beside light work."""

FLAGS = (
    *MICROPHONE,
    "--autoplay-policy=user-gesture-required",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: place for place, name in enumerate(ORDER)}
    items.sort(key=lambda item: rank.get(item.path.name, len(ORDER)))


@pytest.fixture(scope="session")
def server() -> Iterator[ServerProcess]:
    assert (STATIC / "index.html").is_file(), "the page is not built: run `make web`"
    one = ServerProcess(VISAVIS_ENGINES="fake")
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture
def own_server() -> Iterator[ServerProcess]:
    """A server for a test that stops it."""
    one = ServerProcess(VISAVIS_ENGINES="fake")
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium(FLAGS) as one:
        yield one


@pytest.fixture
def visit(browser: Browser, server: ServerProcess) -> Iterator[Visit]:
    """A visit to the shared server; fails the test for anything on the console or sent elsewhere."""
    one = Visit(browser, server.url)
    yield one
    one.close()
    assert one.complaints == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """The page, open and connected, before the first gesture."""
    return visit.open()
