"""The studio and the dashboard in a real browser, in front of a real pipeline with fake voices."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.server import ServerProcess
from tests.browser.test_access import barriers
from tests.browser.visit import Visit
from visavis.face.avatars import shipped_portraits
from visavis.face.landmarks import MODEL
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.browser

MINUTES = 120_000
"""Milliseconds for a video to be made on a machine that is busy with other work."""

PROGRESS = """
window.seen = [];
new MutationObserver(() => {
  const bar = document.querySelector('[role=progressbar]');
  const now = bar ? Number(bar.getAttribute('aria-valuenow')) : null;
  if (now !== null && window.seen.at(-1) !== now) window.seen.push(now);
}).observe(document, {subtree: true, childList: true, attributes: true});
"""
"""Writes down every value that the progress bar has."""

DROP = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, {type}));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(scope="module")
def studio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose studio has never made anything."""
    WeightStore().pull(MODEL)
    folder = tmp_path_factory.mktemp("studio")
    one = ServerProcess(VISAVIS_ENGINES="fake", VISAVIS_STUDIO=str(folder), VISAVIS_STUDIO_PROCESSES="1")
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture
def visit(browser: Browser, studio_server: ServerProcess) -> Iterator[Visit]:
    """A visit to the studio; fails the test for anything on the console or sent elsewhere."""
    one = Visit(browser, studio_server.url)
    one.page.add_init_script(PROGRESS)
    yield one
    one.close()
    assert one.complaints == []


@pytest.fixture
def studio(visit: Visit) -> Page:
    """The studio, with Genevieve in the chair."""
    visit.page.goto(visit.url + "studio")
    expect(visit.page.get_by_role("radio", name="Genevieve")).to_be_checked()
    return visit.page


def choose(page: Page, name: str, value: str) -> None:
    """Picks a value of a choice that may be behind one more tap."""
    picker = page.get_by_role("combobox", name=name)
    if not picker.is_visible():
        page.get_by_text("Picture and file").click()
    picker.select_option(value)


def until(page: Page, expression: str) -> None:
    """Waits until a JavaScript expression is true; the content policy forbids the page's own way to wait for one."""
    deadline = time.monotonic() + MINUTES / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never came true: {expression}"
        page.wait_for_timeout(50)


def make(page: Page, script: str) -> None:
    """Asks for a small video."""
    choose(page, "Size", "256")
    page.get_by_role("textbox", name="Script").fill(script)
    page.get_by_role("button", name="Make the video").click()


def test_a_dashboard_without_videos_points_to_the_studio(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.url + "dashboard")
    expect(page.get_by_role("heading", name="No videos yet")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Open the studio").click()
    expect(page.get_by_role("heading", name="A face, and words for it")).to_be_visible()


def test_a_script_becomes_a_video_that_plays(visit: Visit, studio: Page) -> None:
    page = studio
    make(page, "Good morning. My name is Genevieve, and I am happy to meet you.")
    expect(page.get_by_role("heading", name="Making your video")).to_be_visible()
    expect(page.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=MINUTES)
    seen = page.evaluate("window.seen")
    assert seen == sorted(seen)
    assert len(seen) >= 4, seen
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('video').currentTime > 0.5")
    film = page.evaluate(
        """(film => [film.videoWidth, film.videoHeight, film.duration, film.error, film.textTracks[0].mode])(
            document.querySelector('video'))"""
    )
    assert film[:2] == [256, 256]
    assert film[2] > 1
    assert film[3:] == [None, "showing"]
    until(page, "document.querySelector('video').textTracks[0].cues.length > 0")
    cue = page.evaluate("document.querySelector('video').textTracks[0].cues[0].text")
    assert "Good morning" in cue
    page.get_by_text("Signed as made by AI").click()
    expect(page.get_by_text("visavis", exact=False).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes()[4:8] == b"ftyp"
    assert barriers(page) == []
    page.reload()
    expect(page.get_by_role("heading", name="Your video is ready")).to_be_visible()


def test_a_photo_and_a_recording_need_consent(visit: Visit, studio: Page) -> None:
    page = studio
    picture = shipped_portraits()["genevieve"].picture
    page.get_by_label("Choose a photo").set_input_files(picture)
    expect(page.get_by_role("radio", name="Your photo")).to_be_checked()
    page.get_by_role("radio", name="Voice").check(force=True)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("button", name="Stop recording")).to_be_visible()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_text("Your recording", exact=True)).to_be_visible()
    page.get_by_role("button", name="Make the video").click()
    ticks = page.get_by_role("checkbox", name="agrees")
    expect(ticks).to_have_count(2)
    expect(page.get_by_text("without consent no video is made")).to_be_visible()
    expect(ticks.first).to_be_focused()
    assert barriers(page) == []
    for tick in ticks.all():
        tick.check()
    choose(page, "Size", "256")
    with page.expect_request("**/api/v1/generate") as asked:
        page.get_by_role("button", name="Make the video").click()
    body = asked.value.post_data_json
    assert body is not None
    assert body["consent"] == {"portrait": True, "voice": True}
    assert body["portrait"].endswith(".jpg")
    assert body["audio"].endswith(".wav")
    expect(page.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=MINUTES)


