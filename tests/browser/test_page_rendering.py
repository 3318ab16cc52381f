"""Block Kit and mrkdwn as a person sees them: this module tests how the sandbox's page draws messages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.sandbox.server import SandboxServer
from tests.browser.stand_in import StandInApp, actions, button, choice, mrkdwn, section, words

pytestmark = pytest.mark.browser

HOSTILE = "<script>window.hit = 1; alert('script')</script><img src=x onerror=\"alert('image')\"><svg/onload=alert(1)>"


@pytest.fixture
def dm(chromium_page: Page, sandbox: SandboxServer, app: StandInApp) -> Page:
    """Maya's direct messages, open and empty."""
    chromium_page.goto(f"{sandbox.url}/#/U0MAYA/messages")
    expect(chromium_page.get_by_text("No messages yet.")).to_be_visible()
    return chromium_page


def last_message(page: Page) -> Locator:
    return page.locator(".message").last


def test_a_section_shows_its_text_its_fields_and_its_accessory(dm: Page, app: StandInApp) -> None:
    fields = [mrkdwn("*Sent*\n96"), mrkdwn("*Waiting*\n40")]
    app.post(section("How it is going", fields=fields, accessory=button("more", "Details")))
    message = last_message(dm)
    expect(message.locator(".section-text")).to_have_text("How it is going")
    expect(message.locator(".section-fields > div")).to_have_text(["Sent96", "Waiting40"])
    expect(message.get_by_role("button", name="Details")).to_be_visible()


def test_header_divider_context_and_image_are_shown(dm: Page, app: StandInApp) -> None:
    picture = {
        "type": "image",
        "image_url": "https://example.com/a.png",
        "alt_text": "Three answers",
        "title": words("How"),
    }
    context = {"type": "context", "elements": [mrkdwn("tip *1* of 9"), words("week 1")]}
    app.post({"type": "header", "text": words("Your week")}, {"type": "divider"}, context, picture)
    message = last_message(dm)
    expect(message.get_by_role("heading", name="Your week")).to_be_visible()
    expect(message.get_by_role("separator")).to_be_visible()
    expect(message.locator(".context-text")).to_have_text(["tip 1 of 9", "week 1"])
    expect(message.get_by_role("img", name="Three answers")).to_be_visible()
    expect(message.locator("figcaption")).to_have_text("How")


def test_every_kind_of_element_is_shown(dm: Page, app: StandInApp) -> None:
    app.post(
        actions(
            button("go", "Go", style="primary"),
            button("stop", "Stop", style="danger"),
            choice("static_select", "day", "Monday", "Tuesday", placeholder=words("Which day?")),
            choice("overflow", "more", "Snooze", "Why this?"),
            {"type": "datepicker", "action_id": "date", "initial_date": "2026-03-04"},
            {"type": "timepicker", "action_id": "time", "initial_time": "09:30"},
        ),
        actions(
            choice("radio_buttons", "one", "Yes", "No"),
            choice("checkboxes", "some", "Tips", "Stories"),
            block_id="ticks",
        ),
    )
    message = last_message(dm)
    expect(message.locator("button.is-primary")).to_have_text("Go")
    expect(message.locator("button.is-danger")).to_have_text("Stop")
    expect(message.get_by_role("combobox", name="Which day?")).to_contain_text("Tuesday")
    expect(message.get_by_role("button", name="More actions")).to_be_visible()
    expect(message.locator("input[type=date]")).to_have_value("2026-03-04")
    expect(message.locator("input[type=time]")).to_have_value("09:30")
    expect(message.get_by_role("radio", name="Yes")).to_be_visible()
    expect(message.get_by_role("checkbox", name="Stories")).to_be_visible()


def test_rich_text_is_shown(dm: Page, app: StandInApp) -> None:
    said = {"type": "rich_text_section", "elements": [{"type": "text", "text": "bold", "style": {"bold": True}}]}
    points = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]} for text in ("one", "two")]
    listed = {"type": "rich_text_list", "style": "bullet", "elements": points}
    app.post({"type": "rich_text", "elements": [said, listed]})
    expect(last_message(dm).locator("strong", has_text="bold")).to_be_visible()
    expect(last_message(dm).get_by_role("listitem")).to_have_text(["one", "two"])


def test_mrkdwn_is_drawn_as_slack_draws_it(dm: Page, app: StandInApp) -> None:
    app.post(
        text="*bold* _slanted_ ~gone~ `code *plain*` :tada: 2*3*4 snake_case_name\n> quoted\n```\nline 1\n  line 2```"
    )
    message = last_message(dm).locator(".blocks")
    expect(message.locator("strong")).to_have_text("bold")
    expect(message.locator("em")).to_have_text("slanted")
    expect(message.locator("s")).to_have_text("gone")
    expect(message.locator("code")).to_have_text("code *plain*")
    expect(message.get_by_role("img", name="tada")).to_have_text("🎉")
    expect(message).to_contain_text("2*3*4 snake_case_name")
    expect(message.locator("blockquote")).to_have_text("quoted")
    expect(message.locator("pre")).to_have_text("line 1\n  line 2")


