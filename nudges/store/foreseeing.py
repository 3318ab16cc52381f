"""Everything a forecast starts from: this module reads it in a few statements for everybody; it writes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import FIRST, NOTICES, DeliveryStatus, Planned
from nudges.domain.delivery.eligibility import UNANSWERED_LIMIT, Sending
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.forecasts.forecast import Got, Stored
from nudges.domain.playbooks.follow_ups import Given
from nudges.store.tables import CampaignRow, DeliveryRow, ResponseRow

# What may already stand in the person's conversation counts as sent when caps are asked.
_COUNTED = (DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
_COLUMNS = (
    "delivery_id", "campaign_id", "nudge_key", "person_id", "status", "reason", "priority", "attempt", "local_due",
    "zone", "due_at", "window_ends_at", "fresh_until", "ready_at", "sent_at", "claimed_at", "created_at",
)  # fmt: skip


def stored(session: Session, campaign_ids: Sequence[int]) -> list[Stored]:
    """Return every decision of these campaigns."""
    columns = [getattr(DeliveryRow, name) for name in _COLUMNS]
    is_first = col(DeliveryRow.occurrence) == FIRST  # questions that come back are not foreseen
    by_campaign = (select(*columns).where(col(DeliveryRow.campaign_id) == one, is_first) for one in campaign_ids)
    given = _given(session, campaign_ids)
    return [
        replace(_to_stored(row), given=given.get(row.delivery_id, {}))
        for statement in by_campaign
        for row in session.execute(statement)
    ]


def _given(session: Session, campaign_ids: Sequence[int]) -> dict[str, dict[str, Given]]:
    """Return what was answered, by delivery and kind: on these kinds something that follows may hang."""
    names = ("delivery_id", "kind", "value", "is_right", "responded_at")
    kinds = (ResponseKind.ANSWER, ResponseKind.FEEDBACK, ResponseKind.TAP)
    statement = select(*(getattr(ResponseRow, name) for name in names)).where(
        col(ResponseRow.campaign_id).in_(campaign_ids), col(ResponseRow.kind).in_(kinds)
    )
    found: dict[str, dict[str, Given]] = {}
    for delivery_id, kind, value, is_right, at in session.execute(statement):
        found.setdefault(delivery_id, {})[kind] = Given(value, is_right, at)
    return found


def got(session: Session, workspace_id: str, *, since: datetime) -> dict[str, list[Got]]:
    """Return by person what they got since then, and at least their latest three, oldest first."""
    at = func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at))
    same = col(ResponseRow.delivery_id) == col(DeliveryRow.delivery_id)
    place = func.row_number().over(partition_by=col(DeliveryRow.person_id), order_by=at.desc())
    counted = (
        select(
            col(DeliveryRow.person_id), col(DeliveryRow.campaign_id), col(DeliveryRow.nudge_key), at.label("at"),
            col(DeliveryRow.window_ends_at), select(col(ResponseRow.kind)).where(same).exists().label("is_answered"),
            col(DeliveryRow.priority), (col(DeliveryRow.occurrence) > FIRST).label("is_review"), place.label("place"),
        )
        .where(
            col(DeliveryRow.workspace_id) == workspace_id,
            col(DeliveryRow.campaign_id) != NOTICES,
            col(DeliveryRow.status).in_(_COUNTED),
        )
        .subquery()
    )  # fmt: skip
    statement = select(counted).where((counted.c.place <= UNANSWERED_LIMIT) | (counted.c.at >= since))
    found: dict[str, list[Got]] = {}
    for person_id, campaign_id, nudge_key, sent_at, window_ends_at, is_answered, *which, _ in session.execute(
        statement.order_by(counted.c.person_id, counted.c.at)
    ):
        is_catch_up = window_ends_at is not None and sent_at >= window_ends_at
        sending = Sending(sent_at, bool(is_answered), is_catch_up, campaign_id, nudge_key, *which)
        found.setdefault(person_id, []).append(Got(campaign_id, nudge_key, sending))
    return found


def next_campaign_id(session: Session) -> int:
    """Return the number that the next campaign will have: the draw of a holdout hangs on it."""
    if session.get_bind().dialect.name == "postgresql":
        name = session.execute(text("SELECT pg_get_serial_sequence('campaigns', 'campaign_id')")).scalar_one()
        last, is_called = session.execute(text(f"SELECT last_value, is_called FROM {name}")).one()  # noqa: S608 - our own
        return int(last) + (1 if is_called else 0)
    return (session.execute(select(func.max(col(CampaignRow.campaign_id)))).scalar_one() or 0) + 1


def _to_stored(row: Any) -> Stored:
    planned = None
    if row.due_at is not None:
        planned = Planned(row.local_due, row.zone, row.due_at, row.window_ends_at, row.fresh_until)
    return Stored(
        delivery_id=row.delivery_id,
        campaign_id=row.campaign_id,
        nudge_key=row.nudge_key,
        person_id=row.person_id,
        status=DeliveryStatus(row.status),
        decided_at=row.created_at,
        reason=row.reason,
        priority=row.priority,
        attempt=row.attempt,
        planned=planned,
        ready_at=row.ready_at,
        sent_at=row.sent_at or (row.claimed_at if row.status in _COUNTED else None),
    )
