"""A delivery as a row and back: this module is the one place that knows which column holds what."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col

from nudges.domain.delivery.deliveries import Delivery, DeliveryStatus, NewDeliveries, Planned, Skipped
from nudges.store.engine import AnyRow
from nudges.store.tables import DeliveryRow

# For questions about a person: a status by itself would lead SQLite through all that was ever sent, instead of to the
# few rows of that person.
PLAIN_STATUS = col(DeliveryRow.status).concat("")


def new_rows(workspace_id: str, new: NewDeliveries, now: datetime) -> dict[str, Any]:
    """Return the values of new rows: those that all have, and as one JSON text the decisions, each with its people."""
    decided = [{**_decision_values(one.decision), "people": one.person_ids} for one in new.decided]
    return {
        "in_workspace": workspace_id,
        "of_campaign": new.campaign_id,
        "of_nudge": new.nudge_key,
        "occurrence": new.occurrence,
        "priority": new.priority,
        "created_at": now,
        "decided": json.dumps(decided),
    }


def known(delivery: Delivery) -> dict[str, Any]:
    """Return what a row must still be so that whoever has this delivery may change it; see `leaving`."""
    return {"known_id": delivery.delivery_id, "known_status": delivery.status, "known_attempt": delivery.attempt}


def _decision_values(decision: Planned | Skipped) -> dict[str, Any]:
    """Return what a decision makes of a row; a decision against is a skipped row without a time."""
    if isinstance(decision, Skipped):
        return {
            "status": DeliveryStatus.SKIPPED,
            "reason": decision.reason,
            "is_enqueued": 0,
            "local_due": "",
            "zone": "",
        }
    return {
        "status": DeliveryStatus.PLANNED,
        "reason": "",
        "is_enqueued": 1,
        "local_due": decision.local_due,
        "zone": decision.zone,
        "due_at": _written(decision.due_at),
        "window_ends_at": _written(decision.window_ends_at),
        "fresh_until": _written(decision.fresh_until),
    }


def _written(instant: datetime) -> str:
    # As SQLite keeps an instant; both databases read it.
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


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
        priority=row.priority,
        occurrence=row.occurrence,
    )
