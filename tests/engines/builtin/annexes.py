"""`visavis serve --only …` on fake engines, on a free loopback port of this process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.engines.builtin.openai_server import serving
from tests.server.serving import settings
from visavis.engines.registry import Registry
from visavis.server.annex import Part
from visavis.server.annex_app import create_annex


@contextmanager
def annex(part: Part, registry: Registry | None = None) -> Iterator[str]:
    """One engine's server, ready, until the context ends; gives its base URL."""
    with serving(create_annex(settings(), registry or Registry(), part), lifespan="on") as url:
        while httpx.get(f"{url}/readyz").status_code != 200:
            time.sleep(0.01)
        yield url
