"""Connections and transactions: this module is how a session begins, on SQLite and on PostgreSQL."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Row,
    TypeDecorator,
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
from nudges.store.postgres import THINKING, milliseconds, open_engines, storage_error

BUSY_TIMEOUT = timedelta(seconds=5)
READERS = 5
AnyRow = Row[*tuple[Any, ...]]
Values = tuple[Any, ...]
AnyResult = CursorResult[*tuple[Any, ...]]
T = TypeVar("T")
_CONNECTION = "connection"
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:workspace_id, 0))")
_NO_LONGER = text("SELECT set_config(name, :most, true) FROM unnest(ARRAY['lock_timeout', 'statement_timeout']) name")
_THINKS = text("SELECT set_config('idle_in_transaction_session_timeout', :most, true)")
_SEEN = "seen"  # where a reading session keeps the rows it has looked at
_MADE = "made"  # and what was made of them


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, gives back aware UTC ones on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware; use nudges.clock")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored instant, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


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
        return replace(self, workspace_id=workspace_id)

    @contextmanager
    def begin(self, patience: timedelta | None = None, *, thinks_long: bool = False) -> Iterator[Session]:
        """Give a writing session that commits at the end.

        With `patience`, nothing is stored when the whole takes longer: the work is rolled back and StorageError raised.
        A scratch database knows no patience: real seconds mean nothing where time is virtual. Work on everybody of a
        large company at once says that it thinks long: PostgreSQL then allows it a longer pause between statements.
        """
        started = time.monotonic()
        with _translated(), Session(self.writer, expire_on_commit=False) as session, session.begin():
            self._wait_for_turn(session, patience)
            if thinks_long and not self.is_sqlite:
                session.connection().execute(_THINKS, {"most": str(milliseconds(THINKING))})
            yield session
            session.flush()
            if patience is not None and not self.is_scratch and time.monotonic() - started > patience.total_seconds():
                raise StorageError("The database is too slow just now, so nothing was stored.", hint="Try again.")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads."""
        with _translated(), Session(self.reader, info={_SEEN: {}, _MADE: {}}) as session:
            yield session

    def _wait_for_turn(self, session: Session, patience: timedelta | None) -> None:
        if self.is_sqlite:
            return
        if patience is not None:
            session.connection().execute(_NO_LONGER, {"most": str(milliseconds(patience))})
        if self.workspace_id:
            session.connection().execute(_TURN, {"workspace_id": self.workspace_id})

    def close(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()


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
    connect_args = {"check_same_thread": False, "timeout": BUSY_TIMEOUT.total_seconds()}
    # One connection writes and checkpoints; all others only read. See docs/decisions.md, "WAL-reset".
    # What people typed is among the values of a statement, and an error that names them ends in the log.
    usual: dict[str, Any] = {"connect_args": connect_args, "poolclass": QueuePool, "hide_parameters": True}
    writer = create_engine(url, pool_size=1, max_overflow=0, **usual)
    reader = create_engine(url, pool_size=READERS, max_overflow=READERS, **usual)
    event.listen(writer, "connect", _prepare_scratch if is_scratch else _prepare_writer)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(writer, "begin", lambda connection: _say(connection, "BEGIN IMMEDIATE"))
    event.listen(reader, "begin", lambda connection: _say(connection, "BEGIN"))
    with writer.connect() as connection:
        connection.execute(text("SELECT 1"))
    return Database(url, writer, reader, is_scratch)


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
        raise StorageError(f"The database refused: {type(error).__name__}.", hint="See the log.") from error
    except sqlite3.Error as error:
        raise StorageError(f"The database cannot be used: {error}.") from error


def _meaning(error: DBAPIError) -> StorageError:
    if not isinstance(error.orig, sqlite3.Error):
        return storage_error(error)
    if isinstance(error, OperationalError):
        return StorageError(f"The database cannot be used: {error.orig}.")
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


def fetch(session: Session, statement: Executable, **values: Any) -> AnyResult:
    """Run a statement that was built once, past the object layer; what the session holds back is written first.

    Building a statement anew takes several times as long as running it, which counts where it is asked per message.
    """
    found: AnyResult = _connection(session).execute(statement, values)
    return found


def fetch_many(session: Session, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
    """Run a statement that was built once for each of these values; return how many rows it changed in all."""
    return int(_connection(session).execute(statement, rows).rowcount) if rows else 0


def _connection(session: Session) -> Connection:
    if session.new or session.dirty or session.deleted:
        session.flush()
    connection: Connection | None = session.info.get(_CONNECTION)
    if connection is None:
        # One session is one transaction here, so its connection stays the same.
        connection = session.info[_CONNECTION] = session.connection()
    return connection


def fetch_all(session: Session, statement: Executable, **values: Any) -> Sequence[AnyRow]:
    """Return the rows of a statement that was built once; a reading session asks for the same rows only once.

    What a reading session sees is one state of the data, so asking again could not answer anything else.
    """
    seen: dict[Any, Sequence[AnyRow]] | None = session.info.get(_SEEN)
    if seen is None:
        return fetch(session, statement, **values).all()
    key = (statement, *values.values())
    if key not in seen:
        seen[key] = fetch(session, statement, **values).all()
    return seen[key]


def fetch_one(session: Session, statement: Executable, **values: Any) -> AnyRow | None:
    """Return the one row of a statement that was built once, or None; asked once by a reading session, as above."""
    rows = fetch_all(session, statement, **values)
    return rows[0] if rows else None


def fetch_value(session: Session, statement: Executable, make: Callable[[AnyRow], T], **values: Any) -> T | None:
    """Return what is made of the one row, or None; a reading session makes it once and gives the same value again."""
    made: dict[Any, T | None] | None = session.info.get(_MADE)
    key = (make, statement, *values.values())
    if made is not None and key in made:
        return made[key]
    row = fetch_one(session, statement, **values)
    value = None if row is None else make(row)
    if made is not None:
        made[key] = value
    return value


def fetch_ahead(session: Session, statement: Executable, found: Mapping[Values, Sequence[AnyRow]]) -> None:
    """Give a reading session the rows of a statement for these values beforehand, so that it need not ask."""
    seen: dict[Any, Sequence[AnyRow]] = session.info[_SEEN]
    for values, rows in found.items():
        seen[(statement, *values)] = rows


def rows_changed(session: Session, statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE and return how many rows it changed."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount) if isinstance(result, CursorResult) else 0
