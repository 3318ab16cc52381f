"""Where a PostgreSQL database stands: this module tells a restored or copied one from the original."""

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

_CLUSTER = text("SELECT system_identifier FROM pg_control_system()")
# A copy (`createdb -T`) gets a number of its own, a table that is restored in place another number than before.
_PLACE = text("SELECT oid, 'instance'::regclass::oid FROM pg_database WHERE datname = current_database()")
UNKNOWN_CLUSTER = "-"


def home(session: Session) -> str:
    """Return the server, the database and the table by the numbers the server gave them; empty on SQLite.

    All of them differ from what the rows of a dump say, however it was brought back. A copy of the server's disk has
    the same numbers and is not told from it.
    """
    if session.get_bind().dialect.name == "sqlite":
        return ""
    database, table = session.execute(_PLACE).one()
    return f"{_cluster(session)}/{database}/{table}"


def _cluster(session: Session) -> str:
    try:
        with session.begin_nested():
            return str(session.execute(_CLUSTER).scalar_one())
    except ProgrammingError:  # some hosts do not let their customers ask
        return UNKNOWN_CLUSTER
