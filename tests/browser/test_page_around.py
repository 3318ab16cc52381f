"""People, composer, clock, calls, faults and narrow screens: this module tests what surrounds the messages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.browser.stand_in import StandInApp, section

pytestmark = pytest.mark.browser

NARROW: ViewportSize = {"width": 390, "height": 844}
DAY_SECONDS = 86_400


@pytest.fixture
def page(chromium_page: Page, sandbox: SandboxServer, app: StandInApp) -> Iterator[Page]:
    """The page as a newcomer finds it."""
    chromium_page.goto(sandbox.url)
    expect(chromium_page.locator(".me-name")).to_be_visible()
    yield chromium_page


def test_a_newcomer_is_the_employee_and_is_shown_three_steps(page: Page) -> None:
    expect(page.locator(".me-name")).to_have_text("Maya Fernandes")
    steps = page.locator(".tour-step")
    expect(steps).to_have_count(3)
    expect(steps.nth(0)).to_contain_text("You are Maya, an employee")
    expect(steps.nth(1)).to_contain_text("Become the admin Amir and type /nudge status")


def test_the_second_step_makes_one_the_admin_with_the_command_ready(page: Page) -> None:
    page.get_by_role("button", name="Be Amir").click()
    expect(page.locator(".me-name")).to_have_text("Amir Haddad")
    expect(page.get_by_label("Message or command")).to_have_value("/nudge status")
    expect(page.get_by_label("Message or command")).to_be_focused()


def test_the_steps_stay_closed_once_closed(page: Page) -> None:
    page.get_by_role("button", name="Close these steps").click()
    expect(page.locator(".tour")).to_be_hidden()
    page.reload()
    expect(page.locator(".me-name")).to_be_visible()
    expect(page.locator(".tour")).to_be_hidden()
    page.get_by_role("button", name="The three first steps").click()
    expect(page.locator(".tour")).to_be_visible()


def test_choosing_a_person_changes_the_address_and_back_returns(page: Page) -> None:
    page.locator(".person", has_text="Amir Haddad").click()
    expect(page).to_have_url(re.compile(r"#/U0AMIR/messages$"))
    page.get_by_role("tab", name="Home").click()
    expect(page).to_have_url(re.compile(r"#/U0AMIR/home$"))
    page.go_back()
    page.go_back()
    expect(page.locator(".me-name")).to_have_text("Maya Fernandes")
    expect(page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")


def test_a_shared_address_opens_that_person_and_tab(page: Page, sandbox: SandboxServer) -> None:
    page.goto(f"{sandbox.url}/#/U0ZOE/home")
    page.reload()
    expect(page.locator(".me-name")).to_contain_text("Zoë")
    expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")


def test_an_address_of_nobody_says_so(page: Page, sandbox: SandboxServer) -> None:
    page.goto(f"{sandbox.url}/#/U0NOBODY/messages")
    page.reload()
    expect(page.locator(".banner")).to_contain_text("no such person")


def test_searching_finds_people_by_title_and_the_last_ones_stay_at_hand(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("engineer")
    expect(page.locator(".person")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".me-name")).to_contain_text("Zoë")
    expect(page.locator(".recent-one")).to_have_text(re.compile("Maya"))
    page.locator(".recent-one").click()
    expect(page.locator(".me-name")).to_have_text("Maya Fernandes")


def test_unread_messages_of_others_are_counted_until_looked_at(page: Page, app: StandInApp) -> None:
    app.post(text="One", to="U0AMIR")
    app.post(text="Two", to="U0AMIR")
    amir = page.locator(".person", has_text="Amir Haddad")
    expect(amir.locator(".unread")).to_have_text("2")
    amir.click()
    expect(page.locator(".message")).to_have_count(2)
    expect(amir.locator(".unread")).to_be_hidden()


def test_what_one_types_is_sent_as_oneself(page: Page, app: StandInApp) -> None:
    page.get_by_label("Message or command").fill("thank you <3")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".message")).to_contain_text("Maya Fernandes")
    expect(page.locator(".message .blocks")).to_have_text("thank you <3")
    assert app.heard[-1]["event"]["text"] == "thank you &lt;3"


def test_a_slash_offers_commands_that_the_keyboard_completes(page: Page, app: StandInApp) -> None:
    box = page.get_by_label("Message or command")
    box.press_sequentially("/nudge pa")
    offers = page.get_by_role("option")
    expect(offers).to_have_count(2)
    expect(offers.first).to_contain_text("/nudge pause 14")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("/nudge pause 14")
    page.keyboard.press("Enter")
    expect(page.locator(".call-what").first).to_have_text("/nudge")
    assert (app.heard[-1]["command"], app.heard[-1]["text"]) == ("/nudge", "pause 14")


def test_a_command_nobody_has_is_refused_on_the_spot(page: Page, app: StandInApp) -> None:
    page.get_by_label("Message or command").fill("/remind me")
    page.keyboard.press("Enter")
    expect(page.locator(".composer .failure")).to_contain_text("/remind is not a command")


def test_the_clock_moves_a_week_and_the_page_follows(page: Page, slack: Slack) -> None:
    expect(page.locator(".clock-date")).to_have_text("Tue, 3 Mar 2026")
    page.get_by_role("button", name="A week on").click()
    expect(page.locator(".clock-state")).to_contain_text("Moving to Tue 10 Mar")
    slack.clock.advance_to(slack.clock.move.target or 0)
    slack.clock.end_move(slack.clock.move.n, next_at=slack.clock.now() + DAY_SECONDS, note="Two messages went out.")
    slack.state.tell("clock")
    expect(page.locator(".clock-date")).to_have_text("Tue, 10 Mar 2026")
    expect(page.locator(".clock-next")).to_contain_text("Wed 11 Mar")
    expect(page.locator(".clock-state")).to_have_text("Two messages went out.")


def test_calls_are_listed_with_their_time_and_open_on_click(page: Page, slack: Slack, app: StandInApp) -> None:
    app.post(text="Good morning")
    first = page.locator(".call").first
    expect(first.locator(".call-what")).to_have_text("chat.postMessage")
    first.click()
    expect(first.locator(".call-more")).to_contain_text("Maya Fernandes")


@pytest.mark.parametrize(("ms", "mark"), [(120.0, "is-fine"), (700.0, "is-slow"), (3100.0, "is-late")])
def test_a_slow_ack_stands_out(page: Page, slack: Slack, ms: float, mark: str) -> None:
    slack.calls.add(direction="slack_to_app", what="interactive: block_actions", ok=True, ms=ms, summary="")
    slack.state.tell("calls")
    # The page's own calls may land before or after it in the list.
    planted = page.locator(".call-ms", has_text=f"{ms:.0f} ms").first
    expect(planted).to_have_class(re.compile(mark))


def test_slack_can_be_made_to_misbehave_and_to_behave_again(page: Page, slack: Slack) -> None:
    page.get_by_text("Make Slack misbehave").click()
    page.get_by_role("slider", name="Lose the answer").press("ArrowRight")
    expect(page.locator(".faults .tag")).to_be_visible()
    assert slack.dice.faults.lost_answer == 0.05
    page.get_by_role("button", name="Behave again").click()
    expect(page.locator(".faults .tag")).to_be_hidden()
    assert slack.dice.faults.lost_answer == 0


def test_on_a_narrow_screen_one_panel_shows_at_a_time_and_nothing_sticks_out(page: Page, app: StandInApp) -> None:
    app.post(section("A rather long line of text. " * 20))
    page.set_viewport_size(NARROW)
    panels = {"People": "#people", "Chat": "#conversation", "Clock & calls": "#workings"}
    for name, panel in panels.items():
        page.get_by_role("navigation").get_by_role("button", name=name).click()
        expect(page.locator(panel)).to_be_visible()
        for other in set(panels.values()) - {panel}:
            expect(page.locator(other)).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_choosing_a_person_on_a_narrow_screen_shows_their_messages(page: Page) -> None:
    page.set_viewport_size(NARROW)
    page.get_by_role("navigation").get_by_role("button", name="People").click()
    page.locator(".person", has_text="Amir Haddad").click()
    expect(page.locator("#conversation")).to_be_visible()
    expect(page.get_by_label("Message or command")).to_be_visible()


def test_the_panel_on_the_right_closes_and_stays_closed(page: Page) -> None:
    page.get_by_role("button", name="Clock, calls and faults").click()
    expect(page.locator("#workings")).to_be_hidden()
    page.reload()
    expect(page.locator(".me-name")).to_be_visible()
    expect(page.locator("#workings")).to_be_hidden()


def test_tabs_and_messages_are_reached_by_the_keyboard_alone(page: Page) -> None:
    page.get_by_role("tab", name="Messages").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Home")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Home")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("log", name="Messages")).to_be_visible()


def test_dark_and_light_follow_the_reader(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
