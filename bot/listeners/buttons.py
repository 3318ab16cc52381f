"""What each button does: this module is the table of views it opens, changes it commits, and what is shown after."""

from collections.abc import Callable, Mapping

from slack_sdk.models.views import View

from bot.blocks.actions import ActionId, DeliveryValue
from bot.blocks.answers import Answer, line_answer
from bot.blocks.draft_values import AskValue
from bot.listeners import drafting, previewing, publishing
from bot.listeners.access import check_command
from bot.listeners.answering import Desk
from bot.listeners.attendance import CAME_BUTTONS
from bot.listeners.command_table import READINGS, Call
from bot.listeners.evidence_buttons import EVIDENCE_BUTTONS
from bot.listeners.finding import FIND_BUTTONS
from bot.listeners.flag_buttons import FLAG_BUTTONS
from bot.listeners.kind_buttons import KIND_BUTTONS
from bot.listeners.need_forms import NEED_BUTTONS
from bot.listeners.own_buttons import OWN_BUTTONS
from bot.listeners.payloads import Click
from bot.listeners.pressing import GONE, Button, Pressed, Show, redraw_message, redraw_nothing
from bot.listeners.quiz_clicks import QUIZ_BUTTONS
from bot.listeners.story_buttons import STORY_BUTTONS
from nudges.domain.delivery.responses import Feedback
from nudges.domain.measuring.views import Outcome
from nudges.services.answers import record_response
from nudges.services.core import Core


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


def know_it(core: Core, click: Click) -> Outcome:
    """Store that the person knows it, so that it does not come back."""
    value = DeliveryValue.decode(click.value)
    return record_response.record_known(core, click.person_id, value.delivery_id) if value else GONE


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
    **OWN_BUTTONS,
    **STORY_BUTTONS,
    **QUIZ_BUTTONS,
    **KIND_BUTTONS,
    **FIND_BUTTONS,
    **FLAG_BUTTONS,
    **NEED_BUTTONS,
    **EVIDENCE_BUTTONS,
    **CAME_BUTTONS,
    ActionId.MARK_USEFUL: Button(change=mark_useful, redraw=redraw_message),
    ActionId.MARK_NOT_FOR_ME: Button(change=mark_not_for_me, redraw=redraw_message),
    ActionId.KNOW_IT: Button(change=know_it, redraw=redraw_message),
    ActionId.TRY_IT: Button(change=try_it, redraw=redraw_nothing),
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
