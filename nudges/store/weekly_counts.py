"""What groups did, week by week: this module is the only writer of `weeks` and `weekly_counts`, and counts for them."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.barriers.weekly_counts import WeeklyCount
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import ResponseKind
from nudges.store.engine import fetch, rows_changed
from nudges.store.tables import DeliveryRow, ResponseRow, UsageRow, WeeklyCountRow, WeekRow

ANSWERED_WITHIN = timedelta(days=56)  # of the sending; what is tapped later is no answer to a week

# What somebody says is in the way is evidence of its own, looked at when periods close: counted here as an answer, a
# single report would move what is seen of the group.
_NO_ANSWER = (ResponseKind.BARRIER,)
# Asked every hour.
_LATEST = select(func.max(col(WeekRow.week))).where(col(WeekRow.workspace_id) == bindparam("workspace_id"))


def asked_by_person(session: Session, workspace_id: str, begin: datetime, end: datetime) -> dict[str, int]:
    """Return how many nudges reached each person from `begin` on and before `end`."""
    where = (
        col(DeliveryRow.workspace_id) == workspace_id,
        col(DeliveryRow.status) == DeliveryStatus.SENT,
        col(DeliveryRow.campaign_id) > 0,  # 0 is a notice, to which nobody is expected to answer
        col(DeliveryRow.sent_at) >= begin,
        col(DeliveryRow.sent_at) < end,
    )
    statement = select(col(DeliveryRow.person_id), func.count()).where(*where).group_by(col(DeliveryRow.person_id))
    return {person_id: int(count) for person_id, count in session.execute(statement)}


def answered_by_person(session: Session, workspace_id: str, begin: datetime, end: datetime) -> dict[str, int]:
    """Return how many nudges each person first did something with in that time, whenever they were sent."""
    first = func.min(col(ResponseRow.responded_at))
    taps = (
        select(col(DeliveryRow.person_id).label("person_id"))
        .join(ResponseRow, col(ResponseRow.delivery_id) == col(DeliveryRow.delivery_id))
        .where(
            col(DeliveryRow.workspace_id) == workspace_id,
            col(DeliveryRow.status) == DeliveryStatus.SENT,
            col(DeliveryRow.campaign_id) > 0,
            col(DeliveryRow.sent_at) >= begin - ANSWERED_WITHIN,
            col(DeliveryRow.sent_at) < end,
            col(ResponseRow.kind).not_in(_NO_ANSWER),
        )
        .group_by(col(DeliveryRow.delivery_id), col(DeliveryRow.person_id))
        .having(first >= begin, first < end)
        .subquery()
    )
    statement = select(taps.c.person_id, func.count()).group_by(taps.c.person_id)
    return {person_id: int(count) for person_id, count in session.execute(statement)}


def days_by_person(session: Session, workspace_id: str, monday: date) -> dict[str, int]:
    """Return on how many days of a week each person used the tool they used most; empty where nothing is known."""
    where = (col(UsageRow.workspace_id) == workspace_id, col(UsageRow.week_on) == monday)
    days = func.max(col(UsageRow.active_days))
    statement = select(col(UsageRow.person_id), days).where(*where).group_by(col(UsageRow.person_id))
    return {person_id: int(count) for person_id, count in session.execute(statement)}


def last_counted(session: Session, workspace_id: str) -> int:
    """Return the latest week that was counted, or -1."""
    found = fetch(session, _LATEST, workspace_id=workspace_id).scalar()
    return -1 if found is None else int(found)


def keep(session: Session, workspace_id: str, week: int, counts: Iterable[WeeklyCount]) -> bool:
    """Store a week's counts; False when it was counted before."""
    if session.get(WeekRow, (workspace_id, week)) is not None:
        return False
    session.add(WeekRow(workspace_id=workspace_id, week=week))
    rows = [{"workspace_id": workspace_id, **one.__dict__} for one in counts]
    if rows:
        session.execute(insert(WeeklyCountRow), rows)
    return True


def add_usage(session: Session, workspace_id: str, counts: Iterable[WeeklyCount]) -> None:
    """Put usage beside what was counted before it was imported."""
    for one in counts:
        where = (
            col(WeeklyCountRow.workspace_id) == workspace_id,
            col(WeeklyCountRow.week) == one.week,
            col(WeeklyCountRow.scope_type) == one.scope_type,
            col(WeeklyCountRow.scope_id) == one.scope_id,
        )
        rows_changed(session, update(WeeklyCountRow).where(*where).values(usable=one.usable, used=one.used))


def counts(session: Session, workspace_id: str, *, since: int = 0) -> list[WeeklyCount]:
    """Return what groups did in each counted week from `since` on, in order of weeks and groups."""
    table = WeeklyCountRow
    columns: list[Any] = [col(getattr(table, one.name)) for one in fields(WeeklyCount)]
    where = (col(table.workspace_id) == workspace_id, col(table.week) >= since)
    order = (col(table.week), col(table.scope_type), col(table.scope_id))
    return [WeeklyCount(*tuple(row)) for row in session.execute(select(*columns).where(*where).order_by(*order))]


def weeks_without_usage(session: Session, workspace_id: str, *, since: int) -> list[int]:
    """Return the counted weeks from `since` on for which no usage was known."""
    statement = (
        select(col(WeeklyCountRow.week))
        .where(col(WeeklyCountRow.workspace_id) == workspace_id, col(WeeklyCountRow.week) >= since)
        .group_by(col(WeeklyCountRow.week))
        .having(func.max(col(WeeklyCountRow.usable)) == 0)
    )
    return sorted(session.execute(statement).scalars())


def rename_team(session: Session, workspace_id: str, *, old: str, new: str) -> None:
    """Call a team that bears a person's id otherwise."""
    where = (col(WeeklyCountRow.workspace_id) == workspace_id, col(WeeklyCountRow.scope_id) == old)
    rows_changed(session, update(WeeklyCountRow).where(*where).values(scope_id=new))


def prune(session: Session, workspace_id: str, before_week: int) -> int:
    """Delete the counts of weeks before this one; return how many rows."""
    old = (col(WeeklyCountRow.workspace_id) == workspace_id, col(WeeklyCountRow.week) < before_week)
    return rows_changed(session, delete(WeeklyCountRow).where(*old))
