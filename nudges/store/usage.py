"""How often tools are used: this module is the only writer of `usage`, by the week and never finer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import rows_changed
from nudges.store.insertions import insert_into
from nudges.store.tables import UsageRow

_BATCH = 1000


@dataclass(frozen=True)
class Usage:
    """On how many days of the week that began on this Monday a person used a tool."""

    person_id: str
    week_on: date
    active_days: int
    tool: str = ""


def take_over(
    session: Session, workspace_id: str, rows: Sequence[Usage], tell: Callable[[int], None] = lambda _done: None
) -> None:
    """Store these weeks; what was known of the same person, week and tool is replaced. `tell` hears how many are in."""
    statement = insert_into(session.get_bind().dialect.name, UsageRow.__table__)  # type: ignore[attr-defined]
    keys = ["workspace_id", "person_id", "week_on", "tool"]
    once = statement.on_conflict_do_update(index_elements=keys, set_={"active_days": statement.excluded.active_days})
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        session.connection().execute(once, [{"workspace_id": workspace_id, **one.__dict__} for one in batch])
        tell(start + len(batch))


def usage_of(session: Session, workspace_id: str, person_id: str) -> list[Usage]:
    """Return what is kept about a person, the oldest week first."""
    columns = (col(UsageRow.person_id), col(UsageRow.week_on), col(UsageRow.active_days), col(UsageRow.tool))
    where = (_here(workspace_id), col(UsageRow.person_id) == person_id)
    rows = session.execute(select(*columns).where(*where).order_by(col(UsageRow.week_on), col(UsageRow.tool)))
    return [Usage(*row) for row in rows]


def span(session: Session, workspace_id: str) -> tuple[date, date] | None:
    """Return the first and the last week that are known; None where no usage was imported."""
    week_on = col(UsageRow.week_on)
    first, last = session.execute(select(func.min(week_on), func.max(week_on)).where(_here(workspace_id))).one()
    return None if first is None or last is None else (first, last)


def tools(session: Session, workspace_id: str) -> list[str]:
    """Return the tools by the names under which they were imported."""
    statement = select(col(UsageRow.tool)).distinct().where(_here(workspace_id)).order_by(col(UsageRow.tool))
    return list(session.execute(statement).scalars())


def active_since(session: Session, workspace_id: str, week_on: date) -> set[str]:
    """Return who used any tool in the weeks from this one on."""
    where = (_here(workspace_id), col(UsageRow.week_on) >= week_on, col(UsageRow.active_days) > 0)
    return set(session.execute(select(col(UsageRow.person_id)).distinct().where(*where)).scalars())


def prune(session: Session, workspace_id: str, before: date) -> int:
    """Forget the weeks that began before this day; return how many rows."""
    return rows_changed(session, delete(UsageRow).where(_here(workspace_id), col(UsageRow.week_on) < before))


def erase_person(session: Session, workspace_id: str, person_id: str) -> int:
    """Forget what is kept about a person; return how many rows."""
    where = (_here(workspace_id), col(UsageRow.person_id) == person_id)
    return rows_changed(session, delete(UsageRow).where(*where))


def _here(workspace_id: str) -> ColumnElement[bool]:
    return col(UsageRow.workspace_id) == workspace_id
