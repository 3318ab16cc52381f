"""The installation ends: this module stops all sending at once when the app is removed or its tokens are revoked.

Slack tells both, or one of them, in any order and more than once.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_bolt import Ack, App

from bot.listeners.answering import Desk
from bot.listeners.payloads import Payload
from nudges.services.workspaces.installing import end_installation

logger = logging.getLogger(__name__)

UNINSTALLED, REVOKED = "app_uninstalled", "tokens_revoked"


@dataclass(frozen=True)
class Lifecycle:
    """The listener of both events."""

    desk: Desk

    def end(self, ack: Ack, body: Payload) -> None:
        """Hold the workspace and wipe its tokens, then acknowledge; a user's revoked token is not ours."""
        event = body.get("event") or {}
        kind = str(event.get("type") or "")
        is_end = kind == UNINSTALLED or bool((event.get("tokens") or {}).get("bot"))
        if is_end and end_installation(self.desk.core, f"slack:{kind}", _happened_at(body)):
            logger.warning("the installation ended", extra={"event": kind})
        ack()


def _happened_at(body: Payload) -> datetime | None:
    """Return when Slack says that it happened; an event from before the present installation is not about it."""
    at = body.get("event_time")
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < 2**33 else None


def register(app: App, desk: Desk) -> None:
    """Listen to both events."""
    lifecycle = Lifecycle(desk)
    app.event(UNINSTALLED)(lifecycle.end)
    app.event(REVOKED)(lifecycle.end)
