"""Asking back: this module is "sounds like ...: right?" with its three buttons, and what is said to each answer."""

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.views import View

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, answer
from bot.blocks.evidence_values import HeardValue
from bot.blocks.forms import note
from bot.blocks.parts import Safe, button, context, lines, say, section
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.barriers.evidence import AskAnswer, AskBack
from nudges.domain.barriers.flags import SENSITIVE
from nudges.domain.playbooks.playbook import BarrierKind

BUTTONS = {
    AskAnswer.RIGHT: ActionId.HEARD_RIGHT,
    AskAnswer.SOMETHING_ELSE: ActionId.HEARD_OTHER,
    AskAnswer.BETWEEN_US: ActionId.HEARD_BETWEEN_US,
}


def ask_back_answer(ask: AskBack, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return the question back to something typed in the conversation."""
    return answer(ask_back_blocks(ask, "heard.sounds", language))


def ask_back_note(ask: AskBack, *, is_picked: bool, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the question back to the words of a form; where something was picked too, the thanks for that first."""
    thanks = [section(thanks_words(None, language))] if is_picked else []
    key = "heard.also" if is_picked else "heard.sounds"
    return note(text("form.thanks_title", language), [*thanks, *ask_back_blocks(ask, key, language)], language)


def ask_back_blocks(ask: AskBack, key: str, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return the question, its buttons, and what each of them does with the words."""
    value = HeardValue(ask.ask_id).encode()
    buttons = [
        button(text(f"heard.{said}", language), action, value=value, style="primary" if said == "right" else None)
        for said, action in BUTTONS.items()
    ]
    return [
        section(say(key, language, kind=text(f"barrier.{ask.kind}", language))),
        ActionsBlock(block_id=f"heard.{ask.ask_id}", elements=buttons),
        context(lines([say("heard.counts", language), manager_line(ask.kind, language)])),
    ]


def thanks_note(kind: BarrierKind | None, *, is_again: bool = False, language: str = DEFAULT_LANGUAGE) -> View:
    """Return what is shown once the form is sent."""
    said = say("form.again", language) if is_again else thanks_words(kind, language)
    return note(text("form.thanks_title", language), [section(said)], language)


def offer_answer(language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return the line for words that sound so, where nobody is asked: the list is one tap away."""
    tell = button(text("home.barrier", language), ActionId.REPORT_BARRIER)
    said = lines([say("reply.kept", language), say("heard.offer", language)], "\n\n")
    return answer([section(said), ActionsBlock(block_id="heard.offer", elements=[tell])])


def answered(said: AskAnswer, kind: BarrierKind | None, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return what is said to an answer; without a kind it came too late to change anything."""
    if kind is None:
        return [section(say("heard.late", language))]
    if said is AskAnswer.RIGHT:
        return [section(thanks_words(kind, language))]
    if said is AskAnswer.BETWEEN_US:
        return [section(say("heard.erased", language))]
    choose = button(text("heard.choose", language), ActionId.REPORT_BARRIER)
    return [section(say("heard.forgotten", language)), ActionsBlock(block_id="heard.choose", elements=[choose])]


def thanks_words(kind: BarrierKind | None, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return the thanks: what becomes of it, who never hears of it, and how to take it back."""
    said = [say("form.thanks", language), say("form.thanks_next", language), manager_line(kind, language)]
    return lines([*said, say("form.take_back", language)], "\n\n")


def manager_line(kind: BarrierKind | None, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return that the manager is not told, for the kinds where that is what people worry about most."""
    return say("heard.sensitive", language) if kind in SENSITIVE else Safe("")
