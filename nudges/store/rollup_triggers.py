"""Counts kept by the database itself: this module sees to it that the triggers behind `rollups` are there.

Triggers, because then every statement counts, whoever runs it: also a release that does not know of them, or a person
at the database's own prompt. A change of what they do takes a new VERSION; all is then counted anew.
"""

from sqlalchemy import Connection, inspect

from nudges.store import rollup_postgres, rollup_sqlite
from nudges.store.rollup_facts import COLUMNS, Facts

VERSION = 4
_TABLE = "rollups"
_LIKE = "rollup\\_%"
_TRIGGERS_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE ? ESCAPE '\\'"
_TRIGGERS_POSTGRES = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s AND NOT tgisinternal"


def ensure(connection: Connection) -> bool:
    """Make the triggers when one is missing, and count anew; True when that was done. Needs an open transaction.

    SQLite drops a table's triggers with each change of its shape that copies the table.
    """
    if not inspect(connection).has_table(_TABLE) or not missing(connection):
        return False
    remove(connection)
    for statement in _making(connection):
        connection.exec_driver_sql(statement)
    recount(connection)
    return True


def missing(connection: Connection) -> set[str]:
    """Return the names of triggers that should be there and are not."""
    return _wanted(connection) - set(_present(connection))


def remove(connection: Connection) -> None:
    """Take all triggers away, of whichever version."""
    for name, table in _present(connection).items():
        on = f" ON {table}" if table else ""
        connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
        if table:
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def recount(connection: Connection) -> None:
    """Count everything from the rows, in place of what the triggers have counted."""
    if not _is_sqlite(connection):
        connection.exec_driver_sql("LOCK TABLE deliveries, responses, audience IN SHARE MODE")
    connection.exec_driver_sql(f"DELETE FROM {_TABLE}")
    for statement in Facts(_is_sqlite(connection)).everything():
        connection.exec_driver_sql(f"INSERT INTO {_TABLE} ({COLUMNS}, count) {statement}")


def _making(connection: Connection) -> list[str]:
    if _is_sqlite(connection):
        return list(rollup_sqlite.triggers(VERSION).values())
    return [statement for pair in rollup_postgres.triggers(VERSION).values() for statement in pair]


def _wanted(connection: Connection) -> set[str]:
    return set((rollup_sqlite if _is_sqlite(connection) else rollup_postgres).triggers(VERSION))


def _present(connection: Connection) -> dict[str, str]:
    """Return the triggers there are, on PostgreSQL each with its table."""
    if _is_sqlite(connection):
        return {name: "" for (name,) in connection.exec_driver_sql(_TRIGGERS_SQLITE, (_LIKE,))}
    return {name: table for name, table in connection.exec_driver_sql(_TRIGGERS_POSTGRES, (_LIKE,))}  # noqa: C416


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
