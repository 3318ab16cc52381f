"""Inserting what may be there already: this module gives the statement of one database, and loads no other's."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a dialect brings all its drivers along: two megabytes that a process on the other one never uses
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert


def insert_into(dialect: str, table: Any) -> "PostgresInsert | SqliteInsert":
    """Return an insertion that can say `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgres_insert

        return postgres_insert(table)
    from sqlalchemy.dialects.sqlite import insert

    return insert(table)
