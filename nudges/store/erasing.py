"""A workspace taken out of the database: this module deletes its rows from every table, some thousand at a time."""

from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, tuple_
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import rows_changed
from nudges.store.tables import CampaignRow, MessageWorkRow, Row

# A table without the workspace belongs to it through one of these; they go last, since the others are found by them.
_PARENTS: tuple[tuple[str, Any], ...] = (("campaign_id", CampaignRow), ("work_id", MessageWorkRow))
_LAST = ("message_works", "campaigns", "installations", "workspaces")


def erase_some(session: Session, workspace_id: str, *, limit: int) -> int:
    """Delete up to so many rows of the workspace and return how many; 0 when nothing is left of it."""
    for table in _tables():
        where = _belongs(table, workspace_id)
        keys = list(table.primary_key.columns)
        chosen = select(*keys).where(where).limit(limit)
        gone = rows_changed(session, delete(table).where(tuple_(*keys).in_(chosen)))
        if gone:
            return gone
    return 0


def _tables() -> list[Table]:
    """Return every table that holds something of a workspace, children before parents."""
    found = [one for one in Row.metadata.sorted_tables if _is_ours(one)]
    return sorted(found, key=lambda table: (_LAST.index(table.name) + 1 if table.name in _LAST else 0, table.name))


def _is_ours(table: Table) -> bool:
    return any(name in table.c for name in ("workspace_id", *(name for name, _ in _PARENTS)))


def _belongs(table: Table, workspace_id: str) -> ColumnElement[bool]:
    if "workspace_id" in table.c:
        return table.c.workspace_id == workspace_id
    name, parent = next((name, parent) for name, parent in _PARENTS if name in table.c)
    theirs = select(col(getattr(parent, name))).where(col(parent.workspace_id) == workspace_id)
    return table.c[name].in_(theirs)
