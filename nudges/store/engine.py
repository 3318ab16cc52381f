"""Connections and transactions: this module is how a session begins, on SQLite and on PostgreSQL."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    UpdateBase,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from nudges.errors import StorageError
from nudges.store.fetching import MADE as MADE
from nudges.store.fetching import SEEN
from nudges.store.fetching import AnyResult as AnyResult
from nudges.store.fetching import AnyRow as AnyRow
from nudges.store.fetching import Values as Values
from nudges.store.fetching import fetch as fetch
from nudges.store.fetching import fetch_ahead as fetch_ahead
from nudges.store.fetching import fetch_all as fetch_all
from nudges.store.fetching import fetch_many as fetch_many
from nudges.store.fetching import fetch_one as fetch_one
from nudges.store.fetching import fetch_value as fetch_value
from nudges.store.instants import UtcDateTime as UtcDateTime
from nudges.store.postgres import THINKING, TURN, milliseconds, open_engines, storage_error
from nudges.store.readings import Readings
from nudges.store.together import Together
from nudges.store.turns import Turns

BUSY_TIMEOUT = timedelta(seconds=5)
READERS = 5
STATEMENTS = 256  # that a connection keeps ready
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:workspace_id, 0))")
_NO_LONGER = text("SELECT set_config(name, :most, true) FROM unnest(ARRAY['lock_timeout', 'statement_timeout']) name")
_THINKS = text("SELECT set_config('idle_in_transaction_session_timeout', :most, true)")
_HASTY = text("SET LOCAL synchronous_commit = off")


@dataclass(frozen=True)
class Database:
    """One database: a single writing connection on SQLite, and readers that cannot write.

    On PostgreSQL a database that is a workspace's lets one write at a time happen in that workspace, as SQLite does for
    all: what a transaction has read then holds until it commits, whichever process it runs in.
    """

    url: str
    writer: Engine
    reader: Engine
    is_scratch: bool = False
    workspace_id: str = ""
    together: Together = field(default_factory=Together, compare=False)  # for short writes, while people wait
    readings: Readings | None = None  # where one thread is alone with it
    turns: Turns = field(default_factory=Turns, compare=False)  # shared by all workspaces' databases of this process

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.writer.dialect.name == "sqlite"

    @property
    def sqlite_path(self) -> Path | None:
        """Return the file of a SQLite database, or None for one in memory and for PostgreSQL."""
        name = make_url(self.url).database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    def of_workspace(self, workspace_id: str) -> "Database":
        """Return the same database for the work of one workspace; its connections are shared."""
        return replace(self, workspace_id=workspace_id, together=Together())

    @contextmanager
    def begin(
        self, patience: timedelta | None = None, *, thinks_long: bool = False, is_repeated: bool = False
    ) -> Iterator[Session]:
        """Give a writing session that commits at the end.

        With `patience`, nothing is stored when the whole takes longer: the work is rolled back and StorageError raised.
        A scratch database knows no patience: real seconds mean nothing where time is virtual. Work on everybody of a
        large company at once says that it thinks long: PostgreSQL then allows it a longer pause between statements.
        Work that is repeated by itself when a crash of PostgreSQL takes it does not wait for the disk; whatever is
        written later takes it along, so nothing that counts can come to stand on work that was lost.
        """
        started = time.monotonic()
        self.look_anew()
        with (
            self._turn_here(patience),
            _translated(),
            Session(self.writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            self._wait_for_turn(session, patience)
            if thinks_long and not self.is_sqlite:
                session.connection().execute(_THINKS, {"most": str(milliseconds(THINKING))})
            if is_repeated and not self.is_sqlite:
                session.connection().execute(_HASTY)
            yield session
            session.flush()
            if patience is not None and not self.is_scratch and time.monotonic() - started > patience.total_seconds():
                raise StorageError("The database is too slow just now, so nothing was stored.", hint="Try again.")
            self.look_anew()  # who reads before this has committed does not see it

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads."""
        opened = reading_session(self.reader) if self.readings is None else self.readings.reading()
        with _translated(), opened as session:
            yield session

    def look_anew(self) -> None:
        """Let the next reading session see what is there then; only where one is kept it would not."""
        if self.readings is not None:
            self.readings.end()

    def _turn_here(self, patience: timedelta | None) -> AbstractContextManager[None]:
        if self.is_sqlite or not self.workspace_id:
            return contextlib.nullcontext()
        return self.turns.taken(self.workspace_id, TURN if patience is None else patience)

    def _wait_for_turn(self, session: Session, patience: timedelta | None) -> None:
        if self.is_sqlite:
            return
        if patience is not None:
            session.connection().execute(_NO_LONGER, {"most": str(milliseconds(patience))})
        if self.workspace_id:
            session.connection().execute(_TURN, {"workspace_id": self.workspace_id})

    def close(self) -> None:
        """Close all connections."""
        self.look_anew()
        self.reader.dispose()
        self.writer.dispose()


