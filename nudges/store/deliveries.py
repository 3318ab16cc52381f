"""The outbox and what became of it: this module is the only writer of `deliveries`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import (
    FIRST,
    NOTICES,
    Decided,
    Delivery,
    DeliveryStatus,
    Doubt,
    NewDeliveries,
    NewDelivery,
    Planned,
    SkipReason,
)
from nudges.store.delivery_rows import known, new_rows, to_delivery
from nudges.store.delivery_statements import (
    CLAIMABLE,
    abandoning,
    candidates_due,
    claiming,
    enqueuing,
    expiring,
    leaving,
    one_timed,
    rested_unknown,
    unknown_now,
)
from nudges.store.engine import fetch, fetch_one, rows_changed
from nudges.store.past import DELIVERY, RETURN, PastCount
from nudges.store.sent_marks import mark_all_sent as mark_all_sent
from nudges.store.sent_marks import mark_sent as mark_sent
from nudges.store.tables import DeliveryRow

_CHANGED = select(func.changes())


def enqueue(session: Session, workspace_id: str, new: Iterable[NewDelivery], now: datetime) -> int:
    """Store decisions that are not there yet; return how many were added. Doing it twice adds nothing."""
    alike: dict[tuple[int, str, int, int], list[Decided]] = {}
    for one in new:
        about = (one.campaign_id, one.nudge_key, one.occurrence, one.priority)
        alike.setdefault(about, []).append(Decided(one.decision, {one.delivery_id: one.person_id}))
    together = (NewDeliveries(*about[:2], decided, *about[2:]) for about, decided in alike.items())
    return sum(enqueue_all(session, workspace_id, those, now) for those in together)


def enqueue_all(session: Session, workspace_id: str, new: NewDeliveries, now: datetime) -> int:
    """Store what was decided about many people, as far as it is not there yet; return how many were added."""
    added = fetch(session, enqueuing(session.get_bind().dialect.name), **new_rows(workspace_id, new, now)).rowcount
    # SQLite's driver does not count for a statement that begins with WITH.
    return added if added >= 0 else int(fetch(session, _CHANGED).scalar_one())


def claim_due(session: Session, workspace_id: str, *, now: datetime, limit: int) -> list[Delivery]:
    """Take the most urgent due rows, one for each person, and return them in state `sending` with their new attempt."""
    candidates = fetch(session, candidates_due(), workspace_id=workspace_id, now=now, most=limit * 4).all()
    # One at a time for a person: two of theirs in flight could not see each other when the caps are asked.
    most_urgent: dict[str, str] = {}
    for delivery_id, person_id in candidates:
        most_urgent.setdefault(person_id, delivery_id)
    chosen = list(most_urgent.values())[:limit]
    if not chosen:
        return []
    rows = fetch(session, claiming(), chosen=chosen, now=now).all()
    order = {delivery_id: place for place, delivery_id in enumerate(chosen)}
    return sorted((to_delivery(row) for row in rows), key=lambda delivery: order[delivery.delivery_id])


def mark_skipped(session: Session, delivery: Delivery, reason: SkipReason) -> bool:
    """Record why it was not sent after all."""
    return _leave(session, delivery, DeliveryStatus.SKIPPED, reason=reason)


def mark_failed(session: Session, delivery: Delivery, code: str) -> bool:
    """Record that Slack refuses it for good."""
    return _leave(session, delivery, DeliveryStatus.FAILED, reason=code)


def mark_expired(session: Session, delivery: Delivery) -> bool:
    """Record that it was not sent while it was fresh."""
    return _leave(session, delivery, DeliveryStatus.EXPIRED, reason=SkipReason.STALE)


def mark_unknown(session: Session, delivery: Delivery, *, code: str, now: datetime) -> bool:
    """Record that the message may or may not stand at Slack."""
    return _leave(session, delivery, DeliveryStatus.UNKNOWN, reason=code, unknown_at=now, empty_reads=0, read_at=None)


def mark_retry(session: Session, delivery: Delivery, *, ready_at: datetime, code: str, counts: bool) -> bool:
    """Put it back for later; `counts` says whether this was a failure of its own."""
    failures = delivery.failures + (1 if counts else 0)
    return _leave(session, delivery, DeliveryStatus.RETRY, ready_at=ready_at, reason=code, failures=failures)


def put_back(session: Session, delivery: Delivery, *, ready_at: datetime | None = None) -> bool:
    """Make it planned again, ready as before or from another instant on."""
    changes: dict[str, Any] = {"ready_at": ready_at} if ready_at else {}
    return _leave(session, delivery, DeliveryStatus.PLANNED, reason="", **changes)


def note_empty_read(session: Session, delivery: Delivery, now: datetime) -> bool:
    """Count a reading of the conversation that did not find the message."""
    return _leave(session, delivery, DeliveryStatus.UNKNOWN, empty_reads=delivery.empty_reads + 1, read_at=now)


def note_failed_read(session: Session, delivery: Delivery, code: str, read_at: datetime) -> bool:
    """Remember why the conversation could not be read; the gap before the next reading is counted from `read_at`."""
    return _leave(session, delivery, DeliveryStatus.UNKNOWN, reason=code, read_at=read_at)


def abandon(session: Session, workspace_id: str, *, claimed_before: datetime | None, now: datetime) -> int:
    """Turn `sending` rows into `unknown`: all of them at start (None), later those claimed before the instant."""
    limit = {} if claimed_before is None else {"claimed_before": claimed_before}
    return fetch(session, abandoning(*limit), in_workspace=workspace_id, now=now, **limit).rowcount


def unknown_to_read(
    session: Session, workspace_id: str, *, now: datetime, settle: timedelta, gap: timedelta
) -> list[Delivery]:
    """Return unknown rows that have rested for the settle time and were not read within the gap."""
    asked = {"workspace_id": workspace_id, "rested_since": now - settle, "read_before": now - gap}
    return [to_delivery(row) for row in fetch(session, rested_unknown(), **asked)]


def doubts(session: Session, workspace_id: str) -> list[Doubt]:
    """Return all whose outcome nobody knows, rested or not."""
    return [Doubt(*row) for row in fetch(session, unknown_now(), workspace_id=workspace_id)]


def expire_stale(session: Session, workspace_id: str, now: datetime, *, most: int = 1000) -> int:
    """Expire what waits and is no longer fresh, that many of each state at most; return how many."""
    asked = {"in_workspace": workspace_id, "now": now, "most": most}
    return sum(fetch(session, expiring(), waiting=status, **asked).rowcount for status in CLAIMABLE)


def skip_waiting(session: Session, workspace_id: str, reason: SkipReason, *where: ColumnElement[bool]) -> int:
    """Skip all planned and retry rows that fulfil the conditions."""
    statement = update(DeliveryRow).where(_in(workspace_id, *CLAIMABLE), *where)
    return rows_changed(session, statement.values(status=DeliveryStatus.SKIPPED, reason=reason))


def skip_nudge(session: Session, workspace_id: str, campaign_id: int, nudge_key: str) -> int:
    """Skip what waits of a nudge that was stopped for everybody."""
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.nudge_key) == nudge_key)
    return skip_waiting(session, workspace_id, SkipReason.NUDGE_STOPPED, *where)


def recall_nudge(session: Session, workspace_id: str, campaign_id: int, nudge_key: str) -> int:
    """Skip what waits of a nudge that people took back."""
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.nudge_key) == nudge_key)
    return skip_waiting(session, workspace_id, SkipReason.RECALLED, *where)


def note_version(session: Session, delivery_id: str, version: int) -> None:
    """Record that a message that stands there now shows another version's words."""
    session.execute(update(DeliveryRow).where(col(DeliveryRow.delivery_id) == delivery_id).values(version=version))


