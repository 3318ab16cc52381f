"""Another workspace, and the way to install the app in it: this module tests both as a browser shows them."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from bot.sandbox.installs import CLIENT_ID
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.browser.stand_in import StandInApp, a_user

pytestmark = pytest.mark.browser


def test_with_one_workspace_there_is_nothing_to_choose(
    chromium_page: Page, sandbox: SandboxServer, app: StandInApp
) -> None:
    chromium_page.goto(sandbox.url)
    expect(chromium_page.locator(".me-name")).to_have_text("Maya Fernandes")
    expect(chromium_page.get_by_label("Workspace", exact=True)).to_be_hidden()


def test_another_workspace_has_its_own_people_and_messages(
    chromium_page: Page, sandbox: SandboxServer, slack: Slack, app: StandInApp
) -> None:
    people = [a_user("U0EVA", "Eva Novak", "Agent", "Europe/Berlin")]
    slack.add_workspace("T0TWO", name="Second company", people=people, token="xoxb-two")
    slack.call("chat.postMessage", {"channel": "U0EVA", "text": "Hello Eva"}, "xoxb-two")
    chromium_page.goto(sandbox.url)
    chromium_page.get_by_label("Workspace", exact=True).select_option("T0TWO")
    expect(chromium_page.locator(".me-name")).to_have_text("Eva Novak")
    expect(chromium_page.get_by_text("Hello Eva").first).to_be_visible()


def test_allow_leads_on_to_the_app_with_a_code(chromium_page: Page, sandbox: SandboxServer, slack: Slack) -> None:
    slack.oauth.add_organisation("E0ORG", name="Umbrella")
    back = f"{sandbox.url}/clock"  # any address of this machine will do
    asked = {"client_id": CLIENT_ID, "scope": "chat:write", "state": "s1", "redirect_uri": back}
    chromium_page.goto(f"{sandbox.url}/oauth/v2/authorize?{urlencode(asked)}")
    chromium_page.get_by_label("Where?").select_option("E0ORG")
    chromium_page.get_by_role("button", name="Allow").click()
    chromium_page.wait_for_url("**/clock?code=*&state=s1")
    assert [code.where for code in slack.workspaces.installs.codes.values()] == ["E0ORG"]
