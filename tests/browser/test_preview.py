"""What an author looks at: this module opens the preview's page and the playbook form in a real browser."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from bot.preview.html import page as page_of
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.preview_nudge import default_reader, previews
from tests.acceptance.running import RunningApp, start_app
from tests.acceptance.small_company import AUTHOR

pytestmark = pytest.mark.browser

PLAYBOOKS = Path(__file__).resolve().parents[2] / "playbooks"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def document() -> str:
    library = read_folder(PLAYBOOKS)
    return page_of(previews(library, "find-an-expert", "", default_reader(library, "find-an-expert")))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["computer", "phone"])
def test_the_page_fits_and_its_own_style_is_let_in(chromium_page: Page, document: str, size: ViewportSize) -> None:
    chromium_page.set_viewport_size(size)
    chromium_page.set_content(document)
    widths = chromium_page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
    button = chromium_page.locator(".phone .button.is-primary").first
    expect(button).to_be_visible()
    expect(button).to_have_css("background-color", "rgb(0, 122, 90)")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[RunningApp]:
    running = start_app(tmp_path / "app")
    yield running
    ending = threading.Thread(target=running.stop)
    ending.start()
    assert running.slack.contract_faults() == []
    assert running.troubles.found == []
    ending.join()


def test_a_fault_stays_under_its_field_until_it_is_mended(chromium_page: Page, app: RunningApp) -> None:
    chromium_page.goto(f"{app.server.url}#/{AUTHOR}/messages")
    chromium_page.get_by_label("Message or command").fill("/nudge edit find-an-expert")
    chromium_page.keyboard.press("Enter")
    field = chromium_page.locator("dialog textarea").nth(1)
    expect(field).to_have_value(re.compile("tip: ask-before-you-search"))
    text = field.input_value()
    field.fill(text.replace("day: mon", "day: mno"))
    save = chromium_page.get_by_role("button", name="Check and save")
    save.click()
    error = chromium_page.locator("dialog .input-error", has_text="Line")
    expect(error).to_be_visible()
    app.slack.do.command(AUTHOR, "/nudge", "why")  # whatever comes in meanwhile draws the page anew
    expect(chromium_page.locator(".message", has_text="Why you get nudges")).to_be_attached()
    expect(error).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert "day: mno" in field.input_value()
    field.fill(text)
    save.click()
    expect(chromium_page.locator("dialog")).to_contain_text("Saved")