def skip_removed_nudges(session: Session, workspace_id: str, campaign_id: int, kept: Sequence[str]) -> int:
    """Skip what waits of nudges that an update took out of the playbook."""
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.nudge_key).not_in(kept))
    return skip_waiting(session, workspace_id, SkipReason.NUDGE_STOPPED, *where)


def skip_person(session: Session, workspace_id: str, person_id: str, reason: SkipReason) -> int:
    """Skip all nudges that wait for a person."""
    where = (col(DeliveryRow.person_id) == person_id, col(DeliveryRow.campaign_id) != NOTICES)
    return skip_waiting(session, workspace_id, reason, *where)


def move(session: Session, delivery: Delivery, planned: Planned) -> bool:
    """Give a waiting delivery new instants, because the zone's rules or the person's zone changed.

    Not when it was moved since it was read: whoever did that knew more.
    """
    values = {"due_at": planned.due_at, "ready_at": planned.due_at, "window_ends_at": planned.window_ends_at,
              "fresh_until": planned.fresh_until,
              "zone": planned.zone, "local_due": planned.local_due}  # fmt: skip
    is_as_read = (col(DeliveryRow.status) == DeliveryStatus.PLANNED, col(DeliveryRow.due_at) == delivery.due_at)
    where = (col(DeliveryRow.delivery_id) == delivery.delivery_id, *is_as_read)
    return rows_changed(session, update(DeliveryRow).where(*where).values(**values)) == 1


def waiting(session: Session, workspace_id: str) -> list[Delivery]:
    """Return planned rows, for deriving their instants again."""
    return [delivery for part in waiting_in_parts(session, workspace_id, 1000) for delivery in part]


def waiting_in_parts(session: Session, workspace_id: str, size: int) -> Iterator[list[Delivery]]:
    """Give the same, so many at a time: everybody of a large company may wait for something."""
    statement = select(DeliveryRow).where(_in(workspace_id, DeliveryStatus.PLANNED))
    for rows in session.execute(statement.execution_options(yield_per=size)).scalars().partitions():
        yield [to_delivery(row) for row in rows]


