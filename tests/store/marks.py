"""What a claim becomes: this module marks deliveries as sending would, by the name of the state."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, DeliveryStatus, SkipReason
from nudges.store import deliveries
from nudges.store.engine import Database
from tests.store.rows import NOON

MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=1)

Mark = Callable[[Session, Delivery], bool]
MARKS: dict[str, tuple[Mark, DeliveryStatus]] = {
    "sent": (
        lambda s, d: deliveries.mark_sent(s, d, channel_id="D1", message_ts="1.1", now=NOON),
        DeliveryStatus.SENT,
    ),
    "skipped": (lambda s, d: deliveries.mark_skipped(s, d, SkipReason.CAP_DAY), DeliveryStatus.SKIPPED),
    "failed": (lambda s, d: deliveries.mark_failed(s, d, "user_disabled"), DeliveryStatus.FAILED),
    "expired": (deliveries.mark_expired, DeliveryStatus.EXPIRED),
    "unknown": (lambda s, d: deliveries.mark_unknown(s, d, code="timeout", now=NOON), DeliveryStatus.UNKNOWN),
    "retry": (
        lambda s, d: deliveries.mark_retry(s, d, ready_at=LATER, code="ratelimited", counts=True),
        DeliveryStatus.RETRY,
    ),
    "put_back": (deliveries.put_back, DeliveryStatus.PLANNED),
}


def mark(db: Database, name: str, delivery: Delivery) -> bool:
    with db.begin() as session:
        return MARKS[name][0](session, delivery)
