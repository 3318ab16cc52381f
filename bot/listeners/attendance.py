"""Who came to a workshop: this module opens the host's form and takes it in."""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_bolt import Ack, App
from slack_sdk.models.views import View

from bot.blocks import forms
from bot.blocks.actions import ActionId, CallbackId
from bot.blocks.attendance import MOST_GROUPS, PlaceValue, came_form, came_note, field_id, shown_on
from bot.blocks.parts import say
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.payloads import Click, Payload, metadata_of, person_of, ticked_in
from bot.listeners.pressing import Button
from nudges.domain.delivery.presence import Marking
from nudges.services.core import Core
from nudges.services.delivery import who_came


def open_came_form(core: Core, click: Click) -> View:
    """Return the list of who had a seat, for the host; for others why not."""
    value = PlaceValue.decode(click.value)
    if value is None:
        return forms.failed_note(say("click.old", click.language), click.language)
    place = who_came.place_of(value.campaign_id, value.nudge_key, value.session)
    found = who_came.sheet(core, click.person_id, place)
    return came_form(found, value, core.company().default_zone, click.language)


@dataclass(frozen=True)
class WhoCame:
    """The form in which a host says who came."""

    desk: Desk

    def take(self, ack: Ack, body: Payload) -> None:
        """Store what was ticked, then acknowledge with what is known now."""
        person_id, core = person_of(body), self.desk.core
        check_form(core, person_id, CallbackId.CAME_FORM)
        language, value = self.desk.language(person_id), PlaceValue.decode(metadata_of(body))
        if value is None:
            ack(response_action="update", view=forms.failed_note(say("click.old", language), language))
            return
        place = who_came.place_of(value.campaign_id, value.nudge_key, value.session)
        found = who_came.sheet(core, person_id, place)
        if found.marking is Marking.OPEN:
            came = [one for group in range(MOST_GROUPS) for one in ticked_in(body, field_id(group))]
            found = who_came.mark(core, person_id, place, came=came, shown=shown_on(found))
        ack(response_action="update", view=came_note(found, core.company().default_zone, language))


CAME_BUTTONS: Mapping[ActionId, Button] = {ActionId.WHO_CAME: Button(open=open_came_form)}


def register(app: App, desk: Desk) -> None:
    """Listen to the form; before the listener of all other forms, which only acknowledges."""
    app.view(CallbackId.CAME_FORM.value)(WhoCame(desk).take)
