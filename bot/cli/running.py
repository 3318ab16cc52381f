"""Running Nudger: this module is `run` and its parts, `migrate` and `resume`."""

import logging

import typer

from bot.bootstrap import build_core, known_installation, open_store
from bot.cli.console import app, could_not_run, say
from bot.logs import set_up_logging
from bot.runner import run_forever
from bot.settings import read_settings
from nudges.services.steer import ALL, release, resume_campaigns

CLI = "command line"


@app.command()
def run() -> None:
    """Run everything in one process.

    Slack, the schedule and the web side; stop it with Ctrl-C.
    """
    set_up_logging(logging.INFO)
    run_forever(read_settings(), say=say)


@app.command()
def web() -> None:
    """Run only the web side (PostgreSQL)."""
    _needs_postgres("web")


@app.command()
def worker() -> None:
    """Run only a worker (PostgreSQL)."""
    _needs_postgres("worker")


@app.command()
def clock() -> None:
    """Run only the ticks (PostgreSQL)."""
    _needs_postgres("clock")


@app.command()
def migrate() -> None:
    """Bring the database to its newest shape."""
    database, _ = open_store(read_settings())
    say(f"The database {database.writer.url.render_as_string(hide_password=True)} has the newest shape.")
    database.close()


@app.command()
def resume(name: str = typer.Argument(ALL, help="A campaign's name, or all; all also ends a hold.")) -> None:
    """Let what is paused or held send again."""
    settings = read_settings()
    core = build_core(settings, known_installation(settings))
    was_held = name == ALL and release(core, CLI)
    changed = resume_campaigns(core, CLI, name)
    if was_held:
        say("The hold is over: what is due is sent again, what has become too old is skipped.")
    if changed:
        say(f"Sending again: {', '.join(changed)}.")
    if not was_held and not changed:
        say("Nothing was paused or held.")


def _needs_postgres(name: str) -> None:
    if read_settings().database_url.startswith("sqlite"):
        could_not_run(f"On SQLite one process does everything: use `nudger run` instead of `nudger {name}`.")
    could_not_run(
        f"Several processes on PostgreSQL come with a later version: use `nudger run` instead of `nudger {name}`."
    )
