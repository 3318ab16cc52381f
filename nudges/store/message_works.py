"""Orders to correct or recall sent messages: this module is the only writer of `message_works`, `message_changes`."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, Executable, bindparam, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.store.additions import add_new
from nudges.store.engine import AnyRow, fetch, fetch_one, rows_changed
from nudges.store.tables import DeliveryRow, MessageChangeRow, MessageWorkRow, ResponseRow


class WorkKind(StrEnum):
    """What an order does to messages."""

    CORRECT = "correct"
    RECALL = "recall"


class ChangeState(StrEnum):
    """How far one message of an order is."""

    WAITING = "waiting"
    DONE = "done"
    KEPT = "kept"  # left standing on purpose: answered, or gone by itself
    FAILED = "failed"


@dataclass(frozen=True)
class Work:
    """One order; `nudge_key` is empty when it is about every nudge."""

    work_id: int
    campaign_id: int
    nudge_key: str
    kind: WorkKind
    version: int
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """One message to be changed."""

    work_id: int
    delivery_id: str
    failures: int


# Asked after every step of virtual time, so built once.
_OURS = select(col(MessageWorkRow.work_id)).where(col(MessageWorkRow.workspace_id) == bindparam("workspace_id"))
_NEXT_AT = select(func.min(col(MessageChangeRow.ready_at))).where(
    col(MessageChangeRow.work_id).in_(_OURS),
    col(MessageChangeRow.state) == ChangeState.WAITING,
    col(MessageChangeRow.ready_at) > bindparam("after"),
)


def add(session: Session, workspace_id: str, new: Work) -> int:
    """Store an order and return its id."""
    values = {name: value for name, value in new.__dict__.items() if name != "work_id"}
    row = MessageWorkRow(workspace_id=workspace_id, **values)
    session.add(row)
    session.flush()
    return row.work_id or 0


def add_changes(session: Session, work_id: int, delivery_ids: Iterable[str], now: datetime) -> int:
    """Let an order be about these messages too; return how many were new to it."""
    rows = [
        {
            "work_id": work_id,
            "delivery_id": one,
            "state": ChangeState.WAITING,
            "code": "",
            "failures": 0,
            "ready_at": now,
        }
        for one in delivery_ids
    ]
    return add_new(session, MessageChangeRow.__table__, rows)  # type: ignore[attr-defined]


def sent_ids(
    session: Session, campaign_id: int, nudge_keys: Collection[str], *, besides_version: int | None = None
) -> list[str]:
    """Return the deliveries of these nudges that stand at Slack; with a version, those that show another one."""
    where = [
        col(DeliveryRow.campaign_id) == campaign_id,
        col(DeliveryRow.nudge_key).in_(nudge_keys),
        col(DeliveryRow.status) == DeliveryStatus.SENT,
        col(DeliveryRow.message_ts) != "",
    ]
    if besides_version is not None:
        where.append(col(DeliveryRow.version) != besides_version)
    return list(session.execute(select(col(DeliveryRow.delivery_id)).where(*where)).scalars())


def is_answered(session: Session, delivery_id: str) -> bool:
    """Return whether the person has done anything with this message."""
    found = select(col(ResponseRow.delivery_id)).where(col(ResponseRow.delivery_id) == delivery_id).limit(1)
    return session.execute(found).first() is not None


def due(session: Session, workspace_id: str, now: datetime, limit: int) -> list[Change]:
    """Return messages whose turn it is, the oldest order first."""
    columns = (col(MessageChangeRow.work_id), col(MessageChangeRow.delivery_id), col(MessageChangeRow.failures))
    where = (
        _of(workspace_id),
        col(MessageChangeRow.state) == ChangeState.WAITING,
        col(MessageChangeRow.ready_at) <= now,
    )
    order = (col(MessageChangeRow.work_id), col(MessageChangeRow.ready_at), col(MessageChangeRow.delivery_id))
    rows = session.execute(select(*columns).where(*where).order_by(*order).limit(limit)).all()
    return [Change(*row) for row in rows]


def next_at(session: Session, workspace_id: str, after: datetime) -> datetime | None:
    """Return the next instant later than `after` at which a message waits to be changed, or None."""
    row = fetch_one(session, _NEXT_AT, workspace_id=workspace_id, after=after)
    return row[0] if row else None


def mark(session: Session, change: Change, state: ChangeState, code: str = "") -> None:
    """Record what became of a message."""
    _change(session, change, state=state, code=code)


def put_off(session: Session, change: Change, *, ready_at: datetime, code: str, counts: bool) -> None:
    """Try a message again later; `counts` says whether this was a failure of its own."""
    _change(session, change, ready_at=ready_at, code=code, failures=change.failures + (1 if counts else 0))


def fail_waiting(session: Session, work_id: int, code: str) -> int:
    """Give up what waits of an order that Slack refuses; return how many."""
    where = (col(MessageChangeRow.work_id) == work_id, col(MessageChangeRow.state) == ChangeState.WAITING)
    return rows_changed(session, update(MessageChangeRow).where(*where).values(state=ChangeState.FAILED, code=code))


def work(session: Session, workspace_id: str, work_id: int) -> Work | None:
    """Return one order of this workspace, or None."""
    row = session.get(MessageWorkRow, work_id)
    return _to_work(row) if row is not None and row.workspace_id == workspace_id else None


def works(session: Session, workspace_id: str, kind: WorkKind | None = None, *, is_open: bool = False) -> list[Work]:
    """Return orders, oldest first: all, those of one kind, or those not finished."""
    which = {} if kind is None else {"kind": kind}
    return [
        _to_work(row) for row in fetch(session, _works(*which, is_open=is_open), workspace_id=workspace_id, **which)
    ]


@cache
def _works(*which: str, is_open: bool) -> Executable:
    """Return the statement, made once: it is asked every minute."""
    columns = [getattr(MessageWorkRow, one.name) for one in fields(Work)]
    statement = select(*columns).where(col(MessageWorkRow.workspace_id) == bindparam("workspace_id"))
    for name in which:
        statement = statement.where(col(getattr(MessageWorkRow, name)) == bindparam(name))
    if is_open:
        statement = statement.where(col(MessageWorkRow.finished_at).is_(None))
    return statement.order_by(col(MessageWorkRow.work_id))


def counts(session: Session, work_id: int) -> Counter[str]:
    """Return how many messages of an order are in each state."""
    state = col(MessageChangeRow.state)
    rows = session.execute(select(state, func.count()).where(col(MessageChangeRow.work_id) == work_id).group_by(state))
    return Counter({name: count for name, count in rows.all()})  # noqa: C416 - a Row is no pair to the type checker


def finish(session: Session, work_id: int, now: datetime) -> bool:
    """Record that an order is done; False when it was before."""
    where = (col(MessageWorkRow.work_id) == work_id, col(MessageWorkRow.finished_at).is_(None))
    return rows_changed(session, update(MessageWorkRow).where(*where).values(finished_at=now)) == 1


def erase_person(session: Session, workspace_id: str, person_id: str) -> int:
    """Forget which of a person's messages were to be changed; asked before their deliveries go."""
    theirs = select(col(DeliveryRow.delivery_id)).where(
        col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.person_id) == person_id
    )
    where = (_of(workspace_id), col(MessageChangeRow.delivery_id).in_(theirs))
    return rows_changed(session, delete(MessageChangeRow).where(*where).execution_options(synchronize_session=False))


