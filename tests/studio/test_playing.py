"""What a browser makes of our files: it plays them, seeks in them, and shows through where they are transparent."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium
from tests.studio.recordings import knocks
from visavis.studio.sound import Recording
from visavis.studio.video import encode_segment, join

pytestmark = pytest.mark.browser
SIZE = 128

LOOK = """async ([data, kind, moment]) => {
    const bytes = Uint8Array.from(atob(data), (mark) => mark.charCodeAt(0));
    const video = document.createElement("video");
    const failed = new Promise((_, reject) => { video.onerror = () => reject(video.error.message); });
    const until = (event) => Promise.race([failed, new Promise((done) => { video["on" + event] = done; })]);
    video.src = URL.createObjectURL(new Blob([bytes], { type: kind }));
    await until("loadeddata");
    const seeked = until("seeked");
    video.currentTime = moment;
    await seeked;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const pen = canvas.getContext("2d");
    const pixel = (x, y) => [...pen.getImageData(x, y, 1, 1).data];
    do {  // a busy machine says that it has sought a moment before there is a picture
        await new Promise((later) => setTimeout(later, 50));
        pen.drawImage(video, 0, 0);
    } while (!pixel(canvas.width / 2, canvas.height / 2)[3]);
    const found = { middle: pixel(canvas.width / 2, canvas.height / 2), corner: pixel(2, 2), size: canvas.width };
    video.muted = true;
    video.currentTime = Math.max(0, video.duration - 0.3);
    const ended = until("ended");
    await video.play();
    await ended;
    return { ...found, duration: video.duration, end: video.currentTime };
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.mark.parametrize(
    ("container", "alpha", "kind"),
    [("mp4", False, "video/mp4"), ("webm", False, "video/webm"), ("webm", True, "video/webm")],
)
def test_chromium_plays_it(
    browser: Browser, tmp_path: Path, container: Literal["mp4", "webm"], alpha: bool, kind: str
) -> None:
    pieces = []
    for number in range(2):  # blue, then red from the second second on; clear in the corners
        frame = np.zeros((SIZE, SIZE, 4 if alpha else 3), np.uint8)
        frame[..., :3] = (220, 30, 40) if number else (30, 60, 210)
        if alpha:
            frame[32:96, 32:96, 3] = 255
        pieces.append(tmp_path / f"{number}")
        encode_segment(pieces[-1], [frame] * 25, size=SIZE, fps=25, container=container, alpha=alpha)
    join(tmp_path / "film", pieces, Recording(knocks(2.0), 48_000), container=container)

    page = browser.new_page()
    try:
        data = base64.b64encode((tmp_path / "film").read_bytes()).decode()
        seen: dict[str, Any] = page.evaluate(LOOK, [data, kind, 1.5])
    finally:
        page.close()
    assert seen["size"] == SIZE
    assert seen["duration"] == pytest.approx(2.0, abs=0.04)
    assert seen["end"] == pytest.approx(2.0, abs=0.04)
    assert seen["middle"] == pytest.approx([220, 30, 40, 255], abs=6)
    assert seen["corner"][3] == (0 if alpha else 255)