def test_a_refused_photo_says_why_and_another_helps(visit: Visit, studio: Page) -> None:
    page = studio
    chooser = page.get_by_label("Choose a photo")
    chooser.set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture at all"})
    expect(page.get_by_role("alert").get_by_text("This file is not a picture")).to_be_visible()
    page.get_by_role("textbox", name="Script").fill("Hello.")
    page.get_by_role("button", name="Make the video").click()
    expect(page.get_by_text("Choose another photo first.")).to_be_visible()
    page.get_by_role("radio", name="Genevieve").check(force=True)
    expect(page.get_by_role("alert").get_by_text("This file is not a picture")).to_have_count(0)
    visit.complaints[:] = [one for one in visit.complaints if "status of 400" not in one]


def test_the_servers_sentence_is_shown(visit: Visit, studio: Page) -> None:
    make(studio, "Привет, как у тебя дела сегодня?")
    expect(studio.get_by_role("alert").get_by_text("The voices speak English")).to_be_visible()
    expect(studio.get_by_role("textbox", name="Script")).to_have_value("Привет, как у тебя дела сегодня?")
    visit.complaints[:] = [one for one in visit.complaints if "status of 4" not in one]


def test_a_video_can_be_cancelled_and_goes_on_when_retried(visit: Visit, studio: Page) -> None:
    make(studio, "This one takes a little longer, because there is much more to say. " * 4)
    until(studio, "window.seen.some((one) => one > 5)")
    studio.get_by_role("button", name="Cancel").dispatch_event("click")  # does not wait for the page to hold still
    expect(studio.get_by_role("heading", name="Cancelled")).to_be_visible()
    assert barriers(studio, ["light"]) == []
    studio.get_by_role("button", name="Retry").click()
    expect(studio.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=MINUTES)


def test_a_dropped_photo_takes_the_chair(visit: Visit, studio: Page) -> None:
    studio.evaluate(DROP, ["notes.txt", "text/plain", "aGVsbG8="])
    expect(studio.get_by_text("This is neither a picture nor a sound file.")).to_be_visible()
    studio.evaluate(DROP, ["me.png", "image/png", "aGVsbG8="])
    expect(studio.get_by_role("radio", name="Your photo")).to_be_checked()
    expect(studio.get_by_role("alert").get_by_text("not a picture")).to_be_visible()
    visit.complaints[:] = [one for one in visit.complaints if "status of 400" not in one]


