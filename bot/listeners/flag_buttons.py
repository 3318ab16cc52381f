"""Buttons of flags: this module opens their forms, makes the moves, and shows the list or card as it stands then."""

from collections.abc import Callable, Mapping
from typing import Final

from slack_sdk.models.views import View

from bot.blocks import forms
from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, line_answer
from bot.blocks.flag_forms import assign_form, dismiss_form, play_form
from bot.blocks.flag_values import FlagOrigin, FlagValue, Shown
from bot.blocks.flags import barriers_answer, card_answer, history_blocks, outcome_answer
from bot.blocks.parts import Safe, say, section
from bot.listeners.answering import Desk
from bot.listeners.payloads import Click
from bot.listeners.pressing import Button, Pressed, Show
from bot.texts import text
from nudges.domain.barriers.flag_views import Act, FlagCard, FlagOutcome, FlagVerdict
from nudges.domain.measuring.views import Role
from nudges.services.barriers import flag_cards, flag_moves
from nudges.services.core import Core
from nudges.services.people import roles

Move = Callable[[Core, str, FlagValue], FlagOutcome]


def said_of(outcome: FlagOutcome, act: Act, language: str) -> Safe:
    """Return what a tap came to in a sentence."""
    is_done = outcome.verdict is FlagVerdict.DONE
    return say(f"flag.said.{act if is_done else outcome.verdict}", language)


def redraw(desk: Desk, outcome: FlagOutcome, said: Safe, *, click: Click, shown: Shown) -> None:
    """Show the list or the card anew where the tap came from; a message of ours stays, and the card comes below."""
    answer = fresh_answer(desk.core, outcome, said, person_id=click.person_id, shown=shown, language=click.language)
    if shown is Shown.NOTICE or not desk.replace(click.response_url, answer.text, answer.blocks):
        desk.tell(click.response_url, answer)


def fresh_answer(
    core: Core, outcome: FlagOutcome, said: Safe, *, person_id: str, shown: Shown, language: str
) -> Answer:
    """Return the list with what was said on top, or the card under it; the list is for whoever may ask for it."""
    if shown is Shown.LIST and roles.role_of(core, person_id) is not Role.EMPLOYEE:
        return barriers_answer(flag_cards.barriers(core, person_id), language, said=said)
    return outcome_answer(outcome, said, core.company().default_zone, language)


def moving(act: Act, move: Move) -> Show:
    """Return what makes a move and shows what it came to."""

    def show(desk: Desk, pressed: Pressed) -> None:
        click, value = pressed.click, FlagValue.decode(pressed.click.value)
        if value is None:
            desk.tell(click.response_url, line_answer("click.old", click.language))
            return
        outcome = move(desk.core, click.person_id, value)
        redraw(desk, outcome, said_of(outcome, act, click.language), click=click, shown=value.shown)

    return show


def show_card(desk: Desk, pressed: Pressed) -> None:
    """Show one flag, to whoever pressed the button of its message."""
    click, value = pressed.click, FlagValue.decode(pressed.click.value)
    found = flag_cards.card(desk.core, click.person_id, value.flag_id) if value else None
    zone = desk.core.company().default_zone
    gone = line_answer("flag.said.gone", click.language)
    desk.tell(click.response_url, card_answer(found, zone, click.language) if found else gone)


def open_plays(core: Core, click: Click) -> View:
    """Return the plays to choose from."""
    value, card = _asked(core, click)
    if value is None or card is None or Act.START not in card.acts:
        return _late(card, click)
    plays = flag_cards.plays_shown(core, click.person_id, card.flag_id)
    if not plays:
        return _note(click, say("flag.play_none", click.language))
    return play_form(card, plays, FlagOrigin(value, click.response_url), click.language)


def open_reasons(core: Core, click: Click) -> View:
    """Return the reasons to choose from."""
    value, card = _asked(core, click)
    if value is None or card is None or Act.DISMISS not in card.acts:
        return _late(card, click)
    return dismiss_form(FlagOrigin(value, click.response_url), click.language)


def open_owners(core: Core, click: Click) -> View:
    """Return the question who looks after it from now on."""
    value, card = _asked(core, click)
    if value is None or card is None or Act.ASSIGN not in card.acts:
        return _late(card, click)
    return assign_form(FlagOrigin(value, click.response_url), click.language)


def open_history(core: Core, click: Click) -> View:
    """Return all that happened to a flag."""
    _, card = _asked(core, click)
    if card is None:
        return _late(card, click)
    blocks = history_blocks(card, core.company().default_zone, click.language)
    return forms.note(text("flag.history_title", click.language), blocks, click.language)


def _asked(core: Core, click: Click) -> tuple[FlagValue | None, FlagCard | None]:
    value = FlagValue.decode(click.value)
    return value, flag_cards.card(core, click.person_id, value.flag_id) if value else None


def _late(card: FlagCard | None, click: Click) -> View:
    """Return why the form does not open: there is no such flag for them, or it stands elsewhere now."""
    return _note(click, say("flag.said.gone" if card is None else "flag.said.moved", click.language))


def _note(click: Click, said: Safe) -> View:
    return forms.note(text("flag.done_title", click.language), [section(said)], click.language)


_MOVES: Mapping[Act, Move] = {
    Act.TAKE: lambda core, who, at: flag_moves.acknowledge(core, who, at.flag_id),
    Act.STEP: lambda core, who, at: flag_moves.step_done(core, who, at.flag_id, at.number),
    Act.OVER: lambda core, who, at: flag_moves.agree_over(core, who, at.flag_id),
    Act.NOT_OVER: lambda core, who, at: flag_moves.not_over(core, who, at.flag_id),
}
FLAG_BUTTONS: Final[Mapping[ActionId, Button]] = {
    ActionId.FLAG_SHOW: Button(show=show_card),
    ActionId.FLAG_TAKE: Button(show=moving(Act.TAKE, _MOVES[Act.TAKE])),
    ActionId.FLAG_STEP: Button(show=moving(Act.STEP, _MOVES[Act.STEP])),
    ActionId.FLAG_OVER: Button(show=moving(Act.OVER, _MOVES[Act.OVER])),
    ActionId.FLAG_NOT_OVER: Button(show=moving(Act.NOT_OVER, _MOVES[Act.NOT_OVER])),
    ActionId.FLAG_START: Button(open=open_plays),
    ActionId.FLAG_DISMISS: Button(open=open_reasons),
    ActionId.FLAG_ASSIGN: Button(open=open_owners),
    ActionId.FLAG_HISTORY: Button(open=open_history),
}
