"""Debian's Chromium, as the tests start it."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from playwright.sync_api import Browser, Playwright, sync_playwright

P = ParamSpec("P")
T = TypeVar("T")

UNUSED = (
    # Playwright turns these off too; of two lists Chromium reads the last one only.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "PaintHolding"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "ThirdPartyStoragePartitioning"),
    *("OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
    # The address bar's list of suggestions is a page of its own, loaded for every window: a third of a visit's work.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
)

QUIET = (
    f"--disable-features={','.join(UNUSED)}",
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


_running: list[Playwright] = []


@contextmanager
def playwright() -> Iterator[Playwright]:
    """Playwright's own process: the one that already runs in this test run, else one of its own. While it runs, no
    event loop can be started in this thread."""
    if _running:
        yield _running[0]
        return
    with sync_playwright() as one:
        _running.append(one)
        try:
            yield one
        finally:
            _running.clear()


def aside(run: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Calls it in a thread of its own, where it may start an event loop although Playwright's runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run, *arguments, **options).result()


@contextmanager
def chromium(flags: Sequence[str] = ()) -> Iterator[Browser]:
    """A fresh browser; closed at the end."""
    with playwright() as one:
        path = os.environ.get("VISAVIS_CHROMIUM", "/usr/bin/chromium")
        browser = one.chromium.launch(executable_path=path, args=[*QUIET, *flags])
        try:
            yield browser
        finally:
            browser.close()
