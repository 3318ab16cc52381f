"""Who would get what: this module is `plan`."""

import typer

from bot.cli.console import app, say
from bot.cli.cores import make_core
from bot.cli.drafts import draft_text
from nudges.services.draft_plan import draft


@app.command()
def plan(playbook: str = typer.Argument(..., help="The playbook's name.")) -> None:
    """Show who would get what and when.

    Nothing is stored or sent.
    """
    say(draft_text(draft(make_core(), playbook)))
