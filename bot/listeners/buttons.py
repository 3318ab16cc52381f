"""What each button does: this module is the table of views it opens, changes it commits, and what is shown after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.models.views import View

from bot.blocks import forms
from bot.blocks.actions import ActionId, AnswerValue, DaysValue, DeliveryValue
from bot.blocks.answers import Answer, line_answer
from bot.blocks.answers_data import my_data_blocks
from bot.blocks.answers_people import why_answer, why_blocks
from bot.blocks.draft_values import AskValue
from bot.listeners import drafting, home, previewing, publishing
from bot.listeners.access import check_command
from bot.listeners.answering import Desk
from bot.listeners.command_table import READINGS, Call
from bot.listeners.payloads import Click
from bot.texts import text
from nudges.domain.responses import Feedback
from nudges.domain.views import Outcome, Verdict
from nudges.services import glass_box, preferences, record_response
from nudges.services.core import Core

GONE = Outcome(Verdict.GONE)
REFUSALS = {Verdict.NOT_YOURS: "click.not_yours", Verdict.GONE: "click.gone"}

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


def barrier_form(core: Core, click: Click) -> View:
    """Return the form, about the nudge under which the button stands, if any."""
    delivery = DeliveryValue.decode(click.value)
    delivery_id = delivery.delivery_id if delivery else ""
    return forms.barrier_form(delivery_id, click.language, written_in=click.written_in)


def forget_form(core: Core, click: Click) -> View:
    """Return the question before anything is erased."""
    return forms.forget_form(click.language)


def my_data_note(core: Core, click: Click) -> View:
    """Return everything stored about the person who asks, and about nobody else."""
    blocks = my_data_blocks(glass_box.my_data(core, click.person_id), click.language)
    return forms.note(text("my_data.title", click.language), blocks, click.language)


def why_note(core: Core, click: Click) -> View | None:
    """Return why the person gets nudges; under a message the answer goes there instead."""
    if click.is_in_message:
        return None
    blocks = why_blocks(glass_box.why(core, click.person_id), click.language)
    return forms.note(text("why.header", click.language), blocks, click.language)


def answer_quiz(core: Core, click: Click) -> Outcome:
    """Store the choice."""
    value = AnswerValue.decode(click.value)
    if value is None:
        return GONE
    return record_response.record_answer(core, click.person_id, value.delivery_id, value.choice_key)


def mark_useful(core: Core, click: Click) -> Outcome:
    """Store that it was useful."""
    return _feedback(core, click, Feedback.USEFUL)


def mark_not_for_me(core: Core, click: Click) -> Outcome:
    """Store that it was not."""
    return _feedback(core, click, Feedback.NOT_FOR_ME)


def try_it(core: Core, click: Click) -> Outcome:
    """Store that the link was followed."""
    value = DeliveryValue.decode(click.value)
    return record_response.record_try_it(core, click.person_id, value.delivery_id) if value else GONE


def pause_me(core: Core, click: Click) -> None:
    """Store the pause; a value that we did not write pauses for the usual time."""
    value = DaysValue.decode(click.value)
    preferences.pause(core, click.person_id, value.days if value else preferences.DEFAULT_PAUSE_DAYS)


def stop_me(core: Core, click: Click) -> None:
    """Store the stop."""
    preferences.stop(core, click.person_id)


def start_me(core: Core, click: Click) -> None:
    """Store the new start."""
    preferences.start(core, click.person_id)


def show_message(desk: Desk, pressed: Pressed) -> None:
    """Show the nudge in its new state, or say kindly why nothing happened."""
    show_refusal(desk, pressed)
    click, message = pressed.click, pressed.outcome.message if pressed.outcome else None
    if message is not None:
        desk.redraw(click.person_id, message.delivery_id, click.response_url, written_in=click.written_in)


def show_refusal(desk: Desk, pressed: Pressed) -> None:
    """Say kindly why nothing happened; otherwise the message stays as it is."""
    if pressed.outcome is not None and pressed.outcome.verdict in REFUSALS:
        said = line_answer(REFUSALS[pressed.outcome.verdict], pressed.click.language)
        desk.tell(pressed.click.response_url, said)


def show_home(desk: Desk, pressed: Pressed) -> None:
    """Show the Home tab with the new settings."""
    home.show(desk, pressed.client, pressed.click.person_id)


def show_why(desk: Desk, pressed: Pressed) -> None:
    """Answer under the message."""
    if pressed.click.is_in_message:
        why = glass_box.why(desk.core, pressed.click.person_id)
        desk.tell(pressed.click.response_url, why_answer(why, pressed.click.language))


def replacing(work: Callable[[Core, Click], Answer]) -> Show:
    """Return what shows an answer instead of the message that was clicked, so that nothing is pressed twice."""

    def show(desk: Desk, pressed: Pressed) -> None:
        said = work(desk.core, pressed.click)
        desk.replace(pressed.click.response_url, said.text, said.blocks)

    return show


def show_published(desk: Desk, pressed: Pressed) -> None:
    """Publish what was shown; see there."""
    said = publishing.publish_shown(desk, pressed.click)
    desk.replace(pressed.click.response_url, said.text, said.blocks)


def show_dismissed(desk: Desk, pressed: Pressed) -> None:
    """Take the question away."""
    said = line_answer("click.dismissed", pressed.click.language)
    desk.replace(pressed.click.response_url, said.text, said.blocks)


def playbook_form(core: Core, click: Click) -> View:
    """Return the form with a playbook's text."""
    return drafting.draft_form(core, click.person_id, click.value, click.language)


