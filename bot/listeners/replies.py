"""What people type in the conversation: this module keeps it, acts on a few words, and gives one line back."""

import re
from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.blocks.answers import Answer
from bot.blocks.heard import ask_back_answer, offer_answer
from bot.blocks.parts import say
from bot.blocks.times import when
from bot.listeners import finding
from bot.listeners.answering import Desk
from bot.listeners.command_words import days_in, read
from bot.listeners.failing import guarded
from bot.listeners.payloads import Payload, Typed, typed_of
from nudges.domain.find.questions import asked_for
from nudges.domain.measuring.views import Wishes
from nudges.services.answers import record_response
from nudges.services.core import Core
from nudges.services.own import preferences

STOP, HELP = "stop", "help"
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Replies:
    """The listener of typed words."""

    desk: Desk

    def keep(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Act or store, then acknowledge; whatever Slack tells again counts once."""
        typed = typed_of(body)
        if typed is not None and asked_for(typed.text):
            # Surely a question: nothing of it is kept but that it came, so nobody waits for what is looked up.
            context["is_asked"] = record_response.see_question(self.desk.core, typed.event_id)
        elif typed is not None:
            core = self.desk.core
            is_stop = _NOT_LETTERS.sub("", typed.text).lower() == STOP
            if is_stop:
                # Before the event is noted as seen: doing it twice is harmless, losing it in a crash between is not.
                preferences.stop(core, typed.person_id)
            language = self.desk.language(typed.person_id)
            is_word = is_stop or _is_word(typed.text)
            found = None if is_word else finding.asked_by_typing(core, typed.person_id, typed.text, language)
            if found is not None:
                # A question is answered and let go: only that it came is noted, so that it is answered once.
                if record_response.see_question(core, typed.event_id):
                    _say(context, found)
                ack()
                return
            outcome = record_response.record_reply(core, typed.person_id, typed.event_id, typed.text, language)
            if outcome.sounds_so:
                told = ask_back_answer(outcome.ask, language) if outcome.ask else offer_answer(language)
                _say(context, told)
            elif outcome.is_new:
                context["line"] = _line(core, typed, STOP if is_stop else outcome.word, language)
        ack()

    def answer(self, body: Payload, context: BoltContext, client: WebClient) -> None:
        """Give one line back, or what answers a question, in the thread if they wrote in one."""
        typed = typed_of(body)
        if typed is not None and context.get("is_asked"):
            _look_up(self.desk, typed, context)
        line = context.get("line")
        if typed is None or not line:
            return
        client.chat_postMessage(
            channel=typed.channel_id,
            text=line,
            blocks=context.get("blocks"),
            thread_ts=typed.thread_ts or None,
            unfurl_links=False,
            unfurl_media=False,
        )


def register(app: App, desk: Desk) -> None:
    """Listen to messages; those that are not for us are acknowledged and left alone."""
    replies = Replies(desk)
    app.event("message")(ack=replies.keep, lazy=[guarded(desk, replies.answer)])


def _look_up(desk: Desk, typed: Typed, context: BoltContext) -> None:
    found = finding.asked_by_typing(desk.core, typed.person_id, typed.text, desk.language(typed.person_id))
    if found is not None:
        _say(context, found)


def _say(context: BoltContext, told: Answer) -> None:
    context["line"], context["blocks"] = told.text, [block.to_dict() for block in told.blocks]


def _is_word(text: str) -> bool:
    """Return whether it is one of the words that we act on, with or without a number of days."""
    words = read(text)
    return words.name in record_response.WORDS and (not words.argument or days_in(words.argument) is not None)


def _line(core: Core, typed: Typed, word: str, language: str) -> str:
    if word == STOP:
        return say("reply.stopped", language)
    if word == HELP:
        return say("reply.help", language)
    wishes = _changed_wishes(core, typed, word)
    if wishes is None:
        return say("reply.kept", language)
    if wishes.paused_until is None:
        return say("reply.started", language)
    return say("reply.paused", language, when=when(wishes.paused_until, wishes.zone, language))


def _changed_wishes(core: Core, typed: Typed, word: str) -> Wishes | None:
    """Act on `start`, `pause` and `pause 14`; None for all other words."""
    if word == "start":
        return preferences.start(core, typed.person_id)
    words = read(typed.text)
    days = days_in(words.argument) if words.name == "pause" else None
    if days is not None and 1 <= days <= preferences.LONGEST_PAUSE_DAYS:
        return preferences.pause(core, typed.person_id, days)
    return preferences.pause(core, typed.person_id) if word == "pause" else None
