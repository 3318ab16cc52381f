"""What became of each flag: this module is the only writer of `flag_events`, and it only adds.

A line says what was done, by whom and when. What a group's people said or who they are has no place here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import fetch, rows_changed
from nudges.store.tables import FlagEventRow, FlagRow


@dataclass(frozen=True)
class FlagEvent:
    """One line; `actor_id` is empty for what happened by itself, `about_id` is a new owner, `detail` a fixed word."""

    flag_id: int
    at: datetime
    what: str
    actor_id: str = ""
    about_id: str = ""
    detail: str = ""


# Asked every hour, so built once.
_OF_SEVERAL = (
    select(FlagEventRow.__table__)  # type: ignore[attr-defined]
    .where(
        col(FlagEventRow.workspace_id) == bindparam("workspace_id"),
        col(FlagEventRow.flag_id).in_(bindparam("ids", expanding=True)),
    )
    .order_by(col(FlagEventRow.number))
)


def note(
    session: Session,
    workspace_id: str,
    flag_id: int,
    what: str,
    now: datetime,
    *,
    actor_id: str = "",
    about_id: str = "",
    detail: str = "",
) -> int:
    """Add a line to a flag's history and return its number; 0 where the workspace has no such flag."""
    own = (col(FlagRow.workspace_id) == workspace_id, col(FlagRow.flag_id) == flag_id)
    if session.execute(select(col(FlagRow.flag_id)).where(*own)).first() is None:
        return 0
    where = (col(FlagEventRow.workspace_id) == workspace_id, col(FlagEventRow.flag_id) == flag_id)
    number = int(session.execute(select(func.max(col(FlagEventRow.number))).where(*where)).scalar() or 0) + 1
    session.add(
        FlagEventRow(
            workspace_id=workspace_id,
            flag_id=flag_id,
            number=number,
            at=now,
            what=what,
            actor_id=actor_id,
            about_id=about_id,
            detail=detail,
        )
    )
    session.flush()
    return number


def history(session: Session, workspace_id: str, flag_ids: Iterable[int]) -> dict[int, list[FlagEvent]]:
    """Return what became of these flags, oldest first."""
    found: dict[int, list[FlagEvent]] = {flag_id: [] for flag_id in flag_ids}
    for row in fetch(session, _OF_SEVERAL, workspace_id=workspace_id, ids=list(found)) if found else ():
        event = FlagEvent(row.flag_id, row.at, row.what, row.actor_id, row.about_id, row.detail)
        found[row.flag_id].append(event)
    return found


def done_by(session: Session, workspace_id: str, person_id: str) -> list[FlagEvent]:
    """Return what one person did to flags, or was given, for their own eyes."""
    theirs = or_(col(FlagEventRow.actor_id) == person_id, col(FlagEventRow.about_id) == person_id)
    statement = select(FlagEventRow).where(col(FlagEventRow.workspace_id) == workspace_id, theirs)
    rows = session.execute(statement.order_by(col(FlagEventRow.at))).scalars()
    return [FlagEvent(row.flag_id, row.at, row.what, detail=row.detail) for row in rows]


def forget(session: Session, workspace_id: str, person_id: str) -> int:
    """Take a person out of all histories; what was done stays. Return how many lines named them."""
    changed = 0
    for column in (FlagEventRow.actor_id, FlagEventRow.about_id):
        theirs = (col(FlagEventRow.workspace_id) == workspace_id, col(column) == person_id)
        changed += rows_changed(session, update(FlagEventRow).where(*theirs).values({column: ""}))
    return changed


def prune(session: Session, workspace_id: str, before: datetime, settled: Iterable[str]) -> int:
    """Delete the histories of flags that were settled before then; return how many lines went."""
    old = select(col(FlagRow.flag_id)).where(
        col(FlagRow.workspace_id) == workspace_id,
        col(FlagRow.state).in_(list(settled)),
        func.coalesce(col(FlagRow.moved_at), col(FlagRow.opened_at)) < before,
    )
    where = (col(FlagEventRow.workspace_id) == workspace_id, col(FlagEventRow.flag_id).in_(old))
    return rows_changed(session, delete(FlagEventRow).where(*where))
