"""The band that tells what happened: this module opens the page and watches it come, change and go."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> 8 were found"


def test_a_notice_comes_while_the_page_is_open_changes_in_place_and_stays_closed(
    chromium_page: Page, sandbox: SandboxServer, slack: Slack
) -> None:
    chromium_page.goto(sandbox.url)
    notice = chromium_page.locator("#notice")
    expect(chromium_page.locator(".me-name")).to_be_visible()
    expect(notice).to_be_hidden()

    slack.put_notice("11 messages are in doubt.", about="one")
    expect(notice).to_contain_text("11 messages are in doubt.")
    slack.put_notice(HOSTILE, about="one")
    expect(notice).to_contain_text(HOSTILE)

    chromium_page.get_by_role("button", name="Close this notice").click()
    expect(notice).to_be_hidden()
    slack.put_notice("The same story, told on.", about="one")
    slack.put_notice("Another story.", about="two")
    expect(notice).to_have_text("Another story.")


def test_on_a_telephone_the_notice_leaves_room_for_the_rest(
    chromium_page: Page, sandbox: SandboxServer, slack: Slack
) -> None:
    slack.put_notice("The demo was killed at 10:02:14 and went on at 10:03:04 (Lisbon time). " * 3, about="one")
    chromium_page.set_viewport_size({"width": 390, "height": 844})
    chromium_page.goto(sandbox.url)
    expect(chromium_page.locator("#notice")).to_be_in_viewport()
    expect(chromium_page.get_by_label("Message or command")).to_be_in_viewport()
    expect(chromium_page.locator("#switcher")).to_be_in_viewport()
    assert chromium_page.evaluate("document.documentElement.scrollWidth") <= 390
    assert chromium_page.evaluate("document.documentElement.scrollHeight") <= 844