def reading_session(reader: Engine) -> Session:
    """Return a session that keeps what it has read."""
    return Session(reader, info={SEEN: {}, MADE: {}})


def open_database(url: str, *, is_scratch: bool = False) -> Database:
    """Return the database behind this address; StorageError when it cannot be opened.

    A scratch one need not outlive a power cut, so nothing waits for the disk.
    """
    with _translated():
        if make_url(url).get_backend_name() == "sqlite":
            return _open_sqlite(url, is_scratch=is_scratch)
        return Database(url, *open_engines(url), is_scratch)


def _open_sqlite(url: str, *, is_scratch: bool) -> Database:
    name = make_url(url).database
    if not name or name == ":memory:":
        raise StorageError("SQLite in memory is not supported: several connections must see the same data.")
    connect_args = {
        "check_same_thread": False,
        "timeout": BUSY_TIMEOUT.total_seconds(),
        "cached_statements": STATEMENTS,
    }
    # One connection writes and checkpoints; all others only read. See docs/decisions.md, "WAL-reset".
    # What people typed is among the values of a statement, and an error that names them ends in the log.
    usual: dict[str, Any] = {"connect_args": connect_args, "poolclass": QueuePool, "hide_parameters": True}
    writer = create_engine(url, pool_size=1, max_overflow=0, **usual)
    # The connection last used comes first: each keeps statements and pages, and most work needs one or two of them.
    reader = create_engine(url, pool_size=READERS, max_overflow=READERS, pool_use_lifo=True, **usual)
    event.listen(writer, "connect", _prepare_scratch if is_scratch else _prepare_writer)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(writer, "begin", begin_writing)
    event.listen(reader, "begin", lambda connection: _say(connection, "BEGIN"))
    with writer.connect() as connection:
        connection.execute(text("SELECT 1"))
    return Database(url, writer, reader, is_scratch)


def begin_writing(connection: Connection) -> None:
    """Say to SQLite that a transaction begins in which something is going to be written."""
    _say(connection, "BEGIN IMMEDIATE")


def _say(connection: Connection, words: str) -> None:
    # Past the library, which takes ten times as long for it as the database.
    driver: Any = connection.connection.dbapi_connection
    driver.execute(words)


def _prepare_writer(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
    # What is deleted is overwritten: store/file_traces.py says what that leaves to be done.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_scratch(connection: sqlite3.Connection, record: Any) -> None:
    _prepare_writer(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


def _prepare_reader(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("query_only=ON", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the driver raises into StorageError, so that no other module knows the driver."""
    try:
        yield
    except PoolTimeout as error:
        raise StorageError("The database is busy, so nothing was stored.", hint="Try again in a moment.") from error
    except DBAPIError as error:
        raise _meaning(error) from error
    except SQLAlchemyError as error:
        raise _refused(error) from error
    except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError) as error:
        raise _refused(error) from error
    except sqlite3.Error as error:
        raise StorageError(f"The database cannot be used: {error}.") from error


def _meaning(error: DBAPIError) -> StorageError:
    if not isinstance(error.orig, sqlite3.Error):
        return storage_error(error)
    if isinstance(error, OperationalError):
        return StorageError(f"The database cannot be used: {error.orig}.")
    return _refused(error)


def _refused(error: Exception) -> StorageError:
    return StorageError(f"The database refused: {type(error).__name__}.", hint="See the log.")


def checkpoint(database: Database) -> bool:
    """Fold the write-ahead log into the file; only ever on the writing connection. False while a reader needs it."""
    if not database.is_sqlite:
        return True
    with contextlib.suppress(StorageError), _translated(), contextlib.closing(database.writer.raw_connection()) as raw:
        # Past the library, which would begin a transaction first: within one nothing is folded.
        driver: Any = raw.driver_connection
        is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy
    return False


def rows_changed(session: Session, statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE and return how many rows it changed."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount) if isinstance(result, CursorResult) else 0