def test_names_links_and_dates_are_resolved_for_the_reader(dm: Page, app: StandInApp) -> None:
    link = "<https://example.com/a?b=1&amp;c=2|read this>"
    app.post(text=f"Ask <@U0AMIR> in <#C0BILLING> or {link}, <!date^1772528100^{{date_num}} {{time}}|then>")
    message = last_message(dm)
    expect(message.locator(".mention")).to_have_text(["@Amir Haddad", "#ask-billing"])
    expect(message.get_by_role("link", name="read this")).to_have_attribute("title", "https://example.com/a?b=1&c=2")
    expect(message.locator("time.date")).to_have_text("2026-03-03 08:55")


def test_a_link_says_where_it_leads_and_opens_nothing(dm: Page, app: StandInApp) -> None:
    app.post(text="<https://example.com/way|this way> <javascript:alert(1)|not this way>")
    last_message(dm).get_by_role("link").click()
    expect(dm.locator(".toast")).to_contain_text("https://example.com/way")
    expect(last_message(dm).locator(".blocks")).to_contain_text("<javascript:alert(1)|not this way>")
    assert len(dm.context.pages) == 1


@pytest.mark.parametrize("escaped", [False, True])
def test_hostile_text_appears_literally_everywhere(dm: Page, app: StandInApp, escaped: bool) -> None:
    text = HOSTILE.replace("<", "&lt;").replace(">", "&gt;") if escaped else HOSTILE
    picture = {"type": "image", "image_url": "https://example.com/x", "alt_text": text, "title": words(text)}
    app.post(
        section(text, fields=[words(text)], accessory=choice("overflow", "menu", text[:70])),
        {"type": "header", "text": words(text)},
        {"type": "context", "elements": [mrkdwn(f"`{text}` ```{text}``` > {text}")]},
        actions(button("b", text[:70]), choice("static_select", "s", text[:70], placeholder=words(text))),
        picture,
        text=text,
    )
    message = last_message(dm)
    expect(message.locator(".section-text")).to_have_text(HOSTILE)
    expect(message.locator(".block-header")).to_have_text(HOSTILE)
    expect(message.locator("script, img:not(.avatar), svg[onload]")).to_have_count(0)
    assert dm.evaluate("window.hit") is None


def test_a_call_to_everybody_is_literal_when_escaped_and_loud_when_not(dm: Page, app: StandInApp) -> None:
    app.post(text="&lt;!channel&gt; and <!channel>")
    expect(last_message(dm).locator(".blocks")).to_have_text("<!channel> and @channel")
    expect(last_message(dm).locator(".mention.is-loud")).to_have_text("@channel")


def test_a_hostile_name_is_only_a_name(chromium_page: Page, sandbox: SandboxServer, app: StandInApp) -> None:
    chromium_page.goto(f"{sandbox.url}/#/U0ZOE/messages")
    expect(chromium_page.locator(".me-name")).to_have_text("Zoë O'Neill <b>")


def test_an_ephemeral_message_is_marked_as_seen_by_oneself_only(dm: Page, app: StandInApp) -> None:
    app.post(text="For the record")
    app.on("/nudge", lambda body: {"response_type": "ephemeral", "text": "Between us"})
    dm.get_by_label("Message or command").fill("/nudge help")
    dm.keyboard.press("Enter")
    expect(dm.locator(".message.is-ephemeral")).to_contain_text("Only visible to you")
    expect(dm.locator(".message.is-ephemeral .blocks")).to_have_text("Between us")


def test_an_update_changes_the_message_in_its_place(dm: Page, app: StandInApp) -> None:
    stamp = app.post(section("Question"), text="Question")
    app.post(text="Something later")
    expect(dm.locator(".message")).to_have_count(2)
    channel = app.call("conversations.open", users="U0MAYA")["channel"]["id"]
    app.call("chat.update", channel=channel, ts=stamp, text="Answered", blocks=[section("Answered")])
    expect(dm.locator(".message").first).to_contain_text("Answered")
    expect(dm.locator(".message")).to_have_count(2)


def test_days_are_divided_and_times_are_the_persons_own(dm: Page, app: StandInApp) -> None:
    app.post(text="first", to="U0AMIR")
    app.heard.clear()
    dm.goto(dm.url.replace("U0MAYA", "U0AMIR"))
    expect(dm.locator(".message-time").first).to_have_text("12:55")
    expect(dm.locator(".day")).to_have_text("Today")


def test_an_unknown_block_is_named_instead_of_hidden(dm: Page, app: StandInApp) -> None:
    app.post({"type": "markdown", "text": "# not drawn"})
    expect(last_message(dm)).to_contain_text('A block of type "markdown"')


def test_the_home_tab_shows_what_the_app_published(dm: Page, app: StandInApp) -> None:
    dm.get_by_role("tab", name="Home").click()
    expect(dm.get_by_text("Nothing here yet.")).to_be_visible()
    app.call("views.publish", user_id="U0MAYA", view={"type": "home", "blocks": [section("*Two* nudges so far")]})
    expect(dm.get_by_role("tabpanel", name="Home")).to_contain_text("Two nudges so far")
    assert app.heard[-1]["event"]["tab"] == "home"
