"""Forms about flags: this module asks which play, why to let it go, and who looks after it from now on."""

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    Option,
    RadioButtonsElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.blocks.actions import CallbackId, InputId
from bot.blocks.flag_values import FlagOrigin
from bot.blocks.parts import Safe, context, lines, plain, say, section
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_life import Reason
from nudges.domain.barriers.flag_views import FlagCard, PlayView

_LONGEST_OPTION = 75
_PLAYS_SHOWN = 10  # as many as a choice may have


def play_form(
    card: FlagCard, plays: tuple[PlayView, ...], origin: FlagOrigin, language: str = DEFAULT_LANGUAGE
) -> View:
    """Return the plays to choose from, each with its steps and what begins by itself."""
    shown = plays[:_PLAYS_SHOWN]
    blocks: list[Block] = [section(_play(play, language)) for play in shown]
    if card.grade == Grade.EARLY:
        blocks.append(context(say("flag.play_early", language)))
    options = [(play.key, _title(play, language)) for play in shown]
    choice = _choice(InputId.FLAG_PLAY, text("flag.play_label", language), options)
    return _form(CallbackId.FLAG_PLAY_FORM, "play", origin, [*blocks, choice], language)


def dismiss_form(origin: FlagOrigin, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the reasons to choose from; there is no room for words about anybody."""
    options = [(reason.value, text(f"flag.reason.{reason}", language)) for reason in Reason]
    choice = _choice(InputId.FLAG_REASON, text("flag.dismiss_label", language), options)
    note = context(say("flag.dismiss_note", language))
    return _form(CallbackId.FLAG_DISMISS_FORM, "dismiss", origin, [choice, note], language)


def assign_form(origin: FlagOrigin, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the question who looks after it; whoever may not see it is refused when it is sent."""
    ask = InputBlock(
        block_id=InputId.FLAG_OWNER,
        label=plain(text("flag.assign_label", language)),
        element=UserSelectElement(action_id=InputId.FLAG_OWNER),
    )
    return _form(
        CallbackId.FLAG_ASSIGN_FORM, "assign", origin, [ask, context(say("flag.assign_note", language))], language
    )


def _form(callback: CallbackId, name: str, origin: FlagOrigin, blocks: list[Block], language: str) -> View:
    return View(
        type="modal",
        callback_id=callback,
        title=plain(text(f"flag.{name}_title", language), 24),
        submit=plain(text(f"flag.{name}_submit", language), 24),
        close=plain(text("form.cancel", language), 24),
        private_metadata=origin.encode(),
        blocks=blocks,
    )


def _choice(name: InputId, label: str, options: list[tuple[str, str]]) -> InputBlock:
    shown = [Option(text=plain(words, _LONGEST_OPTION), value=key) for key, words in options]
    return InputBlock(block_id=name, label=plain(label), element=RadioButtonsElement(action_id=name, options=shown))


def _title(play: PlayView, language: str) -> str:
    return play.title or text("flag.own_play", language)


def _play(play: PlayView, language: str) -> Safe:
    steps = lines([f"• {step}" for step in play.steps])
    told = [say("flag.play_steps", language, title=_title(play, language), steps=steps)]
    if play.sends_to:
        told.append(say(f"flag.play_{play.sends_to}", language))
    if play.eases_days:
        told.append(say("flag.play_eases", language, days=play.eases_days))
    if play.measure:
        told.append(say("flag.play_measure", language, measure=play.measure))
    return lines(told)
