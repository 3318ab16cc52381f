"""The database: this module checks that it can be opened, written, and is this key's; only wrong counts are mended."""

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.checks import Check, error, ok, warning
from bot.settings import Settings
from nudges.domain.people.group_problems import problem_in_words
from nudges.errors import StorageError
from nudges.services.keeping.identity import fingerprint
from nudges.store import groups, instance, people, processes, rollups
from nudges.store.engine import Database, open_database
from nudges.store.migrate import revisions

MIB = 1024 * 1024
SPACE_NEEDED, SPACE_ADVISED = 50 * MIB, 500 * MIB
WAL_SINCE, MENDED = (3, 7, 0), (3, 51, 3)
MENDED_LINES: dict[tuple[int, ...], tuple[int, ...]] = {(3, 50): (3, 50, 7), (3, 44): (3, 44, 6)}
SQLITE_MARK = b"SQLite format 3\x00"
DATABASE_HINT = "Check DATABASE_URL, the file's permissions and the disk."


def check_storage(settings: Settings, workspace_id: str) -> Iterator[Check]:
    """Check the database behind DATABASE_URL and what lies beside it."""
    path = settings.sqlite_path
    if path is not None:
        yield sqlite_version(sqlite3.sqlite_version)
        yield _space(path.parent)
        if not path.exists():
            yield _future_file(path)
            return
        if not _is_sqlite(path):
            yield error("database", f"{path} is not a database of SQLite.", "Check DATABASE_URL, or restore a backup.")
            return
    try:
        database = open_database(settings.database_url)
    except StorageError as failure:
        yield error("database", failure.message, failure.hint)
        return
    except ImportError:
        yield error("database", "The driver for this DATABASE_URL is not installed.", "pip install 'psycopg[binary]'")
        return
    try:
        yield from _opened(database, settings, workspace_id)
    except StorageError as failure:
        yield error("database", failure.message, failure.hint)
    finally:
        database.close()


def sqlite_version(version: str) -> Check:
    """Return whether this version of SQLite has the fault that can lose the write-ahead log when it is reset."""
    if not has_wal_reset_fault(version):
        return ok("sqlite", f"SQLite {version} is free of the WAL-reset fault.")
    message = f"SQLite {version} has the WAL-reset fault, which can damage a database written by several connections."
    hint = "Nudger keeps clear of it by writing on one connection; do not write to the file with other programs."
    return warning("sqlite", message, f"{hint} Mended in 3.51.3, 3.50.7 and 3.44.6.")


def has_wal_reset_fault(version: str) -> bool:
    """Return whether the version comes before the mended ones of its line."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    mended = MENDED_LINES.get(numbers[:2], MENDED)
    return WAL_SINCE <= numbers < mended


def _space(folder: Path) -> Check:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as failure:
        return error("database.space", f"The folder {folder} cannot be read ({failure.strerror}).", DATABASE_HINT)
    message = f"{free // MIB:,} MiB are free beside the database."
    if free < SPACE_NEEDED:
        return error("database.space", message, "Make room: with a full disk nothing is sent.")
    if free < SPACE_ADVISED:
        return warning("database.space", message, "Make room soon.")
    return ok("database.space", message)


def _future_file(path: Path) -> Check:
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            return ok("database", f"{path} will be made by the first `nudger run`.")
    except OSError as failure:
        return error("database", f"{path} cannot be made ({failure.strerror}).", DATABASE_HINT)


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(SQLITE_MARK)) in (SQLITE_MARK, b"")
    except OSError:
        return True  # opening it tells why


def _opened(database: Database, settings: Settings, workspace_id: str) -> Iterator[Check]:
    with database.begin():  # takes the writing lock and changes nothing
        pass
    yield ok("database", "The database can be opened and written.")
    present, newest = revisions(database)
    if not present:
        yield ok("database.shape", "The database is new; `nudger migrate` makes its tables, and so does `nudger run`.")
        return
    if present != newest:
        hint = "Back it up, then run `nudger migrate`; `nudger run` does so by itself."
        yield warning("database.shape", f"The database is at {present}, the newest shape is {newest}.", hint)
        return
    yield ok("database.shape", f"The database has the newest shape ({newest}).")
    yield from _processes(database)
    yield from _counts(database)
    yield from _key(database, settings)
    if workspace_id:
        yield from _people(database, workspace_id)


def _processes(database: Database) -> Iterator[Check]:
    """On PostgreSQL the work may be shared: say which part is at it, and which is not."""
    if database.is_sqlite:
        return
    with database.reading() as session:
        seen = processes.parts_seen(session, processes.SEEN_WITHIN)
    if not seen:
        yield ok("processes", "Nudger does not run now: `nudger run`, or `nudger web`, `worker` and `clock`.")
        return
    names = ", ".join(sorted(seen))
    for part in processes.missing(seen):
        hint = f"Start `nudger {part}`; docs/scaling.md says what stands still without it."
        yield warning(f"processes.{part}", f"No {part} has been seen for two minutes; running: {names}.", hint)
    if not processes.missing(seen):
        yield ok("processes", f"Every part was seen within two minutes ({names}).")


def _counts(database: Database) -> Iterator[Check]:
    """Count everything and compare; what is counted wrong is mended at once, since nothing else can be meant."""
    with database.reading() as session:
        wrong, is_watched = rollups.differences(session), rollups.is_watched(session)
    if not wrong and is_watched:
        yield ok("database.counts", "The counts behind status and results are those of the rows.")
        return
    rollups.repair(database)
    message = f"{wrong:,} counts were not those of the rows." if wrong else "The database had lost a trigger."
    hint = "They were counted anew. Should it come back, tell us what changed the database."
    yield warning("database.counts", message, hint)


def _key(database: Database, settings: Settings) -> Iterator[Check]:
    with database.reading() as session:
        known = instance.instance(session)
    if known is None:
        return
    key = _present_key(settings)
    hint = "Set NUDGER_SECRET_KEY, or put back the .key file, that this database was made with."
    if not key:
        yield error("key", "The secret key of this database is gone.", hint)
    elif fingerprint(key) != known.key_fingerprint:
        yield error("key", "The secret key is not the one this database was made with.", hint)
    else:
        yield ok("key", "The secret key is this database's.", "Keep a copy of it apart from the backups.")


def _present_key(settings: Settings) -> bytes:
    given = settings.nudger_secret_key.get_secret_value()
    path = settings.key_path
    if given or path is None or not path.exists():
        return given.encode()
    return path.read_bytes().strip()


def _people(database: Database, workspace_id: str) -> Iterator[Check]:
    with database.reading() as session:
        here = instance.workspace(session, workspace_id)
        everybody = list(people.everybody(session, workspace_id))
        unread = groups.problems(session, workspace_id)
    if here and here.hold_reason:
        hint = "When the reason is mended: `nudger resume`."
        yield warning("hold", f"Nothing is sent: the workspace is held ({here.hold_reason}).", hint)
    if here is None or here.synced_at is None:
        yield ok("people", "Slack's list of people has not been read yet; `nudger run` does it first of all.")
        return
    for group_id, code in sorted(unread.items()):
        hint = "Mend it, then run `nudger people sync`; or take the rule out of company.yaml."
        yield warning("groups", problem_in_words(group_id, code), hint)
    described = sum(bool(person.department or person.team or person.place) for person in everybody)
    if not described:
        hint = "nudger people import people.csv"
        yield warning("people", "No people file was imported, so segments by department or place match nobody.", hint)
    else:
        yield ok("people", f"{len(everybody):,} accounts, {described:,} of them described by the people file.")
