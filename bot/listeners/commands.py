"""`/nudge ...`: this module understands what was typed, checks who may, and answers where only that person sees it."""

from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext
from slack_sdk.models.views import View

from bot.blocks import forms
from bot.blocks.answers import Answer, line_answer
from bot.listeners.access import COMMANDS, check_command, is_allowed
from bot.listeners.answering import Desk
from bot.listeners.command_table import CHANGES, READINGS, Call
from bot.listeners.command_words import ALL_NAMES, Words, nearest, read
from bot.listeners.drafting import draft_form
from bot.listeners.failing import guarded
from bot.listeners.payloads import Asked, Payload, asked_of
from nudges.services.own.own_home import counted

COMMAND = "/nudge"
FORGET = "forget-me"
EDIT = "edit"


@dataclass(frozen=True)
class Commands:
    """The one slash command; changes are committed before the acknowledgement, readings are answered after it."""

    desk: Desk

    def commit(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Open the form or commit the change, then acknowledge; a change is answered with it."""
        asked = asked_of(body)
        words = read(asked.text)
        call = self._call(asked, words)
        if words.name not in COMMANDS:
            _answer(ack, _unknown(call, words))
            return
        check_command(self.desk.core, asked.person_id, words.name)
        if words.name in CHANGES:
            _answer(ack, CHANGES[words.name](call))
            return
        if words.name == FORGET:
            context.client.views_open(trigger_id=asked.trigger_id, view=_forget_form(call))
        if words.name == EDIT:
            view = draft_form(self.desk.core, asked.person_id, words.argument, call.language)
            context.client.views_open(trigger_id=asked.trigger_id, view=view)
        context["is_reading"] = words.name in READINGS
        ack()

    def answer(self, body: Payload, context: BoltContext) -> None:
        """Read and answer; the role is asked again, since this runs by itself."""
        if not context.get("is_reading"):
            return
        asked = asked_of(body)
        words = read(asked.text)
        check_command(self.desk.core, asked.person_id, words.name)
        said = READINGS[words.name](self._call(asked, words))
        self.desk.tell(asked.response_url, said)

    def _call(self, asked: Asked, words: Words) -> Call:
        return Call(self.desk.core, asked.person_id, words.argument, self.desk.language(asked.person_id))


def register(app: App, desk: Desk) -> None:
    """Listen to the slash command."""
    commands = Commands(desk)
    app.command(COMMAND)(ack=commands.commit, lazy=[guarded(desk, commands.answer)])


def _forget_form(call: Call) -> View:
    return forms.forget_form(call.language, stored=counted(call.core, call.person_id))


def _answer(ack: Ack, said: Answer) -> None:
    ack(response_type="ephemeral", text=said.text, blocks=said.blocks)


def _unknown(call: Call, words: Words) -> Answer:
    mine = [name for name in ALL_NAMES if name == "resume" or is_allowed(call.core, call.person_id, COMMANDS[name])]
    near = nearest(words.name, mine)
    key = "command.unknown" if near else "command.unknown_plain"
    return line_answer(key, call.language, word=words.name[:40], nearest=near)
