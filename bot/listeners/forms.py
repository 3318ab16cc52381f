"""Forms: this module opens them from the shortcut and takes them in when they are sent."""

import re
from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.blocks import forms, heard
from bot.blocks.actions import CallbackId, InputId
from bot.blocks.parts import say
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.failing import guarded
from bot.listeners.home import show as show_home
from bot.listeners.payloads import BarrierReport, Payload, form_of, person_of, report_of
from bot.listeners.pressing import refusal
from bot.listeners.publishing import Declining
from bot.listeners.settings import Settings
from bot.texts import text
from nudges.domain.measuring.views import Verdict
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.answers import record_response
from nudges.services.barriers import ask_back
from nudges.services.keeping import forget_person
from nudges.services.keeping.clear_files import look_through


@dataclass(frozen=True)
class Forms:
    """The barrier form, and the question before a person is forgotten."""

    desk: Desk

    def open_barrier_form(self, ack: Ack, body: Payload, client: WebClient) -> None:
        """Open the form from the shortcut, where no nudge is meant."""
        person_id = person_of(body)
        check_form(self.desk.core, person_id, CallbackId.REPORT_SHORTCUT)
        view = forms.barrier_form(language=self.desk.language(person_id))
        client.views_open(trigger_id=str(body.get("trigger_id", "")), view=view)
        ack()

    def take_barrier(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Store the report, then acknowledge with thanks."""
        report = report_of(body)
        check_form(self.desk.core, report.person_id, CallbackId.BARRIER_FORM)
        language = self.desk.language(report.person_id)
        if report.is_odd:
            ack(response_action="update", view=forms.failed_note(say("click.gone", language), language))
        elif report.kind is None:
            self._take_words(ack, report, form_id=form_of(body), language=language)
        else:
            context["is_done"] = self._take_kind(ack, report, report.kind, form_id=form_of(body), language=language)

    def _take_kind(self, ack: Ack, report: BarrierReport, kind: BarrierKind, *, form_id: str, language: str) -> bool:
        """Store what was picked; ask back where the words sound like something else."""
        core = self.desk.core
        outcome = record_response.record_barrier(
            core, report.person_id, report.delivery_id, kind, report.words, form_id=form_id, language=language
        )
        refused = refusal(core, report.person_id, report.delivery_id, outcome)
        if refused:
            view = forms.failed_note(say(refused, language), language)
        elif outcome.ask is not None:
            view = heard.ask_back_note(outcome.ask, is_picked=True, language=language)
        else:
            view = heard.thanks_note(kind, is_again=outcome.verdict is Verdict.REPEATED, language=language)
        ack(response_action="update", view=view)
        return not refused

    def _take_words(self, ack: Ack, report: BarrierReport, *, form_id: str, language: str) -> None:
        """Ask back what the words sound like; where there is nothing to ask, the person picks for themselves."""
        ask = ask_back.take_words(
            *(self.desk.core, report.person_id, report.words),
            delivery_id=report.delivery_id,
            form_id=form_id,
            language=language,
        )
        if ask is None:
            ack(response_action="errors", errors={InputId.KIND.value: text("form.choose_one", language)})
        else:
            ack(response_action="update", view=heard.ask_back_note(ask, is_picked=False, language=language))

    def show_reported(self, body: Payload, context: BoltContext) -> None:
        """Show in the message that something was said; a form has no address of its own for that."""
        report = report_of(body)
        if context.get("is_done") and report.delivery_id:
            self.desk.redraw(report.person_id, report.delivery_id, written_in=report.written_in)

    def forget(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Erase the person who asked, then say so."""
        person_id = person_of(body)
        check_form(self.desk.core, person_id, CallbackId.FORGET_FORM)
        language = self.desk.language(person_id)  # before it is forgotten
        gone = forget_person.forget(self.desk.core, person_id)
        context["traces"] = gone.traces
        ack(response_action="update", view=forms.forgotten_note(language))

    def clear_away(self, body: Payload, context: BoltContext, client: WebClient) -> None:
        """See that nothing is left in the files, and draw Home anew, where what was stored is still shown."""
        if "traces" in context:
            look_through(self.desk.core, context["traces"])
            show_home(self.desk, client, person_of(body))


def register(app: App, desk: Desk) -> None:
    """Listen to the forms, and acknowledge those of earlier versions."""
    mine = Forms(desk)
    app.shortcut(CallbackId.REPORT_SHORTCUT.value)(mine.open_barrier_form)
    app.view(CallbackId.BARRIER_FORM.value)(ack=mine.take_barrier, lazy=[guarded(desk, mine.show_reported)])
    app.view(CallbackId.FORGET_FORM.value)(ack=mine.forget, lazy=[guarded(desk, mine.clear_away)])
    app.view(CallbackId.HOURS_FORM.value)(Settings(desk).take_hours)
    app.view(CallbackId.TOPICS_FORM.value)(Settings(desk).take_topics)
    app.view(CallbackId.DECLINE_FORM.value)(Declining(desk).take)
    app.view(re.compile(".*"))(_accept)
    app.view_closed(re.compile(".*"))(_accept)
    app.shortcut(re.compile(".*"))(_accept)


def _accept(ack: Ack) -> None:
    ack()
