"""Buttons, choices and forms, from the click to what the app hears: this module tests what people do on the page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.sandbox.errors import DeliveryFailed
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.browser.stand_in import StandInApp, actions, button, choice, field, form, mrkdwn, section, words

pytestmark = pytest.mark.browser

Dm = Callable[[], Page]


@pytest.fixture
def dm(chromium_page: Page, sandbox: SandboxServer) -> Dm:
    """Open Maya's direct messages."""

    def opened() -> Page:
        chromium_page.goto(f"{sandbox.url}/#/U0MAYA/messages")
        expect(chromium_page.locator(".message").first).to_be_visible()
        return chromium_page

    return opened


def barrier_form() -> dict[str, Any]:
    return form(
        "What is in the way?",
        section("Nobody sees your name."),
        field("kind", "What stops you?", choice("radio_buttons", "value", "Time", "Skill")),
        field("words", "In your words", {"type": "plain_text_input", "multiline": True}, optional=True),
        field("day", "Ask again", choice("static_select", "value", "Monday", "Friday", placeholder=words("A day"))),
    )


def open_form(page: Page) -> Locator:
    page.get_by_role("button", name="Tell us").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_a_click_reaches_the_app_with_the_buttons_value(dm: Dm, app: StandInApp) -> None:
    app.post(actions(button("answer", "In the channel", value="channel")))
    page = dm()
    page.get_by_role("button", name="In the channel").click()
    expect(page.locator(".call-what").first).to_have_text("block_actions")
    assert [(action["action_id"], action["value"]) for action in app.actions()] == [("answer", "channel")]


def test_the_clicked_button_shows_that_it_waits_until_the_app_answers(dm: Dm, app: StandInApp) -> None:
    may_answer = threading.Event()

    def think(body: dict[str, Any]) -> None:
        may_answer.wait(5)

    app.on("slow", think)
    app.post(actions(button("slow", "Think")))
    page = dm()
    thinking = page.get_by_role("button", name="Think")
    thinking.click()
    expect(thinking).to_have_attribute("aria-busy", "true")
    may_answer.set()
    expect(thinking).not_to_have_attribute("aria-busy", "true")


def test_no_answer_in_time_is_said_at_the_message(dm: Dm, app: StandInApp) -> None:
    app.on("slow", fails_with("timeout"))
    app.post(actions(button("slow", "Think")))
    page = dm()
    page.get_by_role("button", name="Think").click()
    expect(page.locator(".message .failure")).to_contain_text("did not answer within 3 seconds")
    expect(page.locator(".call-result").first).to_have_text("timeout")


def test_choices_travel_with_the_state_of_the_whole_message(dm: Dm, app: StandInApp) -> None:
    day = choice("static_select", "day", "Monday", "Friday", placeholder=words("A day"))
    app.post(actions(day, choice("checkboxes", "topics", "Tips", "Stories"), block_id="all"))
    page = dm()
    page.get_by_role("checkbox", name="Stories").check()
    page.get_by_role("combobox", name="A day").select_option(label="Friday")
    expect(page.locator(".call-what").nth(1)).to_have_text("block_actions")
    first, second = app.actions()
    assert [option["value"] for option in first["selected_options"]] == ["stories"]
    assert second["selected_option"]["value"] == "friday"
    state = app.heard[-1]["state"]["values"]["all"]
    assert [option["value"] for option in state["topics"]["selected_options"]] == ["stories"]


def test_the_overflow_menu_works_from_the_keyboard(dm: Dm, app: StandInApp) -> None:
    app.post(section("A tip", accessory=choice("overflow", "more", "Snooze", "Why")))
    page = dm()
    page.get_by_role("button", name="More actions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Snooze")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(page.locator(".call-what").first).to_have_text("block_actions")
    assert app.actions()[0]["selected_option"]["value"] == "why"


def test_a_button_that_asks_first_sends_only_after_yes(dm: Dm, app: StandInApp) -> None:
    sure = {
        "title": words("Erase it?"),
        "text": mrkdwn("*All* of it."),
        "confirm": words("Erase"),
        "deny": words("Keep"),
    }
    app.post(actions(button("erase", "Erase my data", confirm=sure)))
    page = dm()
    page.get_by_role("button", name="Erase my data").click()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert app.actions() == []
    page.get_by_role("button", name="Erase my data").click()
    page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    expect(page.locator(".call-what").first).to_have_text("block_actions")
    assert len(app.actions()) == 1


