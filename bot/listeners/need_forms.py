"""Deciding about a need by button: this module opens the form, takes it in, and shows the list as it stands then.

The rules are those of `/nudge needs adopt ...`: the same roles, the same door, the same service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from slack_bolt import Ack, App, BoltContext
from slack_sdk.models.views import View

from bot.blocks import forms
from bot.blocks.actions import ActionId, CallbackId, InputId
from bot.blocks.answers import Answer
from bot.blocks.need_forms import need_form
from bot.blocks.need_values import NeedValue
from bot.blocks.needs import decided_answer, needs_answer
from bot.blocks.parts import Safe, say, section
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.failing import guarded
from bot.listeners.payloads import Click, Payload, metadata_of, person_of, picked_in, typed_in
from bot.listeners.pressing import Button
from bot.texts import text
from nudges.domain.barriers.needs import NeedVerdict
from nudges.services.barriers import needs
from nudges.services.core import Core


def open_form(core: Core, click: Click) -> View:
    """Return the form of one need, or why there is none for this person."""
    value = NeedValue.decode(click.value)
    found = {one.number: one for one in needs.needs(core, click.person_id)} if value else {}
    need = found.get(value.number) if value else None
    if value is None or need is None:
        return _note(say("need_list.gone", click.language, number=value.number if value else ""), click.language)
    origin = NeedValue(need.number, click.response_url)
    return need_form(need, origin, core.company().default_zone, click.language)


@dataclass(frozen=True)
class NeedForm:
    """What is decided about a need, and why."""

    desk: Desk

    def take(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Write the decision down, then acknowledge with what it came to."""
        person_id = person_of(body)
        check_form(self.desk.core, person_id, CallbackId.NEED_FORM)
        language, origin = self.desk.language(person_id), NeedValue.decode(metadata_of(body))
        choice, why = picked_in(body, InputId.NEED_DECISION), typed_in(body, InputId.NEED_WHY)
        if origin is None:
            ack(response_action="update", view=forms.failed_note(say("click.old", language), language))
            return
        verdict = needs.decide(self.desk.core, person_id, origin.number, choice, why)
        if verdict in (NeedVerdict.NO_WHY, NeedVerdict.NO_SUCH):
            field = InputId.NEED_WHY if verdict is NeedVerdict.NO_WHY else InputId.NEED_DECISION
            ack(response_action="errors", errors={field.value: text(f"need_form.{verdict}", language)})
            return
        answer = decided_answer(verdict, str(origin.number), choice, language)
        ack(response_action="update", view=_note(Safe(answer.text), language))
        context["is_done"] = verdict is NeedVerdict.DONE

    def show(self, body: Payload, context: BoltContext) -> None:
        """Draw the list anew where the form was opened from."""
        origin = NeedValue.decode(metadata_of(body))
        if not context.get("is_done") or origin is None:
            return
        person_id = person_of(body)
        fresh = _list(self.desk.core, person_id, self.desk.language(person_id))
        self.desk.replace(origin.response_url, fresh.text, fresh.blocks)


def register(app: App, desk: Desk) -> None:
    """Listen to the form; before the listener of all other forms, which only acknowledges."""
    form = NeedForm(desk)
    app.view(CallbackId.NEED_FORM.value)(ack=form.take, lazy=[guarded(desk, form.show)])


def _list(core: Core, person_id: str, language: str) -> Answer:
    return needs_answer(needs.needs(core, person_id), core.company().default_zone, language)


def _note(said: Safe, language: str) -> View:
    return forms.note(text("need_form.title", language), [section(said)], language)


NEED_BUTTONS: Final[Mapping[ActionId, Button]] = {ActionId.NEED_DECIDE: Button(open=open_form)}
