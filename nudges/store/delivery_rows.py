"""A delivery as a row and back: this module is the one place that knows which column holds what."""

from datetime import datetime
from typing import Any

from nudges.domain.deliveries import Delivery, DeliveryStatus, NewDelivery, Planned
from nudges.store.engine import AnyRow
from nudges.store.tables import DeliveryRow


def new_row(workspace_id: str, new: NewDelivery, now: datetime) -> dict[str, Any]:
    """Return a decision as the values of a new row; a decision against is a skipped row without a time."""
    row: dict[str, Any] = {
        "delivery_id": new.delivery_id,
        "workspace_id": workspace_id,
        "campaign_id": new.campaign_id,
        "nudge_key": new.nudge_key,
        "person_id": new.person_id,
        "occurrence": new.occurrence,
        "priority": new.priority,
        "created_at": now,
        "attempt": 0,
        "failures": 0,
        "empty_reads": 0,
        "channel_id": "",
        "message_ts": "",
        "version": 0,
    }
    return row | _decision_values(new)


def _decision_values(new: NewDelivery) -> dict[str, Any]:
    decision = new.decision
    if not isinstance(decision, Planned):
        empty = dict.fromkeys(("due_at", "ready_at", "window_ends_at", "fresh_until"), None)
        kept = {"status": DeliveryStatus.SKIPPED, "reason": decision.reason, "is_enqueued": False}
        return empty | kept | {"local_due": "", "zone": ""}
    return {
        "status": DeliveryStatus.PLANNED,
        "reason": "",
        "is_enqueued": True,
        "local_due": decision.local_due,
        "zone": decision.zone,
        "due_at": decision.due_at,
        "ready_at": decision.due_at,
        "window_ends_at": decision.window_ends_at,
        "fresh_until": decision.fresh_until,
    }


def to_delivery(row: DeliveryRow | AnyRow) -> Delivery:
    """Return a stored row as the domain sees it."""
    due_at = row.due_at or row.created_at
    return Delivery(
        delivery_id=row.delivery_id,
        campaign_id=row.campaign_id,
        nudge_key=row.nudge_key,
        person_id=row.person_id,
        status=DeliveryStatus(row.status),
        attempt=row.attempt,
        failures=row.failures,
        local_due=row.local_due,
        zone=row.zone,
        due_at=due_at,
        window_ends_at=row.window_ends_at or due_at,
        fresh_until=row.fresh_until or due_at,
        claimed_at=row.claimed_at,
        sent_at=row.sent_at,
        empty_reads=row.empty_reads,
        channel_id=row.channel_id,
        message_ts=row.message_ts,
        version=row.version,
    )
