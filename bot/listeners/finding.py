"""Questions answered from the playbooks: this module takes them by command, in the conversation, and about a message.

Whatever was asked is looked up and let go: it is not stored, not logged, and no answer repeats it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext

from bot.blocks.actions import ActionId, CallbackId
from bot.blocks.answers import Answer, line_answer
from bot.blocks.answers_find import AskedBy, found_answer, more_answer, shown_answer
from bot.blocks.find_values import FoundValue
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.failing import guarded
from bot.listeners.payloads import Click, Payload, asked_about_of
from bot.listeners.pressing import GONE, Button, Pressed
from nudges.domain.find.questions import asked_for, may_ask, tells_what_is_in_the_way
from nudges.domain.measuring.views import Outcome, Verdict
from nudges.services.core import Core
from nudges.services.own.find_nudges import find_nudges, further, show_found
from nudges.services.own.saved_nudges import save_found


@dataclass(frozen=True)
class Finding:
    """The listener of "Is there a better way?"."""

    desk: Desk

    def take(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Acknowledge; looking up comes after."""
        check_form(self.desk.core, asked_about_of(body).person_id, CallbackId.BETTER_WAY)
        context["is_done"] = True
        ack()

    def answer(self, body: Payload, context: BoltContext) -> None:
        """Answer where only the person who asked sees it, whoever wrote the message."""
        if not context.get("is_done"):
            return
        asked = asked_about_of(body)
        found = find_nudges(self.desk.core, asked.person_id, asked.text)
        language = self.desk.language(asked.person_id)
        self.desk.tell(asked.response_url, found_answer(found, AskedBy.SHORTCUT, language))


def register(app: App, desk: Desk) -> None:
    """Listen to the shortcut in a message's menu."""
    finding = Finding(desk)
    app.message_shortcut(CallbackId.BETTER_WAY.value)(ack=finding.take, lazy=[guarded(desk, finding.answer)])


def asked_by_command(core: Core, person_id: str, words: str, language: str) -> Answer:
    """Return what `/nudge find <words>` answers."""
    return found_answer(find_nudges(core, person_id, words), AskedBy.COMMAND, language)


def asked_by_typing(core: Core, person_id: str, text: str, language: str) -> Answer | None:
    """Return the answer to a question typed in the conversation; None for what is somebody's own word.

    `find ...` is always a question. Any other text is one only if it reads as one and a nudge surely answers it.
    """
    words = asked_for(text)
    if not words and not may_ask(text):
        return None
    found = find_nudges(core, person_id, words or text)
    if not words and (not found.is_sure or tells_what_is_in_the_way(text, language)):
        return None
    return found_answer(found, AskedBy.TYPED, language)


def show_nudge(desk: Desk, pressed: Pressed) -> None:
    """Show the nudge that a result stands for."""
    click, value = pressed.click, FoundValue.decode(pressed.click.value)
    said = line_answer("click.old", click.language)
    if value is not None:
        found = show_found(desk.core, click.person_id, value.refs[0])
        said = shown_answer(found, click.language, ref=value.refs[0])
    desk.tell(click.response_url, said)


def save_nudge(core: Core, click: Click) -> Outcome:
    """Keep the nudge that was shown."""
    value = FoundValue.decode(click.value)
    is_kept = value is not None and save_found(core, click.person_id, value.refs[0])
    return Outcome(Verdict.RECORDED) if is_kept else GONE


def show_saved(desk: Desk, pressed: Pressed) -> None:
    """Say where it waits, or that it is not there any more."""
    click, key = pressed.click, "find.gone" if pressed.outcome in (None, GONE) else "message.saved"
    desk.tell(click.response_url, line_answer(key, click.language))


def show_more(desk: Desk, pressed: Pressed) -> None:
    """Show the results that follow the first ones."""
    click, value = pressed.click, FoundValue.decode(pressed.click.value)
    said = line_answer("click.old", click.language)
    if value is not None:
        said = more_answer(further(desk.core, click.person_id, value.refs), click.language)
    desk.tell(click.response_url, said)


FIND_BUTTONS: Mapping[ActionId, Button] = {
    ActionId.FIND_SHOW: Button(show=show_nudge),
    ActionId.FIND_MORE: Button(show=show_more),
    ActionId.FIND_SAVE: Button(change=save_nudge, show=show_saved),
    ActionId.FIND_OPEN: Button(),  # a link; Slack tells us all the same
}
