"""Debian's Chromium, as the tests start it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
)
"""No traffic of its own, and WebGL on the processor. The page is put together by Chromium's own painter, as wherever
there is no graphics card: a library that draws as if there were one takes four times as long."""

MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
"""A microphone that is granted without asking."""


def speaking(wav: Path) -> tuple[str, ...]:
    """Flags for a microphone that plays this WAV file once, from the moment that it is opened."""
    return (*MICROPHONE, f"--use-file-for-fake-audio-capture={wav}%noloop")


@contextmanager
def chromium(flags: Sequence[str] = ()) -> Iterator[Browser]:
    """A fresh browser; closed at the end."""
    with sync_playwright() as playwright:
        path = os.environ.get("VISAVIS_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *flags])
        try:
            yield browser
        finally:
            browser.close()
