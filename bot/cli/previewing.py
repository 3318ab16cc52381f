"""A nudge as a person reads it: this module is `preview`."""

import typer

from bot.cli.console import app, say
from bot.cli.drafts import preview_text
from bot.settings import read_settings


@app.command()
def preview(playbook: str = typer.Argument(...), nudge: str = typer.Argument(...)) -> None:
    """Show one nudge as a person reads it."""
    say(preview_text(read_settings().nudger_playbooks, playbook, nudge))
