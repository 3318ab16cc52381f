"""Buttons under workshops, challenges and polls: this module is what they commit and what is shown after."""

from collections.abc import Mapping

from bot.blocks.actions import ActionId, AnswerValue, DeliveryValue
from bot.listeners.payloads import Click
from bot.listeners.pressing import GONE, Button, redraw_message
from nudges.domain.measuring.views import Outcome
from nudges.services.answers.record_response import message_state
from nudges.services.answers.record_tap import record_tap
from nudges.services.core import Core


def tap(core: Core, click: Click) -> Outcome:
    """Store what was tapped; a seat may be given back later."""
    value = AnswerValue.decode(click.value)
    return record_tap(core, click.person_id, value.delivery_id, value.choice_key) if value else GONE


def see_votes(core: Core, click: Click) -> Outcome:
    """Return the poll as it stands now; nothing is stored."""
    value = DeliveryValue.decode(click.value)
    return message_state(core, click.person_id, value.delivery_id, click.written_in) if value else GONE


KIND_BUTTONS: Mapping[ActionId, Button] = {
    ActionId.TAP: Button(change=tap, redraw=redraw_message),
    ActionId.SEE_VOTES: Button(change=see_votes, redraw=redraw_message),
    ActionId.OPEN_LINK: Button(),
}
