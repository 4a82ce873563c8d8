"""When something is missing: each is said in a sentence, with what to do, and the page goes on."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from bench.server import ServerProcess
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def test_a_restarted_server_is_found_again_and_nothing_is_lost(browser: Browser, own_server: ServerProcess) -> None:
    visit = Visit(browser, own_server.url)
    page = visit.meet()
    visit.write("I want to learn Python")
    visit.wait("view.turns.length >= 1 && view.phase === 'idle' && !view.sounding")
    before = [one["text"] for one in visit.view()["said"]]
    session = visit.view()["sessionId"]
    own_server.stop()
    expect(page.get_by_role("alert")).to_contain_text("Try now")
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    own_server.start()
    visit.wait(f"view.connection === 'open' && view.sessionId !== '{session}'")
    expect(page.get_by_role("alert")).to_be_empty()
    assert [one["text"] for one in visit.view()["said"]] == before
    turns = len(visit.view()["turns"])
    visit.write("I am a beginner")
    visit.wait(f"view.turns.length > {turns}")
    visit.close()


def test_a_dropped_line_resumes_the_same_session(visit: Visit) -> None:
    page = visit.open()
    page.context.set_offline(False)
    session = visit.view()["sessionId"]
    page.evaluate("__visavis.dropLine()")
    visit.wait("view.connection === 'lost'")
    visit.wait("view.connection === 'open'")
    assert visit.view()["sessionId"] == session


def test_a_blocked_microphone_is_explained_and_typing_works(visit: Visit) -> None:
    visit.context.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page = visit.meet()
    page.get_by_role("button", name="Start talking").or_(page.get_by_role("button", name="Interrupt")).click()
    expect(page.get_by_role("alert")).to_contain_text("The microphone is blocked.")
    visit.write("I want to learn Python")
    visit.wait("view.turns.length >= 1")


@pytest.mark.parametrize(
    ("name", "sentence"), [("NotFoundError", "No microphone was found."), ("NotReadableError", "Another program")]
)
def test_a_missing_or_busy_microphone_is_explained(visit: Visit, name: str, sentence: str) -> None:
    visit.context.add_init_script(
        f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', '{name}'))"
    )
    page = visit.open()
    page.locator(".microphone").click()
    expect(page.get_by_role("alert")).to_contain_text(sentence)


def test_loading_shows_what_is_prepared_and_how_far(visit: Visit) -> None:
    parts = [
        {"kind": "vad", "name": "silero", "state": "ready", "progress": 1},
        {"kind": "stt", "name": "whisper", "state": "loading", "progress": 0.5, "detail": "70 of 140 MB"},
    ]
    page = visit.page
    answer = {"status": "loading", "detail": "", "components": parts}
    page.route("**/readyz", lambda route: route.fulfill(status=503, json=answer))
    page.goto(visit.url + visit.query)
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "75")
    expect(page.get_by_text("Preparing speech recognition")).to_be_visible()
    expect(page.get_by_text("70 of 140 MB")).to_be_visible()
    page.unroute("**/readyz")
    page.locator(".meet").wait_for()
    visit.complaints[:] = [one for one in visit.complaints if "503" not in one]


def test_a_part_that_failed_says_why(visit: Visit) -> None:
    page = visit.page
    answer = {"status": "failed", "detail": "The disk is full: free 469 MB and start again.", "components": []}
    page.route("**/readyz", lambda route: route.fulfill(status=503, json=answer))
    page.goto(visit.url + visit.query)
    expect(page.get_by_role("alert")).to_contain_text("The disk is full")
    visit.complaints[:] = [one for one in visit.complaints if "503" not in one]


def test_a_full_house_is_a_place_in_line(browser: Browser) -> None:
    server = ServerProcess(VISAVIS_ENGINES="fake", VISAVIS_SESSIONS="1", VISAVIS_QUEUE="1")
    server.start()
    try:
        first, second, third = (Visit(browser, server.url) for _ in range(3))
        first.open()
        second.page.goto(second.url + second.query)
        expect(second.page.get_by_role("alert")).to_contain_text("You are number 1 in line.")
        third.page.goto(third.url + third.query)
        expect(third.page.get_by_role("alert")).to_contain_text("Too many people are talking right now.")
        third.close()
        first.close()
        second.page.locator(".meet").wait_for()
        second.close()
    finally:
        server.stop()


def test_an_error_event_of_an_engine_is_said(visit: Visit) -> None:
    page = visit.open()
    event = {"type": "error", "error": {"code": "llm.unavailable", "message": "The language model does not answer."}}
    page.evaluate(f"__visavis.receive({json.dumps(event)})")
    expect(page.get_by_role("alert")).to_contain_text("The language model does not answer.")
    page.get_by_role("button", name="OK").click()
    expect(page.get_by_role("alert")).to_be_empty()
