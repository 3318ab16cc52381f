"""Playbooks set going: this module is `publish`."""

import sys
from datetime import date

import typer

from bot.cli.console import app, could_not_run, say
from bot.cli.cores import make_core
from bot.cli.drafts import draft_text
from nudges.services.draft_plan import draft
from nudges.services.publish import publish as publish_playbook
from nudges.services.publish import update as update_campaign

CLI = "command line"


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
    core = make_core()
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
