"""What people want next: this module is the only writer of `votes`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import fetch_all, rows_changed
from nudges.store.tables import VoteRow

# Asked wherever nudges contend for a slot, so built once.
_OF_QUARTER = select(col(VoteRow.playbook), col(VoteRow.voted_at), col(VoteRow.ended_at)).where(
    col(VoteRow.workspace_id) == bindparam("workspace_id"), col(VoteRow.quarter) == bindparam("quarter")
)


@dataclass(frozen=True)
class Vote:
    """One vote, from when to when it held; nobody's name is in it."""

    playbook: str
    voted_at: datetime
    ended_at: datetime | None = None


def cast(session: Session, workspace_id: str, person_id: str, *, quarter: int, playbook: str, now: datetime) -> bool:
    """Store what a person wants next instead of what they wanted before; False when they want it already."""
    if present(session, workspace_id, person_id, quarter) == playbook:
        return False
    where = (*_theirs(workspace_id, person_id), col(VoteRow.quarter) == quarter, col(VoteRow.ended_at).is_(None))
    session.execute(update(VoteRow).where(*where).values(ended_at=now))
    key = (workspace_id, quarter, person_id, now)
    if session.get(VoteRow, key) is not None:  # two taps within one instant: the later one counts
        session.execute(delete(VoteRow).where(*_theirs(workspace_id, person_id), col(VoteRow.voted_at) == now))
        session.expire_all()
    session.add(
        VoteRow(workspace_id=workspace_id, quarter=quarter, person_id=person_id, voted_at=now, playbook=playbook)
    )
    return True


def present(session: Session, workspace_id: str, person_id: str, quarter: int) -> str:
    """Return the playbook that the person wants next, or an empty text."""
    where = (*_theirs(workspace_id, person_id), col(VoteRow.quarter) == quarter, col(VoteRow.ended_at).is_(None))
    return session.execute(select(col(VoteRow.playbook)).where(*where)).scalar_one_or_none() or ""


def of_quarter(session: Session, workspace_id: str, quarter: int) -> list[Vote]:
    """Return every vote of a quarter, those included that were changed since."""
    return [Vote(*row) for row in fetch_all(session, _OF_QUARTER, workspace_id=workspace_id, quarter=quarter)]


def votes_of(session: Session, workspace_id: str, person_id: str) -> list[tuple[int, Vote]]:
    """Return a person's own votes with their quarters, the latest first."""
    latest = col(VoteRow.voted_at).desc()
    rows = session.execute(select(VoteRow).where(*_theirs(workspace_id, person_id)).order_by(latest)).scalars()
    return [(row.quarter, Vote(row.playbook, row.voted_at, row.ended_at)) for row in rows]


def erase_person(session: Session, workspace_id: str, person_id: str) -> int:
    """Forget a person's votes; return how many."""
    return rows_changed(session, delete(VoteRow).where(*_theirs(workspace_id, person_id)))


def prune(session: Session, workspace_id: str, before_quarter: int) -> int:
    """Delete the votes of quarters that are over, whole quarters at once; return how many."""
    where = (col(VoteRow.workspace_id) == workspace_id, col(VoteRow.quarter) < before_quarter)
    return rows_changed(session, delete(VoteRow).where(*where))


def _theirs(workspace_id: str, person_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (col(VoteRow.workspace_id) == workspace_id, col(VoteRow.person_id) == person_id)
