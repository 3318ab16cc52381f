"""What people did and typed: this module is the only writer of `responses`, `replies` and `seen_events`."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Executable, bindparam, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.delivery.responses import Answered, DeliveryState, ResponseKind
from nudges.store.engine import AnyRow, fetch, rows_changed
from nudges.store.insertions import insert_into
from nudges.store.past import RIGHT, WRONG, PastCount
from nudges.store.tables import ReplyRow, ResponseRow, SeenEventRow

_DONE = select(
    col(ResponseRow.delivery_id),
    col(ResponseRow.kind),
    col(ResponseRow.value),
    col(ResponseRow.is_right),
    col(ResponseRow.confidence),
    col(ResponseRow.responded_at),
)
_STATE = _DONE.where(col(ResponseRow.delivery_id) == bindparam("delivery_id"))
_FEEDBACK = (
    select(col(ResponseRow.value))
    .where(
        col(ResponseRow.workspace_id) == bindparam("workspace_id"),
        col(ResponseRow.person_id) == bindparam("person_id"),
        col(ResponseRow.kind) == ResponseKind.FEEDBACK,
    )
    .order_by(col(ResponseRow.responded_at).desc())
    .limit(bindparam("most"))
)
_STATES = _DONE.where(col(ResponseRow.delivery_id).in_(bindparam("ids", expanding=True)))


def add(
    session: Session,
    workspace_id: str,
    delivery: Delivery,
    kind: ResponseKind,
    *,
    value: str = "",
    is_right: bool | None = None,
    confidence: str = "",
    now: datetime,
) -> bool:
    """Store a response under its natural key; False when the person has done this with the delivery before."""
    values = {
        "delivery_id": delivery.delivery_id,
        "kind": kind.value,
        "workspace_id": workspace_id,
        "campaign_id": delivery.campaign_id,
        "nudge_key": delivery.nudge_key,
        "person_id": delivery.person_id,
        "value": value,
        "is_right": is_right,
        "confidence": confidence,
        "responded_at": now,
    }
    return fetch(session, _adding(session.get_bind().dialect.name), **values).rowcount == 1


@lru_cache(maxsize=2)
def _adding(dialect: str) -> Executable:
    new = insert_into(dialect, ResponseRow.__table__)  # type: ignore[attr-defined]
    # Without the option PostgreSQL's driver has forgotten by the time it is asked.
    return new.on_conflict_do_nothing(index_elements=["delivery_id", "kind"]).execution_options(preserve_rowcount=True)


def state(session: Session, delivery_id: str) -> DeliveryState:
    """Return all that was done with one delivery."""
    return _to_state({row.kind: row for row in fetch(session, _STATE, delivery_id=delivery_id)})


def latest_feedback(session: Session, workspace_id: str, person_id: str, *, most: int) -> tuple[str, ...]:
    """Return how a person marked the nudges they marked last, the latest first."""
    return tuple(fetch(session, _FEEDBACK, workspace_id=workspace_id, person_id=person_id, most=most).scalars())


def has(session: Session, delivery_id: str, kind: ResponseKind) -> bool:
    """Return whether the person has done this with the delivery."""
    return any(row.kind == kind for row in fetch(session, _STATE, delivery_id=delivery_id))


def states(session: Session, delivery_ids: list[str]) -> dict[str, DeliveryState]:
    """Return what was done with each of these deliveries; those untouched are absent."""
    found: dict[str, dict[str, AnyRow]] = {}
    for row in fetch(session, _STATES, ids=delivery_ids):
        found.setdefault(row.delivery_id, {})[row.kind] = row
    return {delivery_id: _to_state(by_kind) for delivery_id, by_kind in found.items()}


def see_event(session: Session, workspace_id: str, event_id: str, now: datetime) -> bool:
    """Remember an event; False when it was seen before."""
    if session.get(SeenEventRow, (workspace_id, event_id)) is not None:
        return False
    session.add(SeenEventRow(workspace_id=workspace_id, event_id=event_id, seen_at=now))
    return True


def keep_text(session: Session, workspace_id: str, *, hashed: str, source: str, text: str, now: datetime) -> int:
    """Keep what a person typed, under their hash; return its number."""
    row = ReplyRow(workspace_id=workspace_id, person_hash=hashed, source=source, text=text, received_at=now)
    session.add(row)
    session.flush()
    return row.reply_id or 0


def erase_text(session: Session, workspace_id: str, hashed: str, reply_id: int) -> bool:
    """Delete one text at once, if it is this person's."""
    where = (col(ReplyRow.workspace_id) == workspace_id, col(ReplyRow.person_hash) == hashed)
    return rows_changed(session, delete(ReplyRow).where(*where, col(ReplyRow.reply_id) == reply_id)) == 1


