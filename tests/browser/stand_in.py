"""A small app in process and Block Kit in few words: this module is the helpers of the browser tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.delivery import Envelope
from bot.sandbox.workspace import BOT_TOKEN, Slack

Json = dict[str, Any]
Reaction = Callable[[Json], Json | None]


class StandInApp:
    """Hears every envelope; reacts by action id, command, callback id or event type."""

    def __init__(self, slack: Slack) -> None:
        self.heard: list[Json] = []
        self._slack = slack
        self._reactions: dict[str, Reaction] = {}
        slack.delivery.connect(self._hear)

    def on(self, name: str, reaction: Reaction) -> None:
        self._reactions[name] = reaction

    def call(self, method: str, **args: Any) -> Json:
        """Call the Web API as the app does; fail when Slack says no."""
        body = self._slack.call(method, args, BOT_TOKEN).body
        assert isinstance(body, dict) and body["ok"], body
        return body

    def post(self, *blocks: Json, to: str = "U0MAYA", text: str = "A message") -> str:
        """Post a direct message and return its timestamp."""
        extra = {"blocks": list(blocks)} if blocks else {}
        return str(self.call("chat.postMessage", channel=to, text=text, **extra)["ts"])

    def opens(self, action_id: str, view: Json) -> None:
        """Open this form when that button is clicked."""
        self.on(action_id, lambda body: self._open(body, view))

    def actions(self) -> list[Json]:
        """Return every action heard, oldest first."""
        return [action for body in self.heard for action in body.get("actions", [])]

    def last(self, kind: str) -> Json:
        return next(body for body in reversed(self.heard) if body.get("type") == kind)

    def _open(self, body: Json, view: Json) -> None:
        self.call("views.open", trigger_id=body["trigger_id"], view=view)

    def _hear(self, envelope: Envelope) -> Json | None:
        body = envelope.payload
        self.heard.append(body)
        reaction = self._reactions.get(_name_of(body))
        return reaction(body) if reaction else None


def _name_of(body: Json) -> str:
    if "event" in body:
        return str(body["event"]["type"])
    if body.get("type") == "block_actions":
        return str(body["actions"][0]["action_id"])
    return str(body.get("command") or body["view"]["callback_id"])


def a_user(user_id: str, name: str, title: str, zone: str) -> Json:
    """A member as `users.list` returns it, as far as the page looks."""
    profile = {"real_name": name, "display_name": name.split()[0], "title": title}
    return {"id": user_id, "name": user_id.lower(), "real_name": name, "tz": zone, "deleted": False, "profile": profile}


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": words(text), **more}


def actions(*elements: Json, block_id: str = "acts") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def options(*texts: str) -> list[Json]:
    return [{"text": words(text), "value": text.lower()} for text in texts]


def choice(kind: str, action_id: str, *texts: str, **more: Any) -> Json:
    """A select, radio buttons, checkboxes or an overflow menu."""
    return {"type": kind, "action_id": action_id, "options": options(*texts), **more}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """An input block whose element is called `value`."""
    element = {"action_id": "value", **element}
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element, **more}


def form(title: str, *blocks: Json, callback_id: str = "form", submit: str | None = "Send") -> Json:
    view: Json = {"type": "modal", "callback_id": callback_id, "title": words(title), "blocks": list(blocks)}
    return {**view, "submit": words(submit), "close": words("Cancel")} if submit else view