def test_a_lost_line_is_said_and_found_again(visit: Visit, studio: Page) -> None:
    make(studio, "The line will be lost while this is being made, and nothing of it. " * 2)
    expect(studio.get_by_role("heading", name="Making your video")).to_be_visible()
    studio.route("**/api/v1/status/**", lambda route: route.abort())
    studio.reload()
    expect(studio.get_by_text("The server does not answer right now.")).to_be_visible()
    studio.unroute("**/api/v1/status/**")
    expect(studio.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=MINUTES)
    visit.complaints[:] = [one for one in visit.complaints if "ERR_" not in one]


def test_the_dashboard_tells_how_it_went(visit: Visit, studio: Page) -> None:
    make(studio, "Good evening.")
    expect(studio.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=MINUTES)
    studio.get_by_role("link", name="Dashboard").click()
    expect(studio.get_by_role("heading", name="Latest videos")).to_be_visible()
    expect(studio.get_by_text("Drawing the frames")).to_be_visible()
    expect(studio.get_by_role("cell", name="Ready").first).to_be_visible()
    assert barriers(studio, ["light"]) == []
    studio.get_by_role("link", name="Open the video of").first.click()
    expect(studio.get_by_role("heading", name="Your video is ready")).to_be_visible()


def test_the_live_page_leads_here_and_back(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("link", name="Make a video in the studio").click()
    expect(page.get_by_role("link", name="Studio")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Talk").click()
    page.locator(".meet").wait_for()


def test_no_barriers_that_axe_can_find(browser: Browser, studio_server: ServerProcess) -> None:
    visit = Visit(browser, studio_server.url)
    page = visit.page
    page.goto(visit.url + "studio")
    expect(page.get_by_role("radio", name="Genevieve")).to_be_checked()
    assert barriers(page) == []
    page.get_by_text("Picture and file").click()
    page.get_by_role("radio", name="Voice").check(force=True)
    assert barriers(page) == []
    page.goto(visit.url + "dashboard")
    page.locator(".dashboard h2").first.wait_for()
    assert barriers(page) == []
    visit.close()


@pytest.mark.parametrize("path", ["studio", "dashboard"])
def test_every_size_shows_all_of_it(browser: Browser, studio_server: ServerProcess, path: str) -> None:
    visit = Visit(browser, studio_server.url)
    page = visit.page
    page.goto(visit.url + path)
    page.get_by_role("heading", level=2).first.wait_for()
    for width, height in ((390, 844), (820, 1180), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        small = page.evaluate(
            """[...document.querySelectorAll('button, summary, a, label:has(input)')]
            .filter(e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.matches('.skip'))
            .map(e => [e.innerText, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.left < 0 || box.right > innerWidth)
            .map(([name, box]) => `${name}: ${JSON.stringify(box)}`)"""
        )
        assert small == [], width
    visit.close()


@pytest.mark.parametrize(("locale", "heading"), [("zh-CN", "一张脸，几句话"), ("es-MX", "Un rostro y sus palabras")])
def test_it_speaks_the_persons_language(
    browser: Browser, studio_server: ServerProcess, locale: str, heading: str
) -> None:
    visit = Visit(browser, studio_server.url, locale=locale)
    visit.page.goto(visit.url + "studio")
    expect(visit.page.get_by_role("heading", name=heading)).to_be_visible()
    assert visit.page.evaluate("document.documentElement.lang").startswith(locale[:2])
    visit.close()


def test_it_can_be_used_by_keyboard_alone(visit: Visit, studio: Page) -> None:
    studio.keyboard.press("Tab")
    expect(studio.get_by_role("link", name="Skip to the content")).to_be_focused()
    reached = set()
    for _ in range(16):
        studio.keyboard.press("Tab")
        reached.add(
            studio.evaluate(
                "(e => e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText)(document.activeElement)"
            ).strip()
        )
    for name in ("Talk", "Choose a photo", "Write", "Script", "Language of the words", "Mood", "Make the video"):
        assert any(name in one for one in reached), (name, reached)
