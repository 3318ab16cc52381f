"""The real app behind the real page: this module is a visitor who is an employee first and the admin afterwards."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.acceptance.running import RunningApp, start_app
from tests.acceptance.small_company import MONDAY

pytestmark = pytest.mark.browser

NARROW: ViewportSize = {"width": 390, "height": 844}
TIP, QUIZ = "Stuck on a billing question", "Where do you ask first?"


@pytest.fixture(scope="module")
def ending() -> Iterator[list[threading.Thread]]:
    """Threads that end apps, since saying good-bye to a socket takes seconds."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join()


@pytest.fixture
def app(tmp_path: Path, ending: list[threading.Thread]) -> Iterator[RunningApp]:
    """The app on Monday at noon: the tip is out, the quiz comes on Tuesday."""
    running = start_app(tmp_path / "app")
    running.publish("find-an-expert")
    running.walk_to(MONDAY + timedelta(hours=12))
    yield running
    ending.append(threading.Thread(target=running.stop))
    ending[-1].start()
    assert running.slack.contract_faults() == []
    assert running.troubles.found == []


@pytest.fixture
def page(chromium_page: Page, app: RunningApp) -> Page:
    """The page as a newcomer finds it: as Maya, with her messages."""
    chromium_page.goto(app.server.url)
    expect(chromium_page.locator(".me-name")).to_have_text("Maya Example")
    return chromium_page


def message(page: Page, words: str) -> Locator:
    return page.locator(".message", has_text=words).last


def types(page: Page, words: str) -> None:
    page.get_by_label("Message or command").fill(words)
    page.keyboard.press("Enter")


def test_an_employee_reads_answers_reports_and_pauses_and_the_admin_sees_that_it_adds_up(page: Page) -> None:
    tip = message(page, TIP)
    expect(tip).to_contain_text("An easier day: Answer the customer on the first call")
    tip.get_by_role("button", name="Useful").click()
    expect(message(page, TIP)).to_contain_text("marked useful")

    page.get_by_role("button", name="Next nudge").last.click()
    expect(message(page, QUIZ)).to_be_visible()
    message(page, QUIZ).get_by_role("button", name="A mail to the lead").click()
    expect(message(page, QUIZ)).to_contain_text("It works, but only you learn the answer.")
    expect(message(page, QUIZ)).to_contain_text("The best answer here: #ask-billing")
    expect(message(page, QUIZ).get_by_role("button", name="A mail to the lead")).to_have_count(0)

    message(page, TIP).get_by_role("button", name="What is in the way?").click()
    form = page.get_by_role("dialog")
    form.get_by_role("radio", name="No time right now").check()
    form.get_by_role("button", name="Send").click()
    expect(form).to_contain_text("Thank you for saying so")
    form.get_by_role("button", name="Close").last.click()
    expect(form).to_be_hidden()
    expect(message(page, TIP)).to_contain_text("Your name stays out of it")

    types(page, "/nudge pause 14")
    expect(message(page, "Paused until")).to_contain_text("Only visible to you")

    page.locator(".person", has_text="Amir Example").click()
    types(page, "/nudge status")
    status = message(page, "How it is going")
    expect(status).to_contain_text(re.compile(r"Enqueued \d+ = \d+ sent"))
    types(page, "/nudge campaign find-an-expert")
    expect(message(page, "Too few people so far")).to_be_visible()


def test_the_clock_moves_a_week_by_the_pages_button_and_the_nudges_come(page: Page) -> None:
    page.get_by_role("button", name="A week on").click()
    expect(page.locator(".clock-date")).to_have_text("Mon, 15 Mar 2027", timeout=60_000)
    expect(message(page, QUIZ)).to_be_visible()
    page.get_by_role("button", name="Tomorrow 9:00").click()
    expect(page.locator(".clock-date")).to_have_text("Tue, 16 Mar 2027", timeout=60_000)


def test_home_shows_what_came_and_pauses(page: Page) -> None:
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("1 nudge so far")
    home.get_by_role("button", name="Pause 2 weeks").click()
    expect(home).to_contain_text("Paused until")
    home.get_by_role("button", name="Start again").click()
    expect(home).to_contain_text("Next for you: tomorrow, Tue 9 Mar")


def test_everything_fits_on_a_telephone(page: Page) -> None:
    page.set_viewport_size(NARROW)
    message(page, TIP).get_by_role("button", name="What is in the way?").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Send")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    types(page, "/nudge why")
    expect(message(page, "Why you get nudges")).to_be_visible()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("tabpanel", name="Home")).to_contain_text("1 nudge so far")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert page.evaluate("document.documentElement.scrollHeight") <= NARROW["height"]
