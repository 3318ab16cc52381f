"""Playbooks written in Slack: this module opens the form, takes it in, and loses nothing that was typed."""

from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.models.views import View

from bot.blocks import draft_forms
from bot.blocks.actions import CallbackId
from bot.blocks.draft_forms import THEIRS, FieldName, Told
from bot.blocks.draft_values import DraftOrigin
from bot.blocks.forms import failed_note
from bot.blocks.parts import Safe, escape, lines, say
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.failing import guarded
from bot.listeners.payloads import Payload, person_of
from bot.texts import DEFAULT_LANGUAGE
from nudges.domain.checks.findings import Finding
from nudges.domain.editing.draft_pieces import joined
from nudges.errors import DraftNotSaved, NudgerError, PlaybookRefused
from nudges.services.authoring import draft_files
from nudges.services.authoring.draft_files import Changed, Checked, Saved
from nudges.services.core import Core

NEW = "new"


@dataclass(frozen=True)
class Sent:
    """The form as it was sent; `origin` is None when it is not one of ours."""

    person_id: str
    origin: DraftOrigin | None
    texts: tuple[str, ...]
    choice: str

    @property
    def text(self) -> str:
        """The whole playbook."""
        return joined(self.texts, self.origin.indents if self.origin else ())


def draft_form(core: Core, person_id: str, name: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the form with a playbook's text, or with a template; PlaybookRefused when that cannot be."""
    is_new = name.strip().lower() == NEW
    draft = draft_files.new_draft(core, person_id) if is_new else draft_files.open_draft(core, name.strip())
    return draft_forms.opening_form(draft.file, draft.version, draft.text, language)


def sent_of(body: Payload) -> Sent:
    """Return what the form says, its fields in their order."""
    view = body.get("view") or {}
    origin = DraftOrigin.decode(str(view.get("private_metadata") or ""))
    values = (view.get("state") or {}).get("values") or {}
    names = FieldName(origin.shown if origin else 0)
    count = sum(name.startswith(f"draft.{names.shown}.") and name != names.choice for name in values)
    texts = tuple(_typed(values, names.of(place)) for place in range(count))
    option = ((values.get(names.choice) or {}).get(names.choice) or {}).get("selected_option") or {}
    return Sent(person_of(body), origin, texts, str(option.get("value") or ""))


@dataclass(frozen=True)
class Drafts:
    """The listener of the form."""

    desk: Desk

    def take(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Check and save, then acknowledge with what was found or with what comes next."""
        sent = sent_of(body)
        check_form(self.desk.core, sent.person_id, CallbackId.PLAYBOOK_FORM)
        language = self.desk.language(sent.person_id)
        if sent.origin is None:
            ack(response_action="update", view=failed_note(say("click.gone", language), language))
            return
        try:
            self._save(ack, sent, sent.origin, context, language)
        except Changed as changed:
            told = Told(said=_said(changed), difference=draft_forms.difference(changed.theirs.text, sent.text))
            origin = DraftOrigin(changed.theirs.file, changed.theirs.version, sent.origin.indents, sent.origin.shown)
            ack(response_action="update", view=draft_forms.shown_again(sent.texts, origin, told, language))
        except DraftNotSaved as error:
            ack(response_action="update", view=draft_forms.kept_note(_said(error), sent.text, language))
        except PlaybookRefused as error:
            told = Told(said=_said(error))
            ack(response_action="update", view=draft_forms.shown_again(sent.texts, sent.origin, told, language))

    def show_next(self, body: Payload, context: BoltContext, client: WebClient) -> None:
        """Write to the author what can be done now; a form has no place for buttons that outlive it."""
        saved = context.get("saved")
        if not isinstance(saved, Saved):
            return
        self.desk.core.library.refresh()  # what the buttons lead to reads the text just saved
        person_id = person_of(body)
        said = draft_forms.saved_answer(saved, self.desk.language(person_id))
        client.chat_postMessage(
            channel=person_id,
            text=said.text,
            blocks=[block.to_dict() for block in said.blocks],
            unfurl_links=False,
            unfurl_media=False,
        )

    def _save(self, ack: Ack, sent: Sent, origin: DraftOrigin, context: BoltContext, language: str) -> None:
        core = self.desk.core
        if sent.choice == THEIRS:
            theirs = draft_files.read_draft(core, origin.file)
            view = draft_forms.opening_form(theirs.file, theirs.version, theirs.text, language)
            ack(response_action="update", view=view)
            return
        done = draft_files.save_draft(core, sent.person_id, file=origin.file, version=origin.version, text=sent.text)
        if isinstance(done, Checked):
            self._answer_findings(ack, sent, origin, done.findings, language)
            return
        ack(response_action="update", view=draft_forms.saved_note(done.title, done.file, language))
        context["saved"] = done

    def _answer_findings(
        self, ack: Ack, sent: Sent, origin: DraftOrigin, found: tuple[Finding, ...], language: str
    ) -> None:
        """A few faults stand under their fields; many, one without a field, or the next ones in a list above them."""
        errors = [finding for finding in found if finding.is_error]
        # Errors under fields leave what stands above them as it is: a list from before would name what is mended.
        few = None if origin.shown else draft_forms.field_errors(sent.texts, origin, errors, language)
        if few is not None:
            ack(response_action="errors", errors=few)
            return
        view = draft_forms.shown_again(sent.texts, origin, Told(found), language)
        if not draft_forms.fits(view):
            ack(response_action="errors", errors=draft_forms.first_errors(sent.texts, origin, errors, language))
            return
        ack(response_action="update", view=view)


def register(app: App, desk: Desk) -> None:
    """Listen to the form; before the listener of all other forms, which only acknowledges."""
    drafts = Drafts(desk)
    app.view(CallbackId.PLAYBOOK_FORM.value)(ack=drafts.take, lazy=[guarded(desk, drafts.show_next)])


def _typed(values: Payload, name: str) -> str:
    value = ((values.get(name) or {}).get(name) or {}).get("value")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _said(error: NudgerError) -> Safe:
    return lines([escape(error.message), escape(error.hint)], " ")
