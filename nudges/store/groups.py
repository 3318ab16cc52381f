"""Who belongs to what in Slack: this module is the only writer of `group_members` and `group_readings`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.tables import GroupMemberRow, GroupReadingRow


@dataclass(frozen=True)
class GroupReading:
    """What Slack said of a group: its members, or the code of why not; None keeps those known from before."""

    member_ids: frozenset[str] | None
    problem: str = ""


def replace(session: Session, workspace_id: str, found: Mapping[str, GroupReading], now: datetime) -> None:
    """Take over the groups that rules name today, and forget all others."""
    kept = [group_id for group_id, reading in found.items() if reading.member_ids is None]
    here = (col(GroupMemberRow.workspace_id) == workspace_id, col(GroupMemberRow.group_id).not_in(kept))
    session.execute(delete(GroupMemberRow).where(*here))
    session.execute(delete(GroupReadingRow).where(col(GroupReadingRow.workspace_id) == workspace_id))
    rows = [
        {"workspace_id": workspace_id, "group_id": group_id, "person_id": person_id}
        for group_id, reading in found.items()
        for person_id in sorted(reading.member_ids or ())
    ]
    if rows:
        session.execute(insert(GroupMemberRow), rows)
    read = [
        {"workspace_id": workspace_id, "group_id": group_id, "problem": reading.problem, "read_at": now}
        for group_id, reading in found.items()
    ]
    if read:
        session.execute(insert(GroupReadingRow), read)


def problems(session: Session, workspace_id: str) -> dict[str, str]:
    """Return by group Slack's code for not showing it."""
    here = col(GroupReadingRow.workspace_id) == workspace_id
    statement = select(col(GroupReadingRow.group_id), col(GroupReadingRow.problem)).where(here)
    return {row[0]: row[1] for row in session.execute(statement) if row[1]}


def known(session: Session, workspace_id: str) -> frozenset[str]:
    """Return the groups that were asked for at the last reading."""
    here = col(GroupReadingRow.workspace_id) == workspace_id
    return frozenset(session.execute(select(col(GroupReadingRow.group_id)).where(here)).scalars())


def groups_of(session: Session, workspace_id: str, person_id: str) -> list[str]:
    """Return the groups this person is kept in."""
    where = (col(GroupMemberRow.workspace_id) == workspace_id, col(GroupMemberRow.person_id) == person_id)
    statement = select(col(GroupMemberRow.group_id)).where(*where).order_by(col(GroupMemberRow.group_id))
    return list(session.execute(statement).scalars())


def erase_person(session: Session, workspace_id: str, person_id: str) -> None:
    """Forget where this person belongs."""
    where = (col(GroupMemberRow.workspace_id) == workspace_id, col(GroupMemberRow.person_id) == person_id)
    session.execute(delete(GroupMemberRow).where(*where))
