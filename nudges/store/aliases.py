"""Ids in the books: this module finds every id that some table holds, and puts an alias in the place of one.

What those who run Nudger did stays written down after they asked to be forgotten, but no longer under their id.
"""

from collections.abc import Iterator

from sqlalchemy import Column, ColumnElement, Table, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import rows_changed
from nudges.store.tables import ApprovalRow, CampaignRow, NoticeRow, Row

# Who did something, by the names of columns: of all tables, so that one that is added later is not left out.
DOERS = ("actor_id", "asked_by", "decided_by", "published_by", "written_by", "approved_by", "installed_by")
HOLDERS = (*DOERS, "person_id", "manager_id", "owner_id", "author_id", "about_id")


def put_alias(session: Session, workspace_id: str, *, old: str, new: str) -> int:
    """Write another name wherever this id says who did something; return how many rows that changed.

    What they gave as a reason for a no goes with the id: those are their words.
    """
    reasons = (col(ApprovalRow.workspace_id) == workspace_id, col(ApprovalRow.decided_by) == old)
    rows_changed(session, update(ApprovalRow).where(*reasons).values(why=""))
    changed = 0
    for table, column in _columns(DOERS):
        where = (column == old) & _is_of(table, workspace_id)
        changed += rows_changed(session, update(table).where(where).values({column.name: new}))
    return changed + _in_notices(session, workspace_id, old)


def all_ids(session: Session, workspace_id: str) -> set[str]:
    """Return every id under which something of a person may be kept, wherever it stands."""
    found: set[str] = set()
    for table, column in _columns(HOLDERS):
        found |= set(session.execute(select(column).where(_is_of(table, workspace_id)).distinct()).scalars())
    return found - {""}


def _in_notices(session: Session, workspace_id: str, old: str) -> int:
    """Take an id, and what was said with it, out of messages to owners and admins."""
    rows = session.execute(select(NoticeRow).where(col(NoticeRow.workspace_id) == workspace_id)).scalars()
    theirs = [row for row in rows if old in row.values.values()]
    for row in theirs:
        row.values = {name: "" if value == old or name == "why" else value for name, value in row.values.items()}
    return len(theirs)


def _columns(names: tuple[str, ...]) -> Iterator[tuple[Table, Column[str]]]:
    for table in Row.metadata.sorted_tables:
        for name in names:
            if name in table.c:
                yield table, table.c[name]


def _is_of(table: Table, workspace_id: str) -> ColumnElement[bool]:
    """Return the condition that a row is of the workspace, by itself or by its campaign."""
    if "workspace_id" in table.c:
        return table.c.workspace_id == workspace_id
    ours = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.workspace_id) == workspace_id)
    return table.c.campaign_id.in_(ours)
