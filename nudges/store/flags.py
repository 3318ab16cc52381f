"""Who stood where, and decisions: this module is the only writer of `memberships`, `periods` and `flags`."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import AnyRow, fetch, rows_changed
from nudges.store.tables import FlagRow, MembershipRow, PeriodRow

_CLOSED = select(col(PeriodRow.period)).where(col(PeriodRow.workspace_id) == bindparam("workspace_id"))
_IS_FROZEN = (
    select(col(MembershipRow.person_hash))
    .where(col(MembershipRow.workspace_id) == bindparam("workspace_id"))
    .where(col(MembershipRow.period) == bindparam("period"))
    .limit(1)
)


@dataclass(frozen=True)
class Membership:
    """Where a person stood when a period began."""

    person_hash: str
    team: str
    department: str
    place: str


@dataclass(frozen=True)
class StoredFlag:
    """A decision about a group; each remedy is what, by whom, due on."""

    flag_id: int
    scope_type: str
    scope_id: str
    kind: str
    grade: str
    band: str
    state: str
    owner_id: str
    remedies: tuple[dict[str, str], ...]
    period: int
    opened_at: datetime
    moved_at: datetime | None = None
    asked_at: datetime | None = None
    started_at: datetime | None = None
    over_at: datetime | None = None
    eased_until: datetime | None = None
    play: str = ""
    reason: str = ""
    probability: float | None = None
    revision: int = 0
    why: list[list[str]] | None = None
    heard_in: int | None = None


_FIELDS = tuple(one.name for one in fields(StoredFlag))
# Asked every hour, so built once.
_ALL = (
    select(*(getattr(FlagRow, name) for name in _FIELDS))
    .where(col(FlagRow.workspace_id) == bindparam("workspace_id"))
    .order_by(col(FlagRow.flag_id).desc())
)
_IN_STATES = _ALL.where(col(FlagRow.state).in_(bindparam("states", expanding=True)))


def memberships_of_person(session: Session, workspace_id: str, hashed: str) -> list[tuple[int, Membership]]:
    """Return where one person stood at the beginning of each period, for their own eyes."""
    where = (col(MembershipRow.workspace_id) == workspace_id, col(MembershipRow.person_hash) == hashed)
    rows = session.execute(select(MembershipRow).where(*where).order_by(col(MembershipRow.period))).scalars()
    return [(row.period, Membership(row.person_hash, row.team, row.department, row.place)) for row in rows]


def owned_by(session: Session, workspace_id: str, person_id: str) -> list[int]:
    """Return the flags that a person owns or has a step of."""
    found = flags(session, workspace_id)
    return [flag.flag_id for flag in found if person_id in (flag.owner_id, *(step["by"] for step in flag.remedies))]


def prune_memberships(session: Session, workspace_id: str, *, before_period: int) -> int:
    """Delete where people stood in periods that no decision looks at any more; return how many rows."""
    old = (col(MembershipRow.workspace_id) == workspace_id, col(MembershipRow.period) < before_period)
    return rows_changed(session, delete(MembershipRow).where(*old))


def freeze_membership(session: Session, workspace_id: str, period: int, members: Iterable[Membership]) -> bool:
    """Store where everybody stands as a period begins; False when it was done before."""
    if is_frozen(session, workspace_id, period):
        return False
    rows = [{"workspace_id": workspace_id, "period": period, **member.__dict__} for member in members]
    if rows:
        session.execute(insert(MembershipRow), rows)
    return True


def is_frozen(session: Session, workspace_id: str, period: int) -> bool:
    """Return whether it is stored where everybody stood when a period began."""
    return bool(fetch(session, _IS_FROZEN, workspace_id=workspace_id, period=period).all())


def membership(session: Session, workspace_id: str, period: int) -> dict[str, Membership]:
    """Return where everybody stood when a period began, by person hash."""
    where = (col(MembershipRow.workspace_id) == workspace_id, col(MembershipRow.period) == period)
    rows = session.execute(select(MembershipRow).where(*where)).scalars()
    return {row.person_hash: Membership(row.person_hash, row.team, row.department, row.place) for row in rows}


def last_closed(session: Session, workspace_id: str) -> int:
    """Return the number of the latest closed period, or -1."""
    return max((row[0] for row in fetch(session, _CLOSED, workspace_id=workspace_id)), default=-1)


def close_period(session: Session, workspace_id: str, period: int, now: datetime) -> bool:
    """Mark a period as decided; False when it was."""
    if session.get(PeriodRow, (workspace_id, period)) is not None:
        return False
    session.add(PeriodRow(workspace_id=workspace_id, period=period, closed_at=now))
    return True


def open_flag(session: Session, workspace_id: str, new: StoredFlag) -> int:
    """Store a flag and return its id."""
    values = {name: value for name, value in new.__dict__.items() if name != "flag_id"}
    values["remedies"] = list(new.remedies)
    statement = insert(FlagRow).values(workspace_id=workspace_id, **values).returning(col(FlagRow.flag_id))
    return int(session.execute(statement).scalar_one() or 0)


def flags(session: Session, workspace_id: str, *states: str) -> list[StoredFlag]:
    """Return the flags in these states (all without any), newest first."""
    asked = {"states": states} if states else {}
    return [_to_flag(row) for row in fetch(session, _IN_STATES if states else _ALL, workspace_id=workspace_id, **asked)]


def change_state(session: Session, workspace_id: str, flag_id: int, *, old: str, new: str) -> bool:
    """Move a flag from one state to another; False when it was not in the old one."""
    where = (col(FlagRow.workspace_id) == workspace_id, col(FlagRow.flag_id) == flag_id, col(FlagRow.state) == old)
    return rows_changed(session, update(FlagRow).where(*where).values(state=new)) == 1


def erase_person(session: Session, workspace_id: str, hashed: str) -> int:
    """Delete where a person stood; what a closed period has published stays. Return how many rows."""
    mine = (col(MembershipRow.workspace_id) == workspace_id, col(MembershipRow.person_hash) == hashed)
    return rows_changed(session, delete(MembershipRow).where(*mine))


def rename_team(session: Session, workspace_id: str, *, old: str, new: str) -> None:
    """Call a team that bears a person's id otherwise, in what was frozen and what was decided."""
    frozen = (col(MembershipRow.workspace_id) == workspace_id, col(MembershipRow.team) == old)
    rows_changed(session, update(MembershipRow).where(*frozen).values(team=new))
    decided = (col(FlagRow.workspace_id) == workspace_id, col(FlagRow.scope_id) == old)
    rows_changed(session, update(FlagRow).where(*decided).values(scope_id=new))


def hand_over(session: Session, workspace_id: str, *, old_id: str, new_id: str) -> None:
    """Give the flags and steps of one owner to another, or to nobody."""
    for row in session.execute(select(FlagRow).where(col(FlagRow.workspace_id) == workspace_id)).scalars():
        row.owner_id = new_id if row.owner_id == old_id else row.owner_id
        row.remedies = [step | {"by": new_id} if step["by"] == old_id else step for step in row.remedies]


def _to_flag(row: FlagRow | AnyRow) -> StoredFlag:
    values = {name: getattr(row, name) for name in _FIELDS}
    return StoredFlag(**values | {"flag_id": row.flag_id or 0, "remedies": tuple(row.remedies)})