def erase_barrier(session: Session, workspace_id: str, campaign_id: int, person_id: str) -> int:
    """Forget that a person said something was in the way under a campaign's nudges; return how many times."""
    where = (col(ResponseRow.workspace_id) == workspace_id, col(ResponseRow.campaign_id) == campaign_id)
    theirs = (*where, col(ResponseRow.person_id) == person_id, col(ResponseRow.kind) == ResponseKind.BARRIER)
    return rows_changed(session, delete(ResponseRow).where(*theirs))


def texts_of(session: Session, workspace_id: str, hashed: str) -> list[tuple[datetime, str, str]]:
    """Return what a person typed: when, where, what."""
    where = (col(ReplyRow.workspace_id) == workspace_id, col(ReplyRow.person_hash) == hashed)
    rows = session.execute(select(ReplyRow).where(*where).order_by(col(ReplyRow.received_at))).scalars()
    return [(row.received_at, row.source, row.text) for row in rows]


def responses_of(session: Session, workspace_id: str, person_id: str) -> list[dict[str, object]]:
    """Return what a person did: when, with which nudge, what, its value, and how sure they said they were."""
    where = (col(ResponseRow.workspace_id) == workspace_id, col(ResponseRow.person_id) == person_id)
    rows = session.execute(select(ResponseRow).where(*where).order_by(col(ResponseRow.responded_at))).scalars()
    return [
        {"at": row.responded_at, "nudge": row.nudge_key, "what": row.kind, "value": row.value}
        | ({"how_sure": row.confidence} if row.confidence else {})
        for row in rows
    ]


def prune(session: Session, workspace_id: str, *, events_before: datetime, texts_before: datetime) -> tuple[int, int]:
    """Delete old event ids and old words; return how many of each."""
    events = (col(SeenEventRow.workspace_id) == workspace_id, col(SeenEventRow.seen_at) < events_before)
    texts = (col(ReplyRow.workspace_id) == workspace_id, col(ReplyRow.received_at) < texts_before)
    count = rows_changed(session, delete(SeenEventRow).where(*events))
    return count, rows_changed(session, delete(ReplyRow).where(*texts))


def old_counts(session: Session, campaign_id: int, before: datetime) -> list[PastCount]:
    """Return what was answered before the instant, counted without anybody's name."""
    keys = (col(ResponseRow.nudge_key), col(ResponseRow.kind), col(ResponseRow.value), col(ResponseRow.is_right))
    people = func.count(col(ResponseRow.person_id).distinct())
    statement = select(*keys, func.count(), people).where(*_old(campaign_id, before)).group_by(*keys)
    rows = session.execute(statement).all()
    return [
        PastCount(nudge_key, kind, value, _rightness(is_right), True, count, people)
        for nudge_key, kind, value, is_right, count, people in rows
    ]


def delete_old(session: Session, campaign_id: int, before: datetime) -> int:
    """Delete the responses from before the instant; return how many."""
    return rows_changed(session, delete(ResponseRow).where(*_old(campaign_id, before)))


def _old(campaign_id: int, before: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(ResponseRow.campaign_id) == campaign_id, col(ResponseRow.responded_at) < before


def _rightness(is_right: bool | None) -> str:
    if is_right is None:
        return ""
    return RIGHT if is_right else WRONG


def erase_person(session: Session, workspace_id: str, person_id: str, hashed: str) -> int:
    """Delete a person's responses and words; return how many responses."""
    texts = (col(ReplyRow.workspace_id) == workspace_id, col(ReplyRow.person_hash) == hashed)
    session.execute(delete(ReplyRow).where(*texts))
    mine = (col(ResponseRow.workspace_id) == workspace_id, col(ResponseRow.person_id) == person_id)
    return rows_changed(session, delete(ResponseRow).where(*mine))


def _to_state(rows: dict[str, AnyRow]) -> DeliveryState:
    feedback = rows.get(ResponseKind.FEEDBACK)
    return DeliveryState(
        answer=_answered(rows.get(ResponseKind.ANSWER) or rows.get(ResponseKind.REVIEW)),
        scene=_answered(rows.get(ResponseKind.SCENE)),
        feedback=feedback.value if feedback else "",
        tapped=rows[ResponseKind.TAP].value if ResponseKind.TAP in rows else "",
        has_tried=ResponseKind.TRY_IT in rows,
        has_reported=ResponseKind.BARRIER in rows,
        has_told=ResponseKind.STORY in rows,
        is_known=ResponseKind.KNOWN in rows,
    )


def _answered(row: AnyRow | None) -> Answered | None:
    return None if row is None else Answered(row.value, bool(row.is_right), row.responded_at, row.confidence)
