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


@dataclass(frozen=True)
class Button:
    """Up to three things, in this order; a view comes first because Slack allows it for three seconds only."""

    open: Open | None = None
    change: Change | None = None
    show: Show | None = None


def show_message(desk: Desk, pressed: Pressed) -> None:
    """Show the nudge in its new state, or say kindly why nothing happened."""
    show_refusal(desk, pressed)
    click, message = pressed.click, pressed.outcome.message if pressed.outcome else None
    if message is not None:
        desk.redraw(click.person_id, message.delivery_id, click.response_url, written_in=click.written_in)


def show_refusal(desk: Desk, pressed: Pressed) -> None:
    """Say kindly why nothing happened; otherwise the message stays as it is."""
    click = pressed.click
    key = refusal(desk.core, click.person_id, delivery_in(click.value), pressed.outcome)
    if key:
        desk.tell(click.response_url, line_answer(key, click.language))


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
