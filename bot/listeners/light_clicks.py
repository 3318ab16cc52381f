"""Clicks that need nothing but our own database before the acknowledgement: this module answers them ahead of Bolt.

They are what a wave of nudges comes back as. Bolt would find their one listener by asking all, copy the request for
what comes after, and build a client that nobody uses: several times the work of storing the answer.
"""

import logging
from dataclasses import dataclass

from slack_bolt import App, BoltRequest, BoltResponse

from bot.blocks.draft_values import preview_in
from bot.listeners.access import check_action
from bot.listeners.answering import Desk
from bot.listeners.buttons import BUTTONS
from bot.listeners.failing import error_handler, guarded
from bot.listeners.payloads import Click, Payload, click_of, kind_of
from bot.listeners.pressing import Button
from bot.listeners.whose import address_of
from nudges.domain.measuring.views import Outcome

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Door:
    """A workspace's app as requests come to it, by HTTP and by socket: light clicks here, all others in Bolt."""

    bolt: App
    desk: Desk

    def dispatch(self, request: BoltRequest) -> BoltResponse:
        """Answer a request that is surely Slack's."""
        light = self._light(request.body)
        return self.bolt.dispatch(request) if light is None else self._answer(*light, request.body)

    def _light(self, body: Payload) -> tuple[Click, Button] | None:
        if kind_of(body) != "block_actions" or self.desk.core.workspace_id not in address_of(body).workspace_ids:
            return None
        click = click_of(body)
        button = BUTTONS.get(click.action) if click.action else None
        if button is None or not button.is_light or preview_in(click.value) is not None:
            return None
        return click, button

    def _answer(self, click: Click, button: Button, body: Payload) -> BoltResponse:
        outcome = None
        try:
            if click.action is not None:
                check_action(self.desk.core, click.person_id, click.action)
            if button.change is not None:
                outcome = button.change(self.desk.core, click)
        except Exception as error:  # what Bolt would do: its handler tells the person, or Slack that nothing was stored
            return error_handler(self.desk)(error, dict(body))
        self._redraw_later(click, button, outcome, body)
        return BoltResponse(status=200, body="")

    def _redraw_later(self, click: Click, button: Button, outcome: Outcome | None, body: Payload) -> None:
        redraw = button.redraw
        if redraw is None:
            return
        work = guarded(self.desk, lambda body: redraw(self.desk, click, outcome))
        try:
            self.bolt.listener_runner.listener_executor.submit(work, body=dict(body))
        except RuntimeError:
            logger.info("message not redrawn, because we are closing")  # what was clicked is stored
