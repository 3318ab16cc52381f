"""The installation ends: this module stops all sending at once when the app is removed or its tokens are revoked."""

import logging
from dataclasses import dataclass

from slack_bolt import Ack, App

from bot.listeners.answering import Desk
from bot.listeners.payloads import Payload
from nudges.services.steer import hold_workspace

logger = logging.getLogger(__name__)

UNINSTALLED, REVOKED = "app_uninstalled", "tokens_revoked"


@dataclass(frozen=True)
class Lifecycle:
    """The listener of both events."""

    desk: Desk

    def end(self, ack: Ack, body: Payload) -> None:
        """Hold the workspace, then acknowledge; a user's revoked token is not ours."""
        event = body.get("event") or {}
        kind = str(event.get("type") or "")
        if kind == UNINSTALLED or (event.get("tokens") or {}).get("bot"):
            hold_workspace(self.desk.core, f"slack:{kind}")
            logger.warning("the installation ended", extra={"event": kind})
        ack()


def register(app: App, desk: Desk) -> None:
    """Listen to both events."""
    lifecycle = Lifecycle(desk)
    app.event(UNINSTALLED)(lifecycle.end)
    app.event(REVOKED)(lifecycle.end)
