"""How much tools are used: this module is `usage import`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from bot.cli.console import app, could_not_run, say
from bot.cli.cores import WORKSPACE, workspace_core
from bot.settings import read_settings
from nudges.services.people.import_usage import UsageReport, import_usage

group = typer.Typer(help="Read from a file how often people use a tool.", no_args_is_help=True)
app.add_typer(group, name="usage")


# A group with a single command would become that command; this keeps the two words `usage import`.
@group.callback()
def usage() -> None:
    """Read from a file how often people use a tool."""


@group.command("import")
def import_(
    file: Path = typer.Argument(..., help="CSV with a header: week, slack_id (or email), active_days, and maybe tool."),
    workspace: str = WORKSPACE,
) -> None:
    """Take over weeks of usage, for rules such as `used`; a file with a fault is refused whole.

    The same file twice changes nothing; a week that is given again is replaced.
    """
    text = _read(file)
    core = workspace_core(read_settings(), workspace)
    with _progress() as tell:
        report = import_usage(core, text, tell)
    for line in _lines(report):
        say(line)


def _lines(report: UsageReport) -> Iterator[str]:
    span = f" from {report.first_on} to {report.last_on}" if report.first_on else ""
    tools = f" Tools: {', '.join(report.tools)}." if report.tools else ""
    yield f"{report.rows} weeks of {report.people} people imported{span}.{tools}"
    if report.strangers:
        yield f"{report.strangers} people are not in Slack's list and were left out; see `nudger people sync`."
    if report.too_old:
        yield f"{report.too_old} rows are older than usage is kept (180 days) and were left out."


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, and nothing in a pipe."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from bot.cli.screen import err

    columns = (TextColumn("storing"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("storing", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        could_not_run(f"{file} cannot be read: {error.strerror}. Give the path of a CSV file with a header.")
    except UnicodeDecodeError:
        could_not_run(f"{file} is not UTF-8 text. Save it as CSV UTF-8 and import it again.")
