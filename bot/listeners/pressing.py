"""What a button may do, and in which order: this module is the shape that every table of buttons is made of."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.models.views import View

from bot.blocks.answers import line_answer
from bot.listeners.answering import Desk
from bot.listeners.payloads import Click
from nudges.domain.measuring.views import Outcome, Verdict
from nudges.services.answers.late_clicks import why_late
from nudges.services.core import Core

GONE = Outcome(Verdict.GONE)
_DELIVERY = re.compile(r"[0-9a-f]{32}", re.ASCII)

Open = Callable[[Core, Click], View | None]
Change = Callable[[Core, Click], Outcome | None]


@dataclass(frozen=True)
class Pressed:
    """A button after it was acknowledged: what it came to, if it changed a nudge."""

    click: Click
    outcome: Outcome | None
    client: WebClient


Show = Callable[[Desk, Pressed], None]
Redraw = Callable[[Desk, Click, Outcome | None], None]


@dataclass(frozen=True)
class Button:
    """Up to three things, in this order; a view comes first because Slack allows it for three seconds only."""

    open: Open | None = None
    change: Change | None = None
    show: Show | None = None
    redraw: Redraw | None = None  # instead of `show`, where the message that was clicked is all there is to show

    @property
    def is_light(self) -> bool:
        """Return whether nothing is asked of Slack for it but to show something at the click's own address."""
        return self.open is None and self.show is None


def redraw_message(desk: Desk, click: Click, outcome: Outcome | None) -> None:
    """Show the nudge in its new state, or say kindly why nothing happened."""
    delivery_id, is_refused = delivery_in(click.value), tell_refusal(desk, click, outcome)
    is_shown = desk.redraw(click.person_id, delivery_id, click.response_url, written_in=click.written_in)
    if not is_shown and not is_refused:
        tell_refusal(desk, click, GONE)  # stored, but there is no text any more in which it could be shown


def tell_refusal(desk: Desk, click: Click, outcome: Outcome | None) -> bool:
    """Say kindly why nothing happened; False when something did, and the message stays as it is."""
    key = refusal(desk.core, click.person_id, delivery_in(click.value), outcome)
    if key:
        desk.tell(click.response_url, line_answer(key, desk.language(click.person_id)))
    return bool(key)


def redraw_nothing(desk: Desk, click: Click, outcome: Outcome | None) -> None:
    """Leave the message as it is, or say kindly why nothing happened."""
    tell_refusal(desk, click, outcome)


def refusal(core: Core, person_id: str, delivery_id: str, outcome: Outcome | None) -> str:
    """Return the sentence that says why nothing was stored; empty when something was."""
    if outcome is None or outcome.verdict not in (Verdict.NOT_YOURS, Verdict.GONE):
        return ""
    if outcome.verdict is Verdict.NOT_YOURS:
        return "click.not_yours"
    return f"late.{why_late(core, person_id, delivery_id)}" if delivery_id else "click.gone"


def delivery_in(value: str) -> str:
    """Return the delivery that a button stands under, which is the first thing it carries; empty without one."""
    first = value.partition(":")[0]
    return first if _DELIVERY.fullmatch(first) else ""
