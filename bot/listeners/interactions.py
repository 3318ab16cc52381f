"""Clicks: this module opens or commits what a button means, acknowledges, and only then shows the new state."""

import re
from dataclasses import dataclass, replace

from slack_bolt import Ack, App, BoltContext

from bot.blocks.answers import line_answer
from bot.blocks.draft_values import preview_in
from bot.listeners.access import check_action
from bot.listeners.answering import Desk
from bot.listeners.buttons import BUTTONS
from bot.listeners.failing import guarded
from bot.listeners.payloads import Click, Payload, click_of
from bot.listeners.pressing import Button, Pressed
from bot.listeners.previewing import clicked

EVERYTHING = re.compile(".*", re.DOTALL)


@dataclass(frozen=True)
class Clicks:
    """The one listener of all buttons, those of earlier versions included."""

    desk: Desk

    def commit(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Open or commit, then acknowledge; what it came to travels on in the context."""
        click = context["click"] = self._click(body)
        button = BUTTONS.get(click.action) if click.action else None
        # Under a preview nothing is opened or stored.
        if click.action is not None and button is not None and preview_in(click.value) is None:
            check_action(self.desk.core, click.person_id, click.action)
            self._act(button, click, context)
        context["is_done"] = True
        ack()

    def show(self, body: Payload, context: BoltContext) -> None:
        """Show what it came to. Bolt calls this after a failure too, which has been told already."""
        if not context.get("is_done"):
            return
        click: Click = context["click"]
        button = BUTTONS.get(click.action) if click.action else None
        on_preview = clicked(self.desk.core, click)
        if on_preview is not None:
            self.desk.tell(click.response_url, on_preview)
        elif button is None:
            self.desk.tell(click.response_url, line_answer("click.old", click.language))
        elif button.redraw is not None:
            button.redraw(self.desk, click, context.get("outcome"))
        elif button.show is not None:
            button.show(self.desk, Pressed(click, context.get("outcome"), context.client))

    def _click(self, body: Payload) -> Click:
        click = click_of(body)
        return replace(click, language=self.desk.language(click.person_id))

    def _act(self, button: Button, click: Click, context: BoltContext) -> None:
        view = button.open(self.desk.core, click) if button.open else None
        if view is not None:
            context.client.views_open(trigger_id=click.trigger_id, view=view)
        if button.change is not None:
            context["outcome"] = button.change(self.desk.core, click)


def register(app: App, desk: Desk) -> None:
    """Listen to every button."""
    clicks = Clicks(desk)
    app.action(EVERYTHING)(ack=clicks.commit, lazy=[guarded(desk, clicks.show)])
