"""Playbooks looked at: this module is `check`."""

from pathlib import Path

import typer

from bot.check_command import exit_code, render_report
from bot.cli.console import Format, app, out, say
from bot.settings import read_settings
from nudges.services.import_playbooks import check_paths


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
