"""Playbooks looked at: this module is `check`."""

from pathlib import Path

import typer

from bot.check_command import CheckFormat, exit_code, render_report
from bot.cli.console import app, say
from bot.cli.screen import out
from nudges.clock import system_clock
from nudges.domain.playbooks.company import Profile
from nudges.services.authoring.import_playbooks import check_paths


@app.command()
def check(
    paths: list[Path] = typer.Argument(None, help="Files or folders; by default the playbooks folder."),
    profile: Profile = typer.Option(Profile.DRAFT, help="How ripe the playbooks are meant to be."),
    format: CheckFormat = typer.Option(CheckFormat.TEXT, help="text to read, json for programs, sarif for editors."),
) -> None:
    """List every fault of playbooks, each with its line and the fix.

    `draft` lists what keeps a file from being used, and advice. `pilot` also wants a personal win for each segment and
    a pilot that something stops. `live` also wants a sponsor, a goal with an IT partner, remedies, a baseline, a
    fallback for each nudge, words for each picture, every promised language, and a start that is not past.

    Advice you have thought about is waived where it stands: `waive: {PB103: The sponsor signs in May}` on the playbook,
    on a nudge or in company.yaml. What is waived is listed at the end with its reason.

    What each code (PB012) means: docs/playbooks.md, Findings. Exit 0 when there are no faults (advice may remain),
    1 when there are some, 2 when something could not be looked at.
    """
    found = check_paths(paths or [_folder()], profile, today=system_clock().date())
    say(render_report(found, format=format.value, color=out.is_terminal))
    raise typer.Exit(exit_code(found))


def _folder() -> Path:
    from bot.settings import read_settings  # slow to load, and who names a file needs no settings

    return read_settings().nudger_playbooks