def count_waiting(session: Session, workspace_id: str, campaign_id: int, nudge_keys: Sequence[str]) -> int:
    """Return how many deliveries of these nudges are planned or to be tried again."""
    where = (_in(workspace_id, *CLAIMABLE), _of(campaign_id, nudge_keys))
    return session.execute(select(func.count()).where(*where)).scalar_one()


def keys_of(session: Session, campaign_id: int) -> set[str]:
    """Return the nudges of a campaign that have deliveries."""
    keys = select(col(DeliveryRow.nudge_key)).where(col(DeliveryRow.campaign_id) == campaign_id).distinct()
    return set(session.execute(keys).scalars())


def find(session: Session, workspace_id: str, delivery_id: str) -> Delivery | None:
    """Return the delivery of this workspace, or None; skipped rows without a time are None too."""
    row = fetch_one(session, one_timed(), workspace_id=workspace_id, delivery_id=delivery_id)
    return to_delivery(row) if row else None


def reopen_campaign(session: Session, campaign_id: int, nudge_keys: Sequence[str]) -> int:
    """Forget decisions that nobody has acted on, so that planning makes them anew from a new text."""
    where = (
        col(DeliveryRow.campaign_id) == campaign_id,
        col(DeliveryRow.nudge_key).in_(nudge_keys),
        col(DeliveryRow.attempt) == 0,
        (col(DeliveryRow.status) == DeliveryStatus.PLANNED) | (col(DeliveryRow.reason) == SkipReason.NUDGE_STOPPED),
    )
    return rows_changed(session, delete(DeliveryRow).where(*where))


def old_ids(session: Session, campaign_id: int, nudge_key: str, before: datetime, *, most: int) -> Sequence[str]:
    """Return some of a nudge's deliveries that were over before the instant."""
    where = (_is_old(before), _of(campaign_id, [nudge_key]))
    return session.execute(select(col(DeliveryRow.delivery_id)).where(*where).limit(most)).scalars().all()


def old_counts(
    session: Session, campaign_id: int, nudge_keys: Sequence[str], before: datetime, only: Sequence[str] = ()
) -> list[PastCount]:
    """Return what became of the deliveries that were over before the instant, counted without anybody's name."""
    skipped = col(DeliveryRow.status) == DeliveryStatus.SKIPPED
    reason = case((skipped, col(DeliveryRow.reason)), else_="")
    kind = case((col(DeliveryRow.occurrence) > FIRST, RETURN), else_=DELIVERY)
    keys = (col(DeliveryRow.nudge_key), col(DeliveryRow.status), reason, col(DeliveryRow.is_enqueued))
    people = func.count(col(DeliveryRow.person_id).distinct())
    where = (_is_old(before), _of(campaign_id, nudge_keys), *_only(only))
    rows = session.execute(select(*keys, kind, func.count(), people).where(*where).group_by(*keys, kind)).all()
    return [PastCount(row[0], row[4], *row[1:4], *row[5:]) for row in rows]


def delete_old(
    session: Session, campaign_id: int, nudge_keys: Sequence[str], before: datetime, only: Sequence[str] = ()
) -> int:
    """Delete the deliveries that were over before the instant, or only some of them; return how many."""
    return rows_changed(session, delete(DeliveryRow).where(_is_old(before), _of(campaign_id, nudge_keys), *_only(only)))


def delete_old_notices(session: Session, workspace_id: str, before: datetime) -> int:
    """Delete messages to owners and admins that were over before the instant; return how many."""
    where = (col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.campaign_id) == NOTICES, _is_old(before))
    return rows_changed(session, delete(DeliveryRow).where(*where))


def erase_person(session: Session, workspace_id: str, person_id: str) -> int:
    """Delete all deliveries of a person; return how many."""
    where = (col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.person_id) == person_id)
    return rows_changed(session, delete(DeliveryRow).where(*where))


def _leave(session: Session, delivery: Delivery, status: DeliveryStatus, **values: Any) -> bool:
    """Change the row only if it still is what this attempt knew; a process that wakes up late changes nothing."""
    return fetch(session, leaving(*sorted(values)), **known(delivery), status=status, **values).rowcount == 1


def _in(workspace_id: str, *statuses: DeliveryStatus) -> ColumnElement[bool]:
    return (col(DeliveryRow.workspace_id) == workspace_id) & col(DeliveryRow.status).in_(statuses)


def _of(campaign_id: int, nudge_keys: Sequence[str]) -> ColumnElement[bool]:
    return (col(DeliveryRow.campaign_id) == campaign_id) & col(DeliveryRow.nudge_key).in_(nudge_keys)


def _only(delivery_ids: Sequence[str]) -> Sequence[ColumnElement[bool]]:
    return [col(DeliveryRow.delivery_id).in_(delivery_ids)] if delivery_ids else []


def _is_old(before: datetime) -> ColumnElement[bool]:
    over_at = func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.fresh_until), col(DeliveryRow.created_at))
    return col(DeliveryRow.status).not_in((*CLAIMABLE, DeliveryStatus.SENDING)) & (over_at < before)
