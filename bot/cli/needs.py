"""Needs in the terminal: this module is `needs list`, `decide` and `export`, through the same gate as Slack."""

import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path

import typer

from bot.blocks.flag_words import kind_in_words
from bot.cli.console import Format, app, could_not_run, remark, say, say_json
from bot.cli.cores import WORKSPACE, make_core
from bot.settings import read_settings
from bot.texts import text
from nudges.domain.barriers.needs import Choice, NeedVerdict, NeedView
from nudges.services.barriers import needs as service
from nudges.services.barriers import needs_address as address_service


class Table(StrEnum):
    """In which form the list is given."""

    CSV = "csv"
    JSON = "json"


CLI = "command line"
group = typer.Typer(help="See what people lack, decide about it, and give the list to IT.", no_args_is_help=True)
app.add_typer(group, name="needs")


@group.command("list")
def list_needs(format: Format = typer.Option(Format.TEXT, help="text or json"), workspace: str = WORKSPACE) -> None:
    """Show what people lack to use a tool, in bands, with what was decided. The look is noted in the audit."""
    found = service.needs(make_core(workspace), CLI)
    if format == Format.JSON:
        say_json([asdict(one) for one in found])
        return
    say("\n".join(_line(one) for one in found) or text("need_list.none"))


@group.command()
def decide(
    number: int = typer.Argument(..., help="The need's number, as `nudger needs list` tells it."),
    decision: Choice = typer.Argument(..., help="adopt, defer or refuse"),
    why: str = typer.Option(..., "--why", help="The reason, for those who may see needs; it does not go to IT."),
    workspace: str = WORKSPACE,
) -> None:
    """Write down what was decided about a need; a later decision takes its place."""
    verdict = service.decide(make_core(workspace), CLI, number, decision.value, why)
    if verdict is NeedVerdict.NO_WHY:
        could_not_run("A decision says why: --why and the reason.")
    if verdict is not NeedVerdict.DONE:
        could_not_run(f"There is no need {number}. `nudger needs list` lists them.")
    say(f"Need {number}: {text(f'need_list.is_{decision.value}')}.")


@group.command()
def export(
    format: Table = typer.Option(Table.CSV, help="csv or json"),
    to: Path = typer.Option(None, help="Write to this file instead of the terminal."),
    workspace: str = WORKSPACE,
) -> None:
    """Give the list for IT: tools, kinds, bands and decisions; nobody's name and nobody's words."""
    found = service.needs(make_core(workspace), CLI)
    table = service.as_csv(found) if format == Table.CSV else service.as_json(found)
    if to is None:
        sys.stdout.write(table)  # as it is: the console would wrap and colour
        return
    try:
        to.write_text(table, encoding="utf-8", newline="")
    except OSError as error:
        could_not_run(f"{to} cannot be written ({error.strerror}); give another file with --to.")
    remark(f"{len(found)} needs written to {to}.")


@group.command()
def address(
    url: str = typer.Argument("", help="The https address at which IT takes the list; none shows what holds."),
    none: bool = typer.Option(False, "--none", help="Go back to NUDGER_NEEDS_URL, or to none."),
    workspace: str = WORKSPACE,
) -> None:
    """Name where this workspace's needs are posted when they change; whoever runs Nudger names it.

    The secret that is shown signs what is posted. Another address has another secret.
    """
    settings, core = read_settings(), make_core(workspace)
    if url or none:
        address_service.name_address(core, CLI, url, reaches_inward=settings.nudger_needs_inward == "yes")
    found = address_service.needs_address(core)
    if found.url:
        say(f"Needs of {core.workspace_id} are posted to {found.url}\nSecret: {found.secret}")
    elif core.needs_receiver is not None:
        say(f"Needs of {core.workspace_id} are posted to NUDGER_NEEDS_URL.")
    else:
        say(f"Needs of {core.workspace_id} are posted nowhere.")


def _line(need: NeedView) -> str:
    head = f"{need.number}  {kind_in_words(need.kind)} ({need.tool or text('need_list.no_tool')}, {need.band} people)"
    where = "; ".join(f"{one.type.value} {one.scope_id}" for one in need.where)
    decided = f"{text(f'need_list.is_{need.decision}')}: {need.why}" if need.decision else "undecided"
    return f"{head}: {decided}" + (f"\n   open flags: {where}" if where else "")
