"""PostgreSQL's own ways: this module opens connections that never wait for ever, and says its faults in plain words."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from nudges.errors import StorageError

POOLED = 10  # connections kept by a process, for writing and for reading each
CONNECT_TIMEOUT = timedelta(seconds=5)
SILENCE = timedelta(seconds=15)  # a server that is gone without a word, as in a failover, is given up after this
TURN = timedelta(seconds=30)  # how long a write waits for another, as for SQLite's one connection
STATEMENT = timedelta(minutes=10)
# A process that is frozen in the middle of a write must not hold the others up: its connection is ended after this.
WRITER_IDLE = timedelta(seconds=6)
THINKING = timedelta(minutes=2)  # the same for work on a whole company: a hundred thousand people are seconds of it
READER_IDLE = timedelta(minutes=10)
AGAIN = "Nothing to do: Nudger tries again by itself."
ADDRESS = "Correct DATABASE_URL, then start again."

# By SQLSTATE, or by a word of the message where the connection was never made: then there is no SQLSTATE.
_SAYINGS: Sequence[tuple[Sequence[str], str, str]] = (
    (("28P01", "28000", "password authentication failed", "no pg_hba.conf entry", "no password supplied"),
     "The database does not accept the name or the password in DATABASE_URL.", ADDRESS),
    (("3D000", 'database "'), "The server has no database of the name in DATABASE_URL.",
     "Create it (`createdb NAME`), or correct DATABASE_URL."),
    (("57P03", "starting up", "shutting down", "in recovery mode", "not yet accepting"),
     "The database is starting or stopping just now.", AGAIN),
    (("53300", "too many clients", "remaining connection slots"), "The database has no connection left for Nudger.",
     "Raise max_connections of the server, or run fewer processes; until then Nudger tries again by itself."),
    (("could not translate host", "failed to resolve host", "Name or service not known"),
     "The host in DATABASE_URL is not known.", ADDRESS),
    (("Connection refused", "No such file or directory", "connection timeout", "timeout expired", "No route to host"),
     "The database server does not answer.", "See whether it runs; Nudger tries again by itself."),
    (("55P03", "57014"), "The database is too slow just now, so nothing was stored.", "Try again in a moment."),
    (("40001", "40P01"), "Two writes met in the database, so this one was not stored.", "Try again."),
    (("53100", "No space left"), "The database server's disk is full, so nothing was stored.",
     "Make room there; Nudger then goes on by itself."),
    (("25006",), "The database takes no writes: it is a standby, or is set to read only.",
     "Point DATABASE_URL at the primary server."),
    (("42501",), "The database does not let this user do that.",
     "Let the user of DATABASE_URL own the database (`ALTER DATABASE NAME OWNER TO USER`)."),
    (("42P01", "42703"), "The database does not have the shape this version of Nudger needs.", "Run `nudger migrate`."),
    (("25P03",), "The work paused for too long in the middle of a write, so the database undid it.", AGAIN),
)  # fmt: skip


def open_engines(url: str) -> tuple[Engine, Engine]:
    """Return the engine that writes and the one that only reads; nothing is connected yet."""
    reach = {
        "connect_timeout": int(CONNECT_TIMEOUT.total_seconds()),
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 1,
        "tcp_user_timeout": milliseconds(SILENCE),
    }
    usual: dict[str, Any] = {"pool_pre_ping": True, "pool_size": POOLED, "max_overflow": POOLED, "connect_args": reach}
    usual["hide_parameters"] = True  # as on SQLite: an error must not tell the log what people typed
    usual["pool_use_lifo"] = True  # as on SQLite: few connections do most work, and the others stay small
    writer = create_engine(url, **usual)
    # A reading session sees one state of the data from its first look to its last, as on SQLite.
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    reader = create_engine(url, execution_options=options, **usual)
    event.listen(writer, "connect", _limits(WRITER_IDLE))
    event.listen(reader, "connect", _limits(READER_IDLE))
    return writer, reader


def milliseconds(time: timedelta) -> int:
    """Return a time as the server's settings want it: whole, and never 0, which would mean without end."""
    return max(1, round(time.total_seconds() * 1000))


def storage_error(error: DBAPIError) -> StorageError:
    """Return what a driver's error means for who reads it, and what to do next."""
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    state = getattr(error.orig, "sqlstate", None)
    for signs, message, hint in _SAYINGS:
        if state in signs if state else any(sign in str(error.orig) for sign in signs):
            return StorageError(message, hint=hint)
    if error.connection_invalidated or (state or "").startswith(("08", "57P")):
        return StorageError("The connection to the database was lost.", hint=AGAIN)
    if isinstance(error, IntegrityError | DataError | ProgrammingError):
        # Not what the driver says: it names the values, and they may be people's words.
        return StorageError(f"The database refused: {type(error).__name__}.", hint="See the log.")
    return StorageError(f"The database cannot be used: {said}.", hint="See the database server's log.")


def _limits(idle: timedelta) -> Any:
    limits = {"lock_timeout": TURN, "statement_timeout": STATEMENT, "idle_in_transaction_session_timeout": idle}
    words = "; ".join(f"SET {name} = {milliseconds(time)}" for name, time in limits.items())

    def prepare(connection: Any, _record: Any) -> None:
        connection.execute(words)
        connection.commit()

    return prepare
