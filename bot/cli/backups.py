"""Copies that one can go back to: this module is `backup`, `restore` and `hold`."""

from collections.abc import Iterator
from pathlib import Path

import typer

from bot.bootstrap import Installation, core_on, make_clock, secret_key
from bot.cli.console import app, could_not_run, say
from bot.cli.cores import every_core
from bot.settings import Settings, read_settings
from nudges.errors import StorageError
from nudges.services.core import Core
from nudges.services.delivery.steer import hold_workspace
from nudges.services.keeping.back_up import back_up
from nudges.services.keeping.identity import COPIED
from nudges.services.keeping.restore import Restored
from nudges.services.keeping.restore import restore as put_back
from nudges.store.engine import Database
from nudges.store.process_lock import lock_database

ON_POSTGRESQL = (
    "On PostgreSQL use pg_dump, and pg_restore to go back, with Nudger stopped: the restored database starts held and "
    "sends nothing until `nudger resume`. After a copy of the server's disk run `nudger hold` before anything is "
    "started."
)


@app.command()
def backup(file: Path = typer.Argument(..., help="The file to write; it must not exist yet.")) -> None:
    """Copy the database into one file, also while Nudger runs."""
    settings = read_settings()
    made = back_up(_sqlite_file(settings), file)
    shape = made.revision or "none yet"
    say(f"Backed up to {file}: {made.size / 1_000_000:.1f} MB, shape {shape}, complete, readable by you alone.")
    where = settings.key_path if not settings.nudger_secret_key.get_secret_value() else "NUDGER_SECRET_KEY"
    say(f"The secret key is not in it, and without it the backup is of no use: keep a copy of {where} elsewhere.")


@app.command()
def restore(
    file: Path = typer.Argument(..., help="A file that `nudger backup` wrote."),
    present_is_lost: bool = typer.Option(
        False, "--present-is-lost", help="Go on although the present database cannot be read."
    ),
) -> None:
    """Put a backup in the database's place; it starts held."""
    settings = read_settings()
    path = _sqlite_file(settings)
    key, clock = _key(settings), make_clock(settings)

    def on(database: Database, workspace_id: str) -> Core:
        installation = Installation(workspace_id, "", "", "", "", "")
        return core_on(settings, installation, database=database, key=key, clock=clock)

    with lock_database(path):
        done = put_back(path, file, key=key, clock=clock, core_on=on, is_present_lost=present_is_lost)
    for line in _told(done, path, file):
        say(line)


@app.command()
def hold() -> None:
    """Send nothing until `nudger resume`.

    For a database that was copied or restored by other means, before it is run.
    """
    for core in every_core(read_settings()):
        hold_workspace(core, COPIED)
    say("Held: nothing is sent until `nudger resume`.")


def _sqlite_file(settings: Settings) -> Path:
    if settings.sqlite_path is None:
        could_not_run(ON_POSTGRESQL)
    return settings.sqlite_path


def _key(settings: Settings) -> bytes:
    """Return the key that is there; a new one would fit no backup."""
    is_given = bool(settings.nudger_secret_key.get_secret_value())
    if not is_given and settings.key_path is not None and not settings.key_path.exists():
        hint = "Put it back from where you keep it, or set NUDGER_SECRET_KEY, then restore again."
        raise StorageError(f"The secret key {settings.key_path} is not there, so nothing was changed.", hint=hint)
    return secret_key(settings)


def _told(done: Restored, path: Path, file: Path) -> Iterator[str]:
    """Say what happened and what to do next."""
    yield f"{path} is now what was backed up in {file}."
    if done.kept is not None:
        yield f"The database that was there until now is kept as {done.kept}; delete it when you no longer need it."
    if done.was_readable:
        yield (
            f"Carried over from it, because the backup cannot know: {done.sent} deliveries that were sent since, the "
            f"wishes of {done.wishes} people (stop, pause), and {done.forgotten} people of the backup were erased "
            "again because they have asked to be forgotten. Answers given since the backup are only in the kept file."
        )
    else:
        why = "It could not be read" if done.kept is not None else "There was none before"
        yield f"{why}, so what was sent since the backup is unknown and may be sent once more: look before you resume."
        yield from _told_of_forgotten(done, path)
    yield "It is HELD: it sends nothing. Next: `nudger run`, look at `nudger status`, then `nudger resume`."


def _told_of_forgotten(done: Restored, path: Path) -> Iterator[str]:
    """Say who stays forgotten where there is no newer database to ask."""
    if done.has_list:
        yield f"{path.name}.forgotten says who asked to be forgotten: {done.forgotten} people were erased again."
    else:
        yield (
            f"There is no {path.name}.forgotten that says who asked to be forgotten since the backup: put it back from "
            "the old disk and run `nudger forgotten apply FILE`, or run `nudger forget` for each of them again."
        )
