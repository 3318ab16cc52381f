"""Forms of flags: this module takes in which play, reason or owner, and shows the card as it stands then."""

from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext

from bot.blocks import forms
from bot.blocks.actions import CallbackId, InputId
from bot.blocks.flag_values import FlagOrigin, Shown
from bot.blocks.flags import outcome_answer
from bot.blocks.parts import say, section
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.failing import guarded
from bot.listeners.flag_buttons import fresh_answer, said_of
from bot.listeners.payloads import Payload, metadata_of, person_of, picked_in, user_in
from bot.texts import text
from nudges.domain.barriers.flag_views import Act, FlagOutcome, FlagVerdict
from nudges.services.barriers import flag_moves
from nudges.services.core import Core

Move = Callable[[Core, str, int, str], FlagOutcome]


@dataclass(frozen=True)
class FlagForm:
    """One form: what is read from it, what it does, and what that is called."""

    desk: Desk
    callback: CallbackId
    field: InputId
    act: Act
    move: Move

    def take(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Make the move, then acknowledge with what it came to."""
        person_id = person_of(body)
        check_form(self.desk.core, person_id, self.callback)
        language = self.desk.language(person_id)
        origin = FlagOrigin.decode(metadata_of(body))
        chosen = user_in(body, self.field) if self.field is InputId.FLAG_OWNER else picked_in(body, self.field)
        if origin is None:
            ack(response_action="update", view=forms.failed_note(say("click.old", language), language))
            return
        if not chosen:
            ack(response_action="errors", errors={self.field.value: text("flag.choose_one", language)})
            return
        outcome = self.move(self.desk.core, person_id, origin.flag.flag_id, chosen)
        said = said_of(outcome, self.act, language)
        if outcome.verdict in (FlagVerdict.CANNOT_SEE, FlagVerdict.UNREACHABLE):
            ack(response_action="errors", errors={self.field.value: text(f"flag.said.{outcome.verdict}", language)})
            return
        ack(response_action="update", view=forms.note(text("flag.done_title", language), [section(said)], language))
        context["is_done"] = (outcome, said)

    def show(self, body: Payload, context: BoltContext) -> None:
        """Draw the list or the card anew where the form was opened from."""
        done, origin = context.get("is_done"), FlagOrigin.decode(metadata_of(body))
        if not done or origin is None:
            return
        person_id = person_of(body)
        outcome, said = done
        language, shown = self.desk.language(person_id), origin.flag.shown
        if shown is Shown.NOTICE:
            self.desk.tell(origin.response_url, outcome_answer(outcome, said, self._zone, language))
            return
        fresh = fresh_answer(self.desk.core, outcome, said, person_id=person_id, shown=shown, language=language)
        self.desk.replace(origin.response_url, fresh.text, fresh.blocks)

    @property
    def _zone(self) -> str:
        return self.desk.core.company().default_zone


def register(app: App, desk: Desk) -> None:
    """Listen to the three forms; before the listener of all other forms, which only acknowledges."""
    for form in (
        FlagForm(desk, CallbackId.FLAG_PLAY_FORM, InputId.FLAG_PLAY, Act.START, flag_moves.start_play),
        FlagForm(desk, CallbackId.FLAG_DISMISS_FORM, InputId.FLAG_REASON, Act.DISMISS, flag_moves.dismiss),
        FlagForm(desk, CallbackId.FLAG_ASSIGN_FORM, InputId.FLAG_OWNER, Act.ASSIGN, flag_moves.assign),
    ):
        app.view(form.callback.value)(ack=form.take, lazy=[guarded(desk, form.show)])
