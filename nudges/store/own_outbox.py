"""What one person's wishes change in the outbox: this module is the part of `deliveries` that is about one person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import NOTICES, Delivery, DeliveryStatus, SkipReason
from nudges.store.deliveries import skip_waiting
from nudges.store.delivery_rows import to_delivery
from nudges.store.delivery_statements import CLAIMABLE
from nudges.store.engine import rows_changed
from nudges.store.tables import DeliveryRow


def waiting_for(session: Session, workspace_id: str, person_id: str) -> list[Delivery]:
    """Return what waits to be sent to a person."""
    where = (col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.person_id) == person_id)
    waits = (col(DeliveryRow.status).in_(CLAIMABLE), col(DeliveryRow.sent_at).is_(None))
    is_nudge = col(DeliveryRow.campaign_id) != NOTICES
    rows = session.execute(select(DeliveryRow).where(*where, *waits, is_nudge)).scalars()
    return [to_delivery(row) for row in rows]


def keep_fresh(session: Session, delivery: Delivery, fresh_until: datetime) -> bool:
    """Let a waiting delivery be sent for longer, because its person rests."""
    where = (col(DeliveryRow.delivery_id) == delivery.delivery_id, col(DeliveryRow.status).in_(CLAIMABLE))
    return rows_changed(session, update(DeliveryRow).where(*where).values(fresh_until=fresh_until)) == 1


def wake(session: Session, workspace_id: str, person_id: str) -> int:
    """Ask anew about what was put off, because what put it off is over; return how many."""
    where = (
        col(DeliveryRow.workspace_id) == workspace_id,
        col(DeliveryRow.person_id) == person_id,
        col(DeliveryRow.status) == DeliveryStatus.PLANNED,
        col(DeliveryRow.sent_at).is_(None),
        col(DeliveryRow.ready_at) > col(DeliveryRow.due_at),
    )
    return rows_changed(session, update(DeliveryRow).where(*where).values(ready_at=col(DeliveryRow.due_at)))


def skip_these(session: Session, workspace_id: str, delivery_ids: Sequence[str], reason: SkipReason) -> int:
    """Skip some of what waits; return how many did."""
    return skip_waiting(session, workspace_id, reason, col(DeliveryRow.delivery_id).in_(delivery_ids))


def reopen(
    session: Session,
    workspace_id: str,
    person_id: str,
    *,
    reasons: Sequence[SkipReason],
    now: datetime,
    horizon: timedelta,
) -> int:
    """Forget what was skipped for the person's own sake, as far as it may still come; return how many."""
    never_due = col(DeliveryRow.fresh_until).is_(None) & (col(DeliveryRow.created_at) > now - horizon)
    where = (
        col(DeliveryRow.workspace_id) == workspace_id,
        col(DeliveryRow.person_id) == person_id,
        col(DeliveryRow.status) == DeliveryStatus.SKIPPED,
        col(DeliveryRow.reason).in_(reasons),
        col(DeliveryRow.attempt) == 0,
        (col(DeliveryRow.fresh_until) > now) | never_due,
    )
    return rows_changed(session, delete(DeliveryRow).where(*where))