def test_a_link_button_tells_the_app_and_opens_nothing(dm: Dm, app: StandInApp) -> None:
    app.post(actions(button("try", "Open the channel", url="https://example.com/c")))
    page = dm()
    page.get_by_role("button", name="Open the channel").click()
    expect(page.locator(".toast")).to_contain_text("https://example.com/c")
    expect(page.locator(".call-what").first).to_have_text("block_actions")
    assert len(page.context.pages) == 1


def test_a_form_names_what_is_missing_before_it_asks_the_app(dm: Dm, app: StandInApp) -> None:
    app.opens("tell", barrier_form())
    app.post(actions(button("tell", "Tell us")))
    dialog = open_form(dm())
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator(".input-error:visible")).to_have_text(["Please fill this in."] * 2)
    expect(dialog.get_by_role("radio", name="Time")).to_be_focused()
    assert not any(body.get("type") == "view_submission" for body in app.heard)


def test_a_form_shows_the_apps_complaints_below_the_inputs_and_keeps_what_was_typed(dm: Dm, app: StandInApp) -> None:
    app.opens("tell", barrier_form())
    app.on("form", lambda body: {"response_action": "errors", "errors": {"words": "No names, please."}})
    app.post(actions(button("tell", "Tell us")))
    dialog = open_form(dm())
    fill_in(dialog)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.locator("[data-block=words] .input-error")).to_have_text("No names, please.")
    expect(dialog.get_by_label("In your words")).to_have_value("Too <b>busy</b>")
    expect(dialog.get_by_label("In your words")).to_be_focused()


def test_a_form_that_is_right_closes_and_reaches_the_app(dm: Dm, app: StandInApp) -> None:
    app.opens("tell", barrier_form())
    app.post(actions(button("tell", "Tell us")))
    page = dm()
    dialog = open_form(page)
    fill_in(dialog)
    dialog.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    values = app.last("view_submission")["view"]["state"]["values"]
    assert values["kind"]["value"]["selected_option"]["value"] == "time"
    assert values["words"]["value"]["value"] == "Too <b>busy</b>"
    assert values["day"]["value"]["selected_option"]["value"] == "friday"


def test_a_form_on_top_of_a_form_leads_back(dm: Dm, app: StandInApp) -> None:
    first = form("First", field("name", "Name", {"type": "plain_text_input"}))
    app.opens("tell", first)
    second = form("Second", section("Really?"), callback_id="second", submit=None)
    app.on("form", lambda body: {"response_action": "push", "view": second})
    app.post(actions(button("tell", "Tell us")))
    dialog = open_form(dm())
    dialog.get_by_label("Name").fill("Maya")
    dialog.get_by_label("Name").press("Enter")
    expect(dialog.get_by_role("heading", name="Second")).to_be_visible()
    dialog.get_by_role("button", name="Back").click()
    expect(dialog.get_by_role("heading", name="First")).to_be_visible()
    expect(dialog.get_by_label("Name")).to_have_value("Maya")


def test_escape_closes_a_form_and_the_keyboard_is_back_where_it_was(dm: Dm, app: StandInApp) -> None:
    app.opens("tell", barrier_form())
    app.post(actions(button("tell", "Tell us")))
    page = dm()
    page.get_by_role("button", name="Tell us").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("radio", name="Time")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Tell us")).to_be_focused()


def test_without_an_app_the_page_says_so_in_plain_words(
    dm: Dm, slack: Slack, chromium_page: Page, sandbox: Any
) -> None:
    chromium_page.goto(f"{sandbox.url}/#/U0MAYA/messages")
    expect(chromium_page.get_by_text("Connecting… The app is not here yet.")).to_be_visible()
    chromium_page.get_by_label("Message or command").fill("/nudge help")
    chromium_page.keyboard.press("Enter")
    expect(chromium_page.locator(".composer .failure")).to_contain_text("is not connected, so nobody heard this")


def fill_in(dialog: Locator) -> None:
    dialog.get_by_role("radio", name="Time").check()
    dialog.get_by_label("In your words").fill("Too <b>busy</b>")
    dialog.get_by_role("combobox").select_option(label="Friday")


def fails_with(code: str) -> Callable[[dict[str, Any]], None]:
    def fail(body: dict[str, Any]) -> None:
        raise DeliveryFailed(code)

    return fail
