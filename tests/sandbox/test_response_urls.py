"""Five uses in thirty minutes: this module tests response_url."""

from typing import Any

import pytest

from bot.sandbox.delivery import Envelope
from bot.sandbox.page_json import PageJson
from bot.sandbox.workspace import Slack
from tests.sandbox.helpers import a_section, called, posted, some_buttons


def last_key(slack: Slack) -> str:
    return next(reversed(slack.state.response_urls))


@pytest.fixture
def clicked(slack: Slack) -> dict[str, Any]:
    """A message whose button has just been clicked."""
    slack.delivery.connect(_nothing)
    sent = posted(slack, blocks=[some_buttons()])
    slack.do.click("U0ANA", ts=sent["ts"], block_id="buttons", action_id="go")
    return sent


def _nothing(envelope: Envelope) -> None:
    return None


def texts(slack: Slack) -> list[tuple[str, bool]]:
    messages = PageJson(slack.state).view("U0ANA")["dm"]["messages"]
    return [(message["text"], message["ephemeral"]) for message in messages]


def test_a_reply_is_ephemeral_unless_it_says_otherwise(slack: Slack, clicked: dict[str, Any]) -> None:
    assert slack.respond(last_key(slack), {"text": "quiet"}) == (200, {}, "ok")
    slack.respond(last_key(slack), {"text": "loud", "response_type": "in_channel"})
    assert texts(slack) == [("Hello", False), ("quiet", True), ("loud", False)]


def test_the_original_is_replaced_in_place(slack: Slack, clicked: dict[str, Any]) -> None:
    slack.respond(last_key(slack), {"text": "done", "blocks": [a_section()], "replace_original": True})
    assert texts(slack) == [("done", False)]
    message = called(slack, "conversations.history", channel=clicked["channel"])["messages"][0]
    assert message["ts"] == clicked["ts"]
    assert message["blocks"][0]["text"]["text"] == "Hello"


def test_the_original_is_deleted(slack: Slack, clicked: dict[str, Any]) -> None:
    slack.respond(last_key(slack), {"delete_original": True})
    assert texts(slack) == []
    assert slack.respond(last_key(slack), {"delete_original": True}).status == 400


def test_the_sixth_use_is_refused(slack: Slack, clicked: dict[str, Any]) -> None:
    answers = [slack.respond(last_key(slack), {"text": str(n)}).status for n in range(6)]
    assert answers == [200] * 5 + [404]
    assert slack.respond(last_key(slack), {"text": "x"}).body == {"ok": False, "error": "used_url"}


def test_half_an_hour_later_it_is_too_late(slack: Slack, clicked: dict[str, Any]) -> None:
    slack.clock.advance_to(slack.clock.now() + 1_801)
    assert slack.respond(last_key(slack), {"text": "x"}).body == {"ok": False, "error": "expired_url"}


def test_an_invented_address_is_refused(slack: Slack) -> None:
    assert slack.respond("wrong", {"text": "x"}).status == 404


@pytest.mark.parametrize(("body", "error"), [({"blocks": [{"type": "banner"}]}, "invalid_blocks"), ({}, "no_text")])
def test_a_bad_reply_is_refused(slack: Slack, clicked: dict[str, Any], body: dict[str, Any], error: str) -> None:
    answer = slack.respond(last_key(slack), body)
    assert isinstance(answer.body, dict)
    assert (answer.status, answer.body["error"]) == (400, error)


def test_the_reply_to_a_command_cannot_replace_what_was_typed(slack: Slack) -> None:
    slack.delivery.connect(_nothing)
    slack.do.command("U0ANA", "/nudge")
    answer = slack.respond(last_key(slack), {"text": "x", "replace_original": True})
    assert answer.status == 400
