"""A Slack that can be watched: this module hears each attempt to post, goes away for hours, and kills the app.

All that it answers is the sandbox's engine; it is the ground truth of what stands in whose conversation.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.errors import AnswerLost
from bot.sandbox.records import Json
from bot.sandbox.workspace import HTML, Answer, Slack
from bot.slack_api.connections import NotConnected

UNREACHABLE, BROKEN = "unreachable", "broken"
POST, UPDATE = "chat.postMessage", "chat.update"


class WatchedSlack(Slack):
    """The engine, and what the world wants to know and to do about it."""

    def __init__(self, *, heard: Callable[[str, str], None], strike: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self._heard = heard
        self._strike = strike
        self.trouble = ""
        self.lost: list[datetime] = []  # posts whose sender does not know what became of them
        self.changed: list[tuple[str, str]] = []  # messages changed in place: conversation and timestamp

    def call(self, method: str, args: Json, token: str | None) -> Answer:
        """Answer as Slack does, unless it is away."""
        if method == POST:
            self._heard(delivery_of(args), str(args.get("channel", "")))
        if self.trouble == UNREACHABLE:
            raise NotConnected("No route to Slack.")
        if self.trouble == BROKEN:
            self._note_lost(method)
            return Answer(503, {}, HTML)
        try:
            answer = super().call(method, args, token)
        except AnswerLost:
            self._note_lost(method)
            raise
        if answer.status >= 500:
            self._note_lost(method)
        if method == POST:
            self._strike()
        if method == UPDATE and isinstance(answer.body, dict) and answer.body.get("ok"):
            self.changed.append((str(args.get("channel")), str(args.get("ts"))))
        return answer

    def _note_lost(self, method: str) -> None:
        if method == POST:
            self.lost.append(datetime.fromtimestamp(self.clock.real(), UTC))


def delivery_of(args: Json) -> str:
    """Return the delivery that a post says it is."""
    metadata = args.get("metadata") or {}
    metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str((metadata.get("event_payload") or {}).get("delivery_id", ""))