def show_asked(desk: Desk, pressed: Pressed) -> None:
    """Answer a button that stands for a command, as if it had been typed."""
    click, asked = pressed.click, AskValue.decode(pressed.click.value)
    if asked is None:
        desk.tell(click.response_url, line_answer("click.old", click.language))
        return
    check_command(desk.core, click.person_id, asked.command)
    said = READINGS[asked.command](Call(desk.core, click.person_id, asked.playbook, click.language))
    desk.tell(click.response_url, said)


def show_preview_to_me(desk: Desk, pressed: Pressed) -> None:
    """Post the preview into the person's own conversation, and say so."""
    desk.tell(pressed.click.response_url, previewing.post_to_me(desk.core, pressed.click))


def show_preview_to_reviewers(desk: Desk, pressed: Pressed) -> None:
    """Post the preview into the reviewers' channel, and say so."""
    desk.tell(pressed.click.response_url, previewing.post_to_reviewers(desk.core, pressed.click))


BUTTONS: Mapping[ActionId, Button] = {
    ActionId.ANSWER_QUIZ: Button(change=answer_quiz, show=show_message),
    ActionId.MARK_USEFUL: Button(change=mark_useful, show=show_message),
    ActionId.MARK_NOT_FOR_ME: Button(change=mark_not_for_me, show=show_message),
    ActionId.TRY_IT: Button(change=try_it, show=show_refusal),
    ActionId.REPORT_BARRIER: Button(open=barrier_form),
    ActionId.WHY_ME: Button(open=why_note, show=show_why),
    ActionId.PAUSE_ME: Button(change=pause_me, show=show_home),
    ActionId.STOP_ME: Button(change=stop_me, show=show_home),
    ActionId.START_ME: Button(change=start_me, show=show_home),
    ActionId.MY_DATA: Button(open=my_data_note),
    ActionId.FORGET_ME: Button(open=forget_form),
    # Publishing may take longer than Slack waits, so it happens after the acknowledgement.
    ActionId.PUBLISH: Button(show=show_published),
    ActionId.APPROVE: Button(show=replacing(publishing.approve_shown)),
    ActionId.DECLINE: Button(open=publishing.decline_form),
    ActionId.CORRECT: Button(show=replacing(publishing.correct_shown)),
    ActionId.RECALL: Button(show=replacing(publishing.recall_shown)),
    ActionId.DISMISS: Button(show=show_dismissed),
    ActionId.ASK: Button(show=show_asked),
    ActionId.PREVIEW_TO_ME: Button(show=show_preview_to_me),
    ActionId.PREVIEW_TO_REVIEWERS: Button(show=show_preview_to_reviewers),
    ActionId.EDIT_PLAYBOOK: Button(open=playbook_form),
}


def _feedback(core: Core, click: Click, feedback: Feedback) -> Outcome:
    value = DeliveryValue.decode(click.value)
    return record_response.record_feedback(core, click.person_id, value.delivery_id, feedback) if value else GONE
