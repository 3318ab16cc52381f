"""Who asked to be forgotten: this module is the only writer of `forgotten`: keyed hashes, nothing else."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Executable, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import fetch, rows_changed
from nudges.store.tables import ForgottenRow
from nudges.store.tombstones import Tombstone


def add(session: Session, workspace_id: str, hashed: str, now: datetime) -> None:
    """Leave a tombstone; where there is one, something may have come into the files again."""
    known = session.get(ForgottenRow, (workspace_id, hashed))
    if known is None:
        session.add(ForgottenRow(workspace_id=workspace_id, person_hash=hashed, forgotten_at=now))
    else:
        known.cleared_at = None


def lift(session: Session, workspace_id: str, hashed: str) -> bool:
    """Let a forgotten person begin anew, because they asked; True when there was a tombstone."""
    return rows_changed(session, delete(ForgottenRow).where(*_one(workspace_id, hashed))) == 1


def is_there(session: Session, workspace_id: str, hashed: str) -> bool:
    """Return whether this person asked to be forgotten."""
    return session.get(ForgottenRow, (workspace_id, hashed)) is not None


def at(session: Session, workspace_id: str, hashed: str) -> datetime | None:
    """Return when this person asked to be forgotten, or None."""
    return row.forgotten_at if (row := session.get(ForgottenRow, (workspace_id, hashed))) else None


def hashes(session: Session, workspace_id: str) -> frozenset[str]:
    """Return the hashes of all who asked to be forgotten."""
    statement = select(col(ForgottenRow.person_hash)).where(col(ForgottenRow.workspace_id) == workspace_id)
    return frozenset(session.execute(statement).scalars())


def tombstones(session: Session, workspace_id: str) -> list[Tombstone]:
    """Return all who asked to be forgotten, with when."""
    rows = session.execute(select(ForgottenRow).where(col(ForgottenRow.workspace_id) == workspace_id)).scalars()
    return [Tombstone(workspace_id, row.person_hash, row.forgotten_at) for row in rows]


def uncleared(session: Session) -> list[tuple[str, str]]:
    """Return of whom traces may be left in the database's files, in any workspace: they share the files."""
    return [(row[0], row[1]) for row in fetch(session, _uncleared())]


@cache
def _uncleared() -> Executable:
    """Return the statement, made once: it is asked twice a minute."""
    return select(col(ForgottenRow.workspace_id), col(ForgottenRow.person_hash)).where(_may_be_left())


def mark_cleared(session: Session, those: Iterable[tuple[str, str]], now: datetime) -> None:
    """Remember that nothing is left of these in the files."""
    for workspace_id, hashed in those:
        session.execute(update(ForgottenRow).where(*_one(workspace_id, hashed)).values(cleared_at=now))


def _may_be_left() -> ColumnElement[bool]:
    return col(ForgottenRow.cleared_at).is_(None)


def _one(workspace_id: str, hashed: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(ForgottenRow.workspace_id) == workspace_id, col(ForgottenRow.person_hash) == hashed
