"""A restore: this module puts a backup in the database's place, held, without forgetting who asked to be forgotten."""

import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from nudges.clock import Clock
from nudges.errors import StorageError, WrongKey
from nudges.services.core import Core
from nudges.services.keeping.clear_files import clear_files
from nudges.services.keeping.identity import COPIED, fingerprint
from nudges.services.keeping.tombstones import apply_list
from nudges.store import audit, carrying, instance
from nudges.store.engine import Database, open_database
from nudges.store.migrate import knows, upgrade
from nudges.store.tombstones import Tombstone, beside
from nudges.store.whole_copies import (
    Look,
    create_private,
    fill,
    finish,
    look_at,
    move_aside,
    remove,
    take_place,
    write_copy,
)

CoreOn = Callable[[Database, str], Core]  # a database and a workspace's id -> what services need


@dataclass(frozen=True)
class Restored:
    """What a restore has done."""

    workspaces: int
    kept: Path | None = None  # where the replaced database is now
    was_readable: bool = False  # whether the replaced database could be asked what happened since the backup
    forgotten: int = 0  # people of the backup who had asked to be forgotten
    has_list: bool = False  # whether the list beside the database said who had
    wishes: int = 0
    sent: int = 0


def restore(
    database: Path, backup: Path, *, key: bytes, clock: Clock, core_on: CoreOn, is_present_lost: bool = False
) -> Restored:
    """Put the backup in the database's place; the caller holds the lock. StorageError: nothing was changed.

    All is prepared in a file of its own, and one rename at the end decides: whatever is killed when, there is one
    good database in its place.
    """
    _must_fit(backup, key)
    was_readable = _is_readable(database, is_present_lost=is_present_lost)
    kept = _free_name(database, clock()) if database.exists() else None
    staged = database.with_name(f"{database.name}.restoring")
    for unfinished in (staged, *database.parent.glob(f"{database.name}.before-restore-*.partial")):
        remove(unfinished)  # what a restore that was killed has left
    try:
        create_private(staged)
        fill(backup, staged)
        if kept is not None and was_readable:
            write_copy(database, kept)
        said = beside(database).read()
        restored = _prepare(staged, kept if was_readable else None, core_on, said.values())
        finish(staged)
        if kept is not None and not was_readable:
            move_aside(database, kept)
        take_place(staged, database)
    finally:
        remove(staged)
    return Restored(kept=kept, was_readable=was_readable, has_list=bool(said), **restored)


def _must_fit(backup: Path, key: bytes) -> None:
    if not backup.is_file():
        raise StorageError(f"There is no file {backup}.", hint="Give the path of a file that `nudger backup` wrote.")
    found = look_at(backup)
    if not knows(found.revision):
        hint = "Install the version of Nudger that made it, or a newer one, then restore again."
        raise StorageError(f"{backup} was made by a newer version of Nudger ({found.revision}).", hint=hint)
    if found.key_fingerprint and not hmac.compare_digest(found.key_fingerprint, fingerprint(key)):
        hint = "Put back the key that was in use when the backup was made (nudger.key or NUDGER_SECRET_KEY)."
        raise WrongKey("The backup was made with another secret key, so nothing was changed.", hint=hint)


def _is_readable(database: Path, *, is_present_lost: bool) -> bool:
    """Return whether the present database can be asked; StorageError when it cannot and nobody said that it is lost."""
    if not database.exists():
        return False
    try:
        return _asked(look_at(database))
    except StorageError as error:
        if is_present_lost:
            return False
        hint = (
            "If it cannot be saved, restore with --present-is-lost. Who has asked to be forgotten is known all the "
            f"same while {beside(database).path.name} is there; else run `nudger forget` for each of them again."
        )
        raise StorageError(f"The present database cannot be read: {error.message}", hint=hint) from error


def _asked(found: Look) -> bool:
    return bool(found.revision)


def _free_name(database: Path, now: datetime) -> Path:
    usual = f"{database.name}.before-restore-{now:%Y%m%dT%H%M%SZ}"
    names = chain([usual], (f"{usual}-{number}" for number in count(2)))
    return next(path for path in map(database.with_name, names) if not path.exists())


def _prepare(staged: Path, kept: Path | None, core_on: CoreOn, said: Collection[Tombstone]) -> dict[str, int]:
    """Bring the staged database to the newest shape, carry over what the replaced one knows, and hold it."""
    database = open_database(f"sqlite:///{staged}")
    try:
        upgrade(database)
        carried = _carry(database, kept) if kept else {}
        with database.reading() as session:
            ids = [one.workspace_id for one in instance.workspaces(session)]
        cores = [core_on(database, workspace_id) for workspace_id in ids]
        again = sum(apply_list(core, said) for core in cores)
        for core in cores:
            _hold(core)
            clear_files(core)  # once for all: they share the file
    finally:
        database.close()
    return {"workspaces": len(ids), "forgotten": again, **carried}


def _carry(database: Database, kept: Path) -> dict[str, int]:
    with carrying.beside(database, kept), database.begin() as session:
        carrying.carry_tombstones(session)
        carrying.carry_stopped(session)
        return {"wishes": carrying.carry_wishes(session), "sent": carrying.carry_sent(session)}


def _hold(core: Core) -> None:
    with core.db.begin() as session:
        now = core.clock()
        instance.hold(session, core.workspace_id, reason=COPIED, now=now)
        audit.record(session, core.workspace_id, actor_id="command line", action="restore", now=now)
