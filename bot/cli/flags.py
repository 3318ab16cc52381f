"""Flags in the terminal: this module is `barriers list` and `barriers show`, through the same gate as Slack's cards."""

from collections.abc import Iterator
from dataclasses import asdict

import typer

from bot.blocks.flag_words import helped_key, kind_in_words
from bot.cli.barriers import group
from bot.cli.console import Format, could_not_run, say, say_json
from bot.cli.cores import WORKSPACE, make_core
from bot.texts import has_text, text
from nudges.domain.barriers.flag_life import Move
from nudges.domain.barriers.flag_views import BarriersView, FlagCard, HistoryLine, StepView
from nudges.services.barriers import flag_cards

CLI = "command line"
NOBODY = "nobody yet"


@group.command("list")
def list_flags(format: Format = typer.Option(Format.TEXT, help="text or json"), workspace: str = WORKSPACE) -> None:
    """Show the open flags: which group, what, how sure, whose, and what comes next.

    Only what /nudge barriers may show, in bands. The look is noted in the audit.
    """
    found = flag_cards.barriers(make_core(workspace), CLI)
    if format == Format.JSON:
        say_json(asdict(found))
    else:
        say("\n".join(lines_of_list(found)))


@group.command("show")
def show_flag(
    number: int = typer.Argument(..., help="The flag's number, as `nudger barriers list` tells it."),
    format: Format = typer.Option(Format.TEXT, help="text or json"),
    workspace: str = WORKSPACE,
) -> None:
    """Show one flag with its steps and its history, whatever became of it."""
    found = flag_cards.card(make_core(workspace), CLI, number)
    if found is None:
        could_not_run(f"There is no flag {number} that may be shown. `nudger barriers list` lists the open ones.")
    if format == Format.JSON:
        say_json(asdict(found))
    else:
        say("\n".join(lines_of_flag(found)))


def lines_of_list(found: BarriersView) -> Iterator[str]:
    if not found.flags:
        yield text("barriers.none")
    for card in found.flags:
        yield _head(card)
        yield f"   {_next(card)}"
    yield text("barriers.rule", k=found.k)


def lines_of_flag(card: FlagCard) -> Iterator[str]:
    yield _head(card)
    yield f"Owner: {card.owner_id or NOBODY}. State: {card.state.replace('_', ' ')}. {_next(card)}"
    if card.play_title:
        yield f"Play: {card.play_title}, begun {card.started_on}. {card.measure}"
    if key := helped_key(card.effect):
        yield text(key).replace("*", "")
    yield from (_step(step) for step in card.steps)
    yield from (_line(line) for line in card.history)


def _head(card: FlagCard) -> str:
    how = f"{card.band} people said so" if card.band else "seen in what the group does"
    return f"{card.flag_id}  {card.scope_type} {card.scope_id}: {kind_in_words(card.kind)} ({card.grade}, {how})"


def _next(card: FlagCard) -> str:
    by = f" by {card.next.due_on}" if card.next.due_on else ""
    what = card.next.step.do if card.next.step else card.next.what.replace("_", " ")
    return f"Next: {what}{by}."


def _step(step: StepView) -> str:
    done = f"done {step.done_on}" if step.done_on else f"by {step.due_on}"
    return f"  {'x' if step.done_on else ' '} {step.number}. {step.do} ({step.by_id or NOBODY}, {done})"


def _line(line: HistoryLine) -> str:
    key = f"flag.effect.{line.detail.partition('_')[0]}" if line.what is Move.MEASURED else ""
    detail = text(key) if key and has_text(key) else line.detail
    what = text(f"flag.move.{line.what}", about=line.about_id, detail=detail)
    return f"  {line.at:%Y-%m-%d} {what}" + (f" ({line.actor_id})" if line.actor_id else "")
