"""What went before: this module is the reading queries that planning and eligibility ask; it writes nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.deliveries import NOTICES, DeliveryStatus
from nudges.domain.eligibility import NEVER, Sending
from nudges.domain.planning import Predecessor
from nudges.store.tables import DeliveryRow, ResponseRow

# What may already stand in the person's conversation counts as sent when caps are asked.
_COUNTED = (DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
_LATEST = 40


def sendings(session: Session, workspace_id: str, person_id: str, *, besides: str) -> list[Sending]:
    """Return the latest nudges of a person over all campaigns, newest first, without the delivery named."""
    same = col(ResponseRow.delivery_id) == col(DeliveryRow.delivery_id)
    is_answered = select(col(ResponseRow.delivery_id)).where(same).exists()
    at = func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at))
    statement = (
        select(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at), col(DeliveryRow.window_ends_at), is_answered)
        .where(
            col(DeliveryRow.workspace_id) == workspace_id,
            col(DeliveryRow.person_id) == person_id,
            col(DeliveryRow.campaign_id) != NOTICES,
            col(DeliveryRow.status).in_(_COUNTED),
            col(DeliveryRow.delivery_id) != besides,
        )
        .order_by(at.desc())
        .limit(_LATEST)
    )
    return [_sending(*row) for row in session.execute(statement).all()]


def _sending(
    sent_at: datetime | None, claimed_at: datetime | None, window_ends_at: datetime | None, is_answered: bool
) -> Sending:
    at = sent_at or claimed_at or NEVER
    return Sending(at, is_answered=bool(is_answered), is_catch_up=window_ends_at is not None and at >= window_ends_at)


def decided(session: Session, campaign_id: int, nudge_key: str) -> set[str]:
    """Return the people for whom this nudge has been decided."""
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.nudge_key) == nudge_key)
    return set(session.execute(select(col(DeliveryRow.person_id)).where(*where)).scalars())


def decided_counts(session: Session, campaign_id: int) -> dict[str, int]:
    """Return for how many people each nudge has been decided."""
    statement = select(col(DeliveryRow.nudge_key), func.count()).where(col(DeliveryRow.campaign_id) == campaign_id)
    rows = session.execute(statement.group_by(col(DeliveryRow.nudge_key))).all()
    return {nudge_key: count for nudge_key, count in rows}  # noqa: C416 - a Row is no pair to the type checker


def predecessors(session: Session, campaign_id: int, nudge_key: str) -> dict[str, Predecessor]:
    """Return how a nudge stands for each person of a campaign."""
    statement = select(col(DeliveryRow.person_id), col(DeliveryRow.status), col(DeliveryRow.sent_at)).where(
        col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.nudge_key) == nudge_key
    )
    rows = session.execute(statement).all()
    return {person_id: Predecessor(DeliveryStatus(status), sent_at) for person_id, status, sent_at in rows}


def next_due_at(session: Session, workspace_id: str, *, person_id: str = "", campaign_id: int = 0) -> datetime | None:
    """Return the earliest instant at which something waits to be sent, or None."""
    waiting = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)
    where = [col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.status).in_(waiting)]
    if person_id:
        where.append(col(DeliveryRow.person_id) == person_id)
    if campaign_id:
        where.append(col(DeliveryRow.campaign_id) == campaign_id)
    return _first_instant(session.execute(select(func.min(col(DeliveryRow.ready_at))).where(*where)).scalars().all())


def unsettled_since(session: Session, workspace_id: str) -> list[tuple[datetime, datetime | None]]:
    """Return for each unknown delivery since when it is and when it was last looked up."""
    where = (col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.status) == DeliveryStatus.UNKNOWN)
    rows = session.execute(select(col(DeliveryRow.unknown_at), col(DeliveryRow.read_at)).where(*where)).all()
    return [(unknown_at, read_at) for unknown_at, read_at in rows if unknown_at is not None]


def _first_instant(values: Iterable[datetime | None]) -> datetime | None:
    return next((value for value in values if value is not None), None)