def prune(session: Session, workspace_id: str, before: datetime) -> int:
    """Delete what is left of orders finished before the instant; return how many messages they were about."""
    done = select(col(MessageWorkRow.work_id)).where(
        col(MessageWorkRow.workspace_id) == workspace_id, col(MessageWorkRow.finished_at) < before
    )
    where = col(MessageChangeRow.work_id).in_(done)
    return rows_changed(session, delete(MessageChangeRow).where(where).execution_options(synchronize_session=False))


def _change(session: Session, change: Change, **values: object) -> None:
    where = (
        col(MessageChangeRow.work_id) == change.work_id,
        col(MessageChangeRow.delivery_id) == change.delivery_id,
        col(MessageChangeRow.state) == ChangeState.WAITING,
    )
    session.execute(update(MessageChangeRow).where(*where).values(**values))


def _of(workspace_id: str) -> ColumnElement[bool]:
    ours = select(col(MessageWorkRow.work_id)).where(col(MessageWorkRow.workspace_id) == workspace_id)
    return col(MessageChangeRow.work_id).in_(ours)


def _to_work(row: MessageWorkRow | AnyRow) -> Work:
    values = {field.name: getattr(row, field.name) for field in fields(Work)}
    return Work(**{**values, "kind": WorkKind(row.kind)})
