"""Who there is: this module is `people sync` and `people import`."""

from pathlib import Path

import typer

from bot.cli.console import app, could_not_run, say
from bot.cli.cores import WORKSPACE, workspace_core
from bot.settings import read_settings
from nudges.services.people.sync_people import import_people, sync_people

group = typer.Typer(help="Read people from Slack and from a file.", no_args_is_help=True)
app.add_typer(group, name="people")


@group.command("sync")
def sync(workspace: str = WORKSPACE) -> None:
    """Read everybody from Slack, to the last page or not at all."""
    report = sync_people(workspace_core(read_settings(), workspace, asks_slack=True))
    say(f"{report.people} accounts read, {report.sendable} of them members who can be nudged.")
    for problem in report.problems:
        say(problem)


@group.command("import")
def import_(
    file: Path = typer.Argument(..., help="CSV with a header: slack_id (or email), department, place, country, ..."),
    workspace: str = WORKSPACE,
) -> None:
    """Join a people file to what Slack says; a file with a fault is refused whole."""
    text = _read(file)
    report = import_people(workspace_core(read_settings(), workspace), text)
    custom = f" Custom attributes: {', '.join(report.custom)}." if report.custom else ""
    say(f"{report.rows} people imported.{custom}")
    if report.unknown_ids:
        say(f"{report.unknown_ids} of them are not in Slack's list yet; `nudger people sync` reads it again.")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        could_not_run(f"{file} cannot be read: {error.strerror}. Give the path of a CSV file with a header.")
    except UnicodeDecodeError:
        could_not_run(f"{file} is not UTF-8 text. Save it as CSV UTF-8 and import it again.")
