"""The right to be forgotten: this module is `forget`, and the lists of `forgotten save` and `apply`."""

from pathlib import Path

import typer

from bot.cli.console import app, say
from bot.cli.cores import WORKSPACE, every_core, workspace_core
from bot.settings import read_settings
from nudges.errors import AlreadyRunning
from nudges.services.core import Core
from nudges.services.keeping.clear_files import clear_files, look_through
from nudges.services.keeping.forget_person import Forgotten
from nudges.services.keeping.forget_person import forget as forget_person
from nudges.services.keeping.tombstones import apply_list, read_list, save_list
from nudges.store.process_lock import lock_database

STAYS = (
    "What was sent stays in Slack, and what the company wrote into its own files stays there. Older backups hold the "
    "person until you delete them; `nudger restore` erases them from what it puts back."
)
LATER = "The Nudger that is running clears the database's files within a minute."
CLEARED = "Nothing is left in the database's files either."
VACUUMED = "The rows are vacuumed too; PostgreSQL's own log and base backups hold them until you let those go."

group = typer.Typer(help="Keep who asked to be forgotten, as keyed hashes.", no_args_is_help=True)
app.add_typer(group, name="forgotten")


@app.command()
def forget(person_id: str = typer.Argument(..., help="A Slack user id."), workspace: str = WORKSPACE) -> None:
    """Erase all that is stored about a person."""
    core = workspace_core(read_settings(), workspace)
    gone = forget_person(core, person_id)
    say(f"Erased: {gone.deliveries} deliveries, {gone.responses} responses, {gone.reports} reports.")
    cleared = CLEARED if core.db.is_sqlite else VACUUMED
    say(cleared if _clear(core, gone) else LATER)
    say(STAYS)


@group.command("save")
def save(file: Path = typer.Argument(..., help="The file to write; it must not exist yet.")) -> None:
    """Write who asked to be forgotten into a file, before a database is put back."""
    count = save_list(every_core(read_settings()), file)
    say(f"{count} people asked to be forgotten. {file} holds a keyed hash of each, of no use without the key.")


@group.command("apply")
def apply(file: Path = typer.Argument(..., help="What `forgotten save` wrote, or `<database>.forgotten`.")) -> None:
    """Erase everybody whom such a file names, after an older database was put back."""
    said = read_list(file)
    erased = 0
    for core in every_core(read_settings()):
        erased += apply_list(core, said)
        _clear(core)
    say(f"{len(said)} tombstones read; {erased} people had come back and are erased again.")


def _clear(core: Core, gone: Forgotten | None = None) -> bool:
    """Clear the files at once, unless another process works on the database and does it by itself."""
    path = core.db.sqlite_path
    if path is None:
        return clear_files(core) > 0
    try:
        with lock_database(path):
            return (gone is not None and look_through(core, gone.traces)) or clear_files(core) > 0
    except AlreadyRunning:
        return False
