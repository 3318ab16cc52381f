"""Running Nudger: this module is `run` and its parts, `migrate` and `resume`."""

import logging

import typer

from bot.bootstrap import open_store
from bot.cli.console import app, could_not_run, say
from bot.cli.cores import WORKSPACE, workspace_core
from bot.logs import set_up_logging
from bot.settings import Settings, read_settings
from bot.start import starting
from nudges.services.delivery.steer import ALL, release, resume_campaigns
from nudges.store.processes import Part

CLI = "command line"


@app.command()
def run() -> None:
    """Run everything in one process.

    Slack, the schedule and the web side; stop it with Ctrl-C.
    """
    set_up_logging(logging.INFO)
    with starting():
        from bot.runner import run_forever

    run_forever(read_settings(), say=say)


@app.command()
def web() -> None:
    """Run only the web side (PostgreSQL)."""
    settings = _scaled_out("web")
    from bot.runner import run_forever

    run_forever(settings, say=say, part=Part.WEB)


@app.command()
def worker() -> None:
    """Run only a worker (PostgreSQL)."""
    settings = _scaled_out("worker")
    from bot.work.processes import work_forever

    work_forever(settings, say=say)


@app.command()
def clock() -> None:
    """Run only the ticks (PostgreSQL)."""
    settings = _scaled_out("clock")
    from bot.work.processes import tick_forever

    tick_forever(settings, say=say)


@app.command()
def migrate() -> None:
    """Bring the database to its newest shape."""
    database, _ = open_store(read_settings())
    if not database.is_sqlite:
        from bot.work.queue import Queue

        Queue(database).bring_up()
    say(f"The database {database.writer.url.render_as_string(hide_password=True)} has the newest shape.")
    database.close()


@app.command()
def resume(
    name: str = typer.Argument(ALL, help="A campaign's name, or all; all also ends a hold."),
    workspace: str = WORKSPACE,
) -> None:
    """Let what is paused or held send again."""
    core = workspace_core(read_settings(), workspace)
    was_held = name == ALL and release(core, CLI)
    changed = resume_campaigns(core, CLI, name)
    if was_held:
        say("The hold is over: what is due is sent again, what has become too old is skipped.")
    if changed:
        say(f"Sending again: {', '.join(changed)}.")
    if not was_held and not changed:
        say("Nothing was paused or held.")


def _scaled_out(name: str) -> Settings:
    """Return the settings of one of several processes, its log set up; exit 2 on SQLite."""
    settings = read_settings()
    if settings.database_url.startswith("sqlite"):
        could_not_run(f"On SQLite one process does everything: use `nudger run` instead of `nudger {name}`.")
    set_up_logging(logging.INFO)
    return settings
