"""What Slack refuses in blocks and views, with the path: this module tests the checks of Block Kit."""

from typing import Any

import pytest
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, HeaderBlock, MarkdownTextObject, SectionBlock

from bot.sandbox.check_blocks import problems
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import (
    a_button,
    a_home,
    a_modal,
    a_section,
    an_input,
    call,
    complaints,
    mrkdwn,
    plain,
    posted,
    some_buttons,
)


def option(value: str = "a", **facts: Any) -> dict[str, Any]:
    return {"text": plain("A"), "value": value, **facts}


def a_select(**facts: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **facts}


BAD_BLOCKS: list[tuple[Any, str, str]] = [
    ("text", "must provide an object", "/blocks/0"),
    ({"text": mrkdwn("x")}, "missing required field: type", "/blocks/0"),
    ({"type": "banner"}, "unsupported type: banner", "/blocks/0/type"),
    ({"type": "section"}, "must provide text or fields", "/blocks/0"),
    (a_section("x" * 3_001), "must be less than 3001 characters", "/blocks/0/text/text"),
    (a_section(""), "must be more than 0 characters", "/blocks/0/text/text"),
    (a_section(colour="red"), "invalid additional property: colour", "/blocks/0"),
    (a_section(block_id="x" * 256), "must be less than 256 characters", "/blocks/0/block_id"),
    ({"type": "section", "fields": [mrkdwn("x" * 2_001)]}, "must be less than 2001", "/blocks/0/fields/0/text"),
    ({"type": "section", "fields": [mrkdwn("x")] * 11}, "no more than 10 items allowed", "/blocks/0/fields"),
    ({"type": "section", "text": {"type": "html", "text": "x"}}, "must be one of", "/blocks/0/text/type"),
    ({"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}, "property: emoji", "/blocks/0/text"),
    ({"type": "header", "text": mrkdwn("x")}, "must be one of: plain_text", "/blocks/0/text/type"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151", "/blocks/0/text/text"),
    ({"type": "context", "elements": []}, "must have at least 1", "/blocks/0/elements"),
    ({"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10", "/blocks/0/elements"),
    ({"type": "image", "image_url": "https://x/y.png"}, "required field: alt_text", "/blocks/0"),
    ({"type": "image", "alt_text": "x"}, "either image_url or slack_file", "/blocks/0"),
    (some_buttons(*[a_button(f"b{n}") for n in range(26)]), "no more than 25 items", "/blocks/0/elements"),
    (some_buttons(a_button(), a_button()), "action_id already exists: go", "/blocks/0/elements"),
    (some_buttons(a_button(text=plain("x" * 76))), "less than 76", "/blocks/0/elements/0/text/text"),
    (some_buttons(a_button(value="x" * 2_001)), "less than 2001", "/blocks/0/elements/0/value"),
    (some_buttons(a_button(style="pink")), "must be one of: primary", "/blocks/0/elements/0/style"),
    (some_buttons(a_button(url="no url")), "must be a valid URL", "/blocks/0/elements/0/url"),
    (some_buttons(a_button(action_id="x" * 256)), "less than 256", "/blocks/0/elements/0/action_id"),
    (some_buttons(a_button(confirm={"title": plain("x")})), "missing required", "/blocks/0/elements/0/confirm"),
    (some_buttons({"type": "email_text_input"}), "unsupported type", "/blocks/0/elements/0/type"),
    (some_buttons(a_select(options=[])), "at least 1 items", "/blocks/0/elements/0/options"),
    (some_buttons(a_select(options=[option(str(n)) for n in range(101)])), "than 100 items", "/elements/0/options"),
    (some_buttons(a_select(options=[option("x" * 151)])), "less than 151", "/elements/0/options/0/value"),
    (some_buttons(a_select(options=[{"text": mrkdwn("x"), "value": "a"}])), "plain_text", "/options/0/text/type"),
    (some_buttons(a_select(options=[option(url="https://x")])), "property: url", "/elements/0/options/0"),
    (some_buttons(a_select(option_groups=[])), "must have at least 1 items", "/elements/0/option_groups"),
    (some_buttons(a_select(initial_option=option("z"))), "among the options", "/blocks/0/elements/0"),
    (some_buttons(a_select(placeholder=plain("x" * 151))), "less than 151", "/elements/0/placeholder/text"),
    ({**an_input(), "label": mrkdwn("x")}, "must be one of: plain_text", "/blocks/0/label/type"),
    ({**an_input(), "element": a_button()}, "unsupported type: button", "/blocks/0/element/type"),
    (an_input(element={"min_length": 9, "max_length": 3}), "not be more than max_length", "/element/min_length"),
    (an_input(element={"max_length": 3_001}), "must be between 1 and 3000", "/element/max_length"),
    ({"type": "alert", "text": plain("x")}, "unsupported type: alert", "/blocks/0/type"),
    ({"type": "markdown", "text": "x" * 12_001}, "less than 12001", "/blocks/0/text"),
]


@pytest.mark.parametrize(("block", "words", "pointer"), BAD_BLOCKS)
def test_a_bad_block_is_refused_with_its_path(slack: Slack, block: Any, words: str, pointer: str) -> None:
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="hi", blocks=[block])
    assert refused["error"] == "invalid_blocks"
    assert any(words in line and f"{pointer}]" in line for line in refused["response_metadata"]["messages"]), refused
    assert slack.posted() == []


GOOD_BLOCKS: list[dict[str, Any]] = [
    a_section("x" * 3_000),
    a_section(accessory=a_button()),
    {"type": "section", "fields": [mrkdwn("x"), plain("y")]},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("x"), {"type": "image", "alt_text": "x", "image_url": "https://x/y.png"}]},
    {"type": "image", "alt_text": "x", "image_url": "https://x/y.png", "title": plain("x")},
    some_buttons(*[a_button(f"b{n}", value="v", style="danger") for n in range(25)]),
    some_buttons(a_select(), {"type": "datepicker", "action_id": "d", "initial_date": "2026-10-06"}),
    some_buttons({"type": "overflow", "action_id": "o", "options": [option(url="https://x")]}),
    some_buttons({"type": "radio_buttons", "action_id": "r", "options": [{"text": mrkdwn("*x*"), "value": "a"}]}),
    an_input(hint=plain("x"), optional=True),
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    {"type": "markdown", "text": "# x"},
]


@pytest.mark.parametrize("block", GOOD_BLOCKS)
def test_a_good_block_is_taken(slack: Slack, block: dict[str, Any]) -> None:
    posted(slack, blocks=[block])


def test_blocks_of_the_sdks_own_models_are_taken() -> None:
    button = ButtonElement(text="Go", action_id="go", value="v", style="primary")
    blocks = [
        HeaderBlock(text="Hello"),
        SectionBlock(text=MarkdownTextObject(text="*hi*"), block_id="x"),
        ActionsBlock(elements=[button]),
    ]
    assert problems([block.to_dict() for block in blocks], "message") == []


def test_block_ids_must_differ(slack: Slack) -> None:
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="x", blocks=[a_section(block_id="a")] * 2)
    assert "block_id already exists: a" in complaints(refused)


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_every_surface_has_its_most_blocks(surface: Any, most: int) -> None:
    assert problems([a_section()] * most, surface) == []
    assert "no more than" in problems([a_section()] * (most + 1), surface)[0].text


