"""The browser's renderer draws what the server's renderer draws, from the same files."""

import base64
import functools
import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page
from skimage import data

from tests.browser.chromium import chromium
from visavis.core.motion import CHANNEL_INDEX, CHANNELS
from visavis.face.landmarks import Landmarker
from visavis.face.payload import read_payload, write_payload
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import build_rig
from visavis.weights.store import WeightStore

pytestmark = [pytest.mark.browser, pytest.mark.real]

PAGE = Path(__file__).parents[2] / "src/visavis/server/static"
PORTRAITS = Path(__file__).parents[2] / "src/visavis/personas/data/portraits"
SIZE = 512
LEAST_DB = 38.0

FRAMES: dict[str, dict[str, float]] = {
    "rest": {},
    "aa": {"jawOpen": 0.6, "teethUpper": 0.95},
    "O": {"mouthFunnel": 0.7, "mouthPucker": 0.42, "jawOpen": 0.42, "teethUpper": 0.35},
    "I": {"mouthStretchLeft": 0.5, "mouthStretchRight": 0.5, "mouthSmileLeft": 0.3, "mouthSmileRight": 0.3,
          "jawOpen": 0.16, "teethUpper": 1.0},
    "FF": {"mouthShrugLower": 0.52, "mouthUpperUpLeft": 0.3, "mouthUpperUpRight": 0.3, "mouthRollLower": 0.3,
           "jawOpen": 0.07, "teethUpper": 1.0},
    "TH": {"tongueOut": 0.95, "jawOpen": 0.12, "tongueTip": 1.0},
    "blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
    "glance under half-closed lids": {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5, "eyeLookInLeft": 0.5,
                                      "eyeLookOutRight": 0.5},
    "turned and talking": {"headYaw": 8.0, "headPitch": 3.0, "headRoll": -3.0, "jawOpen": 0.4, "teethUpper": 0.5},
    "surprise": {"browInnerUp": 0.8, "eyeWideLeft": 0.5, "eyeWideRight": 0.5, "mouthSmileLeft": 0.7,
                 "mouthSmileRight": 0.7},
}  # fmt: skip


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Says nothing."""


def _motion(values: dict[str, float]) -> NDArray[np.float32]:
    frame = np.zeros(len(CHANNELS), dtype=np.float32)
    for name, value in values.items():
        frame[CHANNEL_INDEX[name]] = value
    return frame


def _portraits() -> dict[str, tuple[NDArray[np.uint8], dict[str, Any] | None]]:
    drawn = cv2.imread(str(PORTRAITS / "genevieve.png"))
    assert drawn is not None
    curves = json.loads((PORTRAITS / "genevieve.curves.json").read_text())
    return {"drawing": (np.asarray(cv2.cvtColor(drawn, cv2.COLOR_BGR2RGB), np.uint8), curves),
            "photo": (np.asarray(data.astronaut(), np.uint8), None)}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page and the payloads of a drawing and a photo, in one folder."""
    root = tmp_path_factory.mktemp("site")
    for file in PAGE.rglob("*"):
        if file.is_file():
            copy = root / file.relative_to(PAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    landmarker = Landmarker.from_store(WeightStore())
    for name, (picture, curves) in _portraits().items():
        (face,) = landmarker.faces(picture)
        folder = root / name
        folder.mkdir()
        write_payload(build_rig(picture, landmarker.landmarks(picture, face), curves), folder)
    return root


@pytest.fixture(scope="module")
def page(site: Path) -> Iterator[Page]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with chromium() as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/index.html?debug=1")
            page.wait_for_function("window.__visavis")
            yield page
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("name", ["drawing", "photo"])
def test_both_renderers_agree(site: Path, page: Page, name: str) -> None:
    frames = [_motion(values) for values in FRAMES.values()]
    drawing = page.evaluate(
        "([rig, frames, size]) => window.__visavis.drawFace(rig, frames, size)",
        [f"/{name}/rig.json", [frame.tolist() for frame in frames], SIZE],
    )
    reference = CpuRenderer(read_payload(site / name, as_browser=True), SIZE)
    likeness = {}
    for label, frame, address in zip(FRAMES, frames, drawing["pictures"], strict=True):
        png = np.frombuffer(base64.b64decode(address.split(",")[1]), np.uint8)
        decoded = cv2.imdecode(png, cv2.IMREAD_COLOR)
        assert decoded is not None
        seen = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB).astype(np.float64)
        error = float(((seen - reference.draw(frame)) ** 2).mean())
        likeness[label] = 10 * np.log10(255**2 / max(error, 1e-9))
    assert min(likeness.values()) >= LEAST_DB, likeness
