"""People, blocks, views and waiting for the sandbox's tests: this module makes valid ones by default."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bot.sandbox.workspace import BOT_TOKEN, Slack

TUESDAY = 1_791_276_900.0  # Tuesday 6 October 2026, 08:55 UTC


def a_user(user_id: str, **facts: Any) -> dict[str, Any]:
    name = str(facts.pop("name", user_id.lower()))
    profile = {"email": f"{name}@example.com", "title": "Agent", "display_name": name}
    return {
        "id": user_id,
        "name": name,
        "real_name": name.title(),
        "tz": "Europe/Lisbon",
        "profile": profile,
        "is_bot": False,
        **facts,
    }


def some_people() -> list[dict[str, Any]]:
    return [
        a_user("U0ANA", name="ana"),
        a_user("U0BEN", name="ben"),
        a_user("U0GONE", deleted=True),
        a_user("U0ROBOT", is_bot=True),
        a_user("U0STRANGER", is_stranger=True),
    ]


class StoppedClock:
    """Real time that moves only when told to."""

    def __init__(self, at: float = TUESDAY) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def a_section(text: str = "Hello", **facts: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **facts}


def a_button(action_id: str = "go", **facts: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **facts}


def some_buttons(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": "buttons", "elements": list(buttons) or [a_button()]}


def an_input(block_id: str = "why", **facts: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "text", **facts.pop("element", {})}
    return {"type": "input", "block_id": block_id, "label": plain("Why?"), "element": element, **facts}


def a_modal(*blocks: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [an_input()],
        **facts,
    }


def a_home(*blocks: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks) or [a_section()], **facts}


def call(slack: Slack, method: str, *, token: str | None = BOT_TOKEN, **args: Any) -> dict[str, Any]:
    """Return the JSON answer to a call."""
    body = slack.call(method, args, token).body
    assert isinstance(body, dict), body
    return body


def called(slack: Slack, method: str, **args: Any) -> dict[str, Any]:
    """Return the answer to a call that must succeed."""
    body = call(slack, method, **args)
    assert body["ok"], body
    return body


def posted(slack: Slack, channel: str = "U0ANA", **args: Any) -> dict[str, Any]:
    return called(slack, "chat.postMessage", channel=channel, **{"text": "Hello", **args})


def complaints(answer: dict[str, Any]) -> str:
    return "\n".join(answer["response_metadata"]["messages"])


def wait_until(is_so: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Return the first true answer; fail when none comes in time."""
    deadline = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.01)
    return found
