"""A post that came after its claim had run out: this module sees to it that nobody keeps the same message twice.

A process that was stopped at the very moment of writing may post after another has looked the message up, not found
it and sent it anew. Its note finds the row moved on: the message is what the row is about, or it is one too many.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, DeliveryStatus
from nudges.errors import DeliveryError
from nudges.ports import Receipt
from nudges.services.core import Core
from nudges.store import deliveries

logger = logging.getLogger(__name__)


def take_back(core: Core, late: Sequence[tuple[Delivery, Receipt]]) -> int:
    """Note what stands there after all, take away what must not; return how many were taken away."""
    with core.db.begin() as session:
        doubled = [one for one in late if not _is_kept(session, core, *one)]
    return sum(_take_away(core, delivery, receipt) for delivery, receipt in doubled)


def _is_kept(session: Session, core: Core, delivery: Delivery, receipt: Receipt) -> bool:
    """Note the message if nobody has begun anew; False when it stands beside another one, or for a forgotten person."""
    row = deliveries.find(session, core.workspace_id, delivery.delivery_id)
    if row is None:
        return False  # forgotten meanwhile: nothing is to come after that
    if row.status == DeliveryStatus.SENT:
        return row.message_ts == receipt.message_ts
    if row.attempt == delivery.attempt:
        here = {"channel_id": receipt.channel_id, "message_ts": receipt.message_ts}
        deliveries.mark_sent(session, replace(delivery, status=row.status), **here, now=core.clock())
    return True  # with a later attempt under way the books are left alone: its look-up finds this message, or it stands


def _take_away(core: Core, delivery: Delivery, receipt: Receipt) -> bool:
    fields = {"delivery_id": delivery.delivery_id}
    try:
        core.messenger.delete(receipt)
    except DeliveryError as error:
        logger.warning("late post not taken back", extra=fields | {"code": error.code, "slack_code": error.slack_code})
        return False
    logger.warning("late post taken back", extra=fields)
    return True
