"""Publishing from Slack: this module is the commands, buttons and the form that start, agree to, mend and take back."""

from dataclasses import dataclass

from slack_bolt import Ack
from slack_sdk.models.views import View

from bot.blocks import answers_approval as approval
from bot.blocks import answers_changes as changes
from bot.blocks import forms
from bot.blocks.actions import CallbackId, InputId, PublishValue
from bot.blocks.answers import Answer, line_answer
from bot.blocks.answers_publish import draft_answer, published_answer, updated_answer
from bot.blocks.parts import say, section
from bot.blocks.publishing_values import ApprovalValue, ChangeValue
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.payloads import Click, Payload, metadata_of, person_of, typed_in
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.services.authoring import approve, draft_plan, publish, publishable, read_approvals
from nudges.services.core import Core
from nudges.services.delivery import order_changes


def show_draft(core: Core, name: str, language: str) -> Answer:
    """Return what publishing would do, with the button that does it; a second run is confirmed in words."""
    plan = draft_plan.draft(core, name)
    with core.db.reading() as session:
        runs_already = bool(publishable.twins(session, core, plan.playbook))
        edited = publishable.edited_twin(session, core, plan.playbook)
    return draft_answer(plan, language, is_again=runs_already, edited=edited)


def show_approval(core: Core, person_id: str, name: str, language: str) -> Answer:
    """Return what waits for a yes: everything, or one campaign's plan."""
    if not name:
        return approval.approvals_answer(read_approvals.waiting(core), language)
    view = read_approvals.waiting_for(core, name)
    if view is None:
        return line_answer("approve.nothing_for", language, name=name)
    return approval.approval_answer(view, language, is_own=view.asked_by == person_id)


def show_correction(core: Core, argument: str, language: str) -> Answer | None:
    """Return what correcting a nudge would change; None when campaign or nudge are not named."""
    name, _, nudge_key = argument.partition(" ")
    if not name or not nudge_key.strip():
        return None
    return changes.correction_answer(order_changes.preview_correction(core, name, nudge_key.strip()), language)


def show_recall(core: Core, argument: str, language: str) -> Answer | None:
    """Return what taking back would stop, delete and leave; None when no campaign is named."""
    name, _, nudge_key = argument.partition(" ")
    if not name:
        return None
    return changes.recall_answer(order_changes.preview_recall(core, name, nudge_key.strip()), language)


def publish_shown(desk: Desk, click: Click) -> Answer:
    """Publish what was shown, once: pressed again, the name that was shown is taken."""
    value, language = PublishValue.decode(click.value), click.language
    if value is None:
        return line_answer("click.old", language)
    with desk.lock(value.campaign):
        if value.is_update:
            return _updated(publish.update(desk.core, value.campaign, click.person_id), language)
        if draft_plan.draft(desk.core, value.playbook).name != value.campaign:
            return line_answer("publish.again", language, name=value.campaign)
        done = publish.publish(desk.core, value.playbook, click.person_id, is_again=value.is_again)
    if done.is_waiting:
        return _asked(done, language)
    return published_answer(
        title=done.title,
        name=done.name,
        starts_on=done.starts_on,
        audience=done.pilot if done.pilot is not None else done.audience,
        warnings=done.warnings,
        language=language,
    )


def approve_shown(core: Core, click: Click) -> Answer:
    """Agree to exactly what was shown."""
    value = ApprovalValue.decode(click.value)
    if value is None:
        return line_answer("click.old", click.language)
    done = approve.approve(core, value.approval_id, value.content_hash, click.person_id)
    return approval.approved_answer(
        title=done.title, name=done.campaign, kind=done.kind, starts_on=done.starts_on, language=click.language
    )


def decline_form(core: Core, click: Click) -> View | None:
    """Ask why not."""
    return approval.decline_form(click.value, click.language) if ApprovalValue.decode(click.value) else None


def correct_shown(core: Core, click: Click) -> Answer:
    """Order the correction that was shown."""
    value = ChangeValue.decode(click.value)
    if value is None or not value.nudge_key:
        return line_answer("click.old", click.language)
    done = order_changes.order_correction(core, value.campaign, value.nudge_key, click.person_id, version=value.version)
    return changes.ordered_answer("correct.ordered", done, click.language)


def recall_shown(core: Core, click: Click) -> Answer:
    """Order the recall that was shown."""
    value = ChangeValue.decode(click.value)
    if value is None:
        return line_answer("click.old", click.language)
    done = order_changes.order_recall(core, value.campaign, value.nudge_key, click.person_id)
    return changes.ordered_answer("recall.ordered", done, click.language)


def _updated(done: publish.PublishedCampaign, language: str) -> Answer:
    if done.is_waiting:
        return _asked(done, language)
    return updated_answer(title=done.title, name=done.name, warnings=done.warnings, language=language)


def _asked(done: publish.PublishedCampaign, language: str) -> Answer:
    return approval.asked_answer(
        title=done.title, name=done.name, asked=done.asked, warnings=done.warnings, language=language
    )


@dataclass(frozen=True)
class Declining:
    """The form in which somebody says why not."""

    desk: Desk

    def take(self, ack: Ack, body: Payload) -> None:
        """Store the no, tell the author why, and say so."""
        person_id, value = person_of(body), ApprovalValue.decode(metadata_of(body))
        check_form(self.desk.core, person_id, CallbackId.DECLINE_FORM)
        language = self.desk.language(person_id) or DEFAULT_LANGUAGE
        if value is None:
            ack(response_action="update", view=forms.failed_note(say("click.old", language), language))
            return
        approve.decline(self.desk.core, value.approval_id, person_id, typed_in(body, InputId.WHY))
        told = forms.note(
            text("approve.declined_title", language), [section(say("approve.declined", language))], language
        )
        ack(response_action="update", view=told)
