"""Playbooks from the terminal: this module is `check`, `plan`, `preview` and `publish`."""

import sys
from datetime import date
from pathlib import Path

import typer

from bot.bootstrap import build_core, known_installation
from bot.check_command import exit_code, render_report
from bot.cli.console import Format, app, could_not_run, out, say
from bot.cli.drafts import draft_text, preview_text
from bot.settings import read_settings
from nudges.services.core import Core
from nudges.services.import_playbooks import check_paths
from nudges.services.publish import draft
from nudges.services.publish import publish as publish_playbook
from nudges.services.publish import update as update_campaign

CLI = "command line"


@app.command()
def check(
    paths: list[Path] = typer.Argument(None, help="Files or folders; by default the playbooks folder."),
    format: Format = typer.Option(Format.TEXT, help="text or json"),
) -> None:
    """List every fault of playbooks.

    Each with file, line, column, the line itself and the fix. Exit 1 when there are faults, 2 when it could not run.
    """
    report = check_paths(paths or [read_settings().nudger_playbooks])
    say(render_report(report, format=format.value, color=out.is_terminal))
    raise typer.Exit(exit_code(report))


@app.command()
def plan(playbook: str = typer.Argument(..., help="The playbook's name.")) -> None:
    """Show who would get what and when.

    Nothing is stored or sent.
    """
    say(draft_text(draft(_core(), playbook)))


@app.command()
def preview(playbook: str = typer.Argument(...), nudge: str = typer.Argument(...)) -> None:
    """Show one nudge as a person reads it."""
    say(preview_text(read_settings().nudger_playbooks, playbook, nudge))


@app.command()
def publish(
    playbook: str = typer.Argument(..., help="The playbook's name; with --update the campaign's."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    starts_on: str = typer.Option("", help="First day, as 2027-01-11; by default the Monday after today."),
    update: bool = typer.Option(False, "--update", help="Give a running campaign the file's present text."),
) -> None:
    """Make a playbook a campaign that runs.

    Prints the plan, asks, and freezes the text; later edits reach it only by --update.
    """
    core = _core()
    if update:
        done = update_campaign(core, playbook, CLI)
        say(f"{done.name} now runs on version {done.version} for {done.audience} people.")
        return
    begins = _date(starts_on)
    say(draft_text(draft(core, playbook, starts_on=begins)))
    if not yes and not _is_wanted():
        raise typer.Exit(1)
    done = publish_playbook(core, playbook, CLI, starts_on=begins)
    say(f"Published {done.name} for {done.audience} people; it starts on {done.starts_on:%A %d %B %Y}.")


def _is_wanted() -> bool:
    if not sys.stdin.isatty():
        could_not_run("Nothing was published, because nobody could be asked. Add --yes to publish without a question.")
    return typer.confirm("Publish?")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        could_not_run(f"{text} is not a date; write it as 2027-01-11.")


def _core() -> Core:
    settings = read_settings()
    if not settings.nudger_playbooks.is_dir():
        could_not_run(
            f"There is no folder {settings.nudger_playbooks}. Set NUDGER_PLAYBOOKS to where the playbooks are."
        )
    return build_core(settings, known_installation(settings))
