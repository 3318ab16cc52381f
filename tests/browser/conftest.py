"""A real headless Chromium and a small sandbox to look at: this module is the fixtures of the browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Playwright,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from bot.sandbox.page_json import PersonFacts
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.browser.stand_in import StandInApp, a_user

# Read at import: the suite empties the environment of our variables before each test.
IS_REQUIRED = os.environ.get("NUDGER_REQUIRE_BROWSER") == "1"
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)
HOW_TO_INSTALL = "No Chromium found. Install one: .venv/bin/playwright install --with-deps chromium"
WIDE: ViewportSize = {"width": 1440, "height": 900}
PATIENCE_MS = 15_000  # a busy machine is no failure
TUESDAY_MORNING = 1_772_528_100.0  # 2026-03-03 08:55 UTC


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless browser for the whole run."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = _launched(playwright)
        yield browser
        browser.close()


@pytest.fixture
def chromium_page(chromium: Browser) -> Iterator[Page]:
    """A page without a past; the test fails if a script fails, a dialog opens or the page reaches outside."""
    context = chromium.new_context(viewport=WIDE, locale="en-GB", timezone_id="Pacific/Auckland")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    troubles = _watched(page)
    yield page
    context.close()
    assert troubles == []


@pytest.fixture
def slack() -> Slack:
    """Three people, the app, one channel; Tuesday 08:55 UTC."""
    people = [
        a_user("U0MAYA", "Maya Fernandes", "Billing agent", "Europe/Lisbon"),
        a_user("U0AMIR", "Amir Haddad", "Head of communications", "Asia/Dubai"),
        a_user("U0ZOE", "Zoë O'Neill <b>", "Engineer", "America/New_York"),
    ]
    slack = Slack(people=people, start=TUESDAY_MORNING, seed=1)
    slack.add_channel("C0BILLING", name="ask-billing", members=["U0MAYA"])
    return slack


@pytest.fixture
def sandbox(slack: Slack) -> Iterator[SandboxServer]:
    """The real server on a free port, with no app behind it."""
    facts = {
        "U0MAYA": PersonFacts(department="Customer service", place="Lisbon", tags=("employee",)),
        "U0AMIR": PersonFacts(department="Communications", place="Dubai", tags=("admin",)),
    }
    with SandboxServer(slack, port=0, facts=facts) as server:
        yield server


@pytest.fixture
def app(slack: Slack) -> StandInApp:
    """A stand-in for the app, in process, that hears everything and answers as the test says."""
    return StandInApp(slack)


def _launched(playwright: Playwright) -> Browser:
    installed = next(filter(None, map(shutil.which, COMMANDS)), None)
    installed = installed or next((str(path) for path in APPLICATIONS if path.exists()), None)
    # Chromium refuses its own sandbox to root, which is who runs most containers.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        return playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"] if is_root else [])
    except Error as error:
        reason = HOW_TO_INSTALL if installed is None else f"{installed} does not start: {error.message}"
    if IS_REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


def _watched(page: Page) -> list[str]:
    """Note what no page of ours may do; everything outside this machine is refused."""
    troubles: list[str] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith(("http://127.0.0.1", "data:", "blob:")):
            return route.continue_()
        troubles.append(f"asked for {route.request.url}")
        return route.abort()

    def dismiss(dialog: Dialog) -> None:
        troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def read(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            troubles.append(said.text)

    page.route("**/*", guard)
    page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
    page.on("dialog", dismiss)
    page.on("console", read)
    return troubles
