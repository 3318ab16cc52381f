"""What stands at Slack: this module marks deliveries as sent, a whole group with one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, DeliveryStatus
from nudges.store.delivery_rows import known
from nudges.store.delivery_statements import leaving, standing_now
from nudges.store.engine import fetch, fetch_many


@dataclass(frozen=True)
class Mark:
    """A delivery that stands at Slack: in which conversation, under which name, since when."""

    delivery: Delivery
    channel_id: str
    message_ts: str
    at: datetime


def mark_all_sent(session: Session, marks: Sequence[Mark]) -> set[str]:
    """Record where messages stand; return the ids of those whose attempt still is the row's."""
    ids = [one.delivery.delivery_id for one in marks]
    changed = fetch_many(session, leaving(*sorted(_values(marks[0]))), [_row(one) for one in marks])
    if changed in (0, len(ids)):
        return set(ids if changed else ())
    # Some had moved on; those that did not stand under the very name that Slack gave to this attempt.
    stand = {tuple(row) for row in fetch(session, standing_now(), ids=ids)}
    return {one.delivery.delivery_id for one in marks if (one.delivery.delivery_id, one.message_ts) in stand}


def mark_sent(session: Session, delivery: Delivery, *, channel_id: str, message_ts: str, now: datetime) -> bool:
    """Record where one message stands; False when this attempt is no longer the row's."""
    return bool(mark_all_sent(session, [Mark(delivery, channel_id, message_ts, now)]))


def _row(mark: Mark) -> dict[str, object]:
    return {**known(mark.delivery), **_values(mark), "status": DeliveryStatus.SENT}


def _values(mark: Mark) -> dict[str, object]:
    return {"sent_at": mark.at, "channel_id": mark.channel_id, "message_ts": mark.message_ts, "reason": ""}