def test_lengths_count_as_strictly_as_slack_may(slack: Slack) -> None:
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="x", blocks=[a_section("\N{ROCKET}" * 1_501)])
    assert refused["error"] == "invalid_blocks"


def test_every_fault_is_told_at_once(slack: Slack) -> None:
    bad = [{"type": "section"}, {"type": "banner"}, a_section("")]
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="x", blocks=bad)
    assert len(refused["response_metadata"]["messages"]) == 3


def test_blocks_that_are_no_list_are_refused(slack: Slack) -> None:
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="x", blocks={"type": "divider"})
    assert refused["error"] == "invalid_blocks_format"


def test_blocks_of_attachments_are_checked_too(slack: Slack) -> None:
    refused = call(slack, "chat.postMessage", channel="U0ANA", text="x", attachments=[{"blocks": [{"type": "banner"}]}])
    assert "/attachments/0/blocks/0/type" in complaints(refused)
    many = call(slack, "chat.postMessage", channel="U0ANA", text="x", attachments=[{"text": "x"}] * 101)
    assert many["error"] == "too_many_attachments"


BAD_VIEWS: list[tuple[Any, str]] = [
    (["view"], "must provide an object [json-pointer:/view]"),
    ("{", "must be valid JSON [json-pointer:/view]"),
    ({**a_home(), "type": "modal"}, "missing required field: title"),
    (a_modal(title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
    (a_modal(submit=None), "missing required field: submit"),
    (a_modal(private_metadata="x" * 3_001), "less than 3001 characters [json-pointer:/view/private_metadata]"),
    (a_modal(callback_id="x" * 256), "[json-pointer:/view/callback_id]"),
    (a_modal(blocks=[]), "at least 1 items [json-pointer:/view/blocks]"),
    (a_modal({"type": "banner"}), "unsupported type: banner [json-pointer:/view/blocks/0/type]"),
    (a_modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    (a_modal(size="large"), "invalid additional property: size"),
    (a_modal(*[an_input(str(n), element={"focus_on_load": True}) for n in range(2)]), "focus_on_load"),
]


@pytest.mark.parametrize(("view", "words"), BAD_VIEWS)
def test_a_bad_modal_is_refused_with_its_path(slack: Slack, view: Any, words: str) -> None:
    refused = call(slack, "views.open", trigger_id="x", view=view)
    assert refused["error"] == "invalid_arguments"
    assert words in complaints(refused)


def test_a_view_has_a_most_size(slack: Slack) -> None:
    blocks = [a_section("x" * 2_900) for _ in range(90)]
    assert call(slack, "views.publish", user_id="U0ANA", view=a_home(*blocks))["error"] == "view_too_large"


def test_a_home_tab_is_no_modal(slack: Slack) -> None:
    assert call(slack, "views.publish", user_id="U0ANA", view=a_modal())["error"] == "invalid_arguments"
