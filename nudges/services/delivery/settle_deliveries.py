"""Finding out what is not known: this module reads conversations until each unknown delivery is settled."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from nudges.domain.delivery.deliveries import Delivery, Doubt
from nudges.errors import DeliveryError
from nudges.ports import Receipt
from nudges.services.core import Core
from nudges.services.delivery.send_deliveries import Sent, record_receipts
from nudges.store import deliveries, people

logger = logging.getLogger(__name__)

MARGIN = timedelta(days=1)  # our clock may have been wrong by hours when it was posted, and right since, or neither
READS = 2
LONGEST_REST = timedelta(hours=6)


@dataclass(frozen=True)
class Settling:
    """What one tick found out."""

    abandoned: int = 0
    found: int = 0
    again: int = 0
    expired: int = 0
    unreadable: int = 0


def abandon_all(core: Core) -> int:
    """At start: whatever was being sent belongs to a process that is no more; its outcome is unknown."""
    with core.db.begin() as session:
        return deliveries.abandon(session, core.workspace_id, claimed_before=None, now=core.clock())


def settle_deliveries(core: Core) -> Settling:
    """Look up each unknown delivery that has rested long enough."""
    now, timing = core.clock(), core.timing
    with core.db.begin() as session:
        abandoned = deliveries.abandon(session, core.workspace_id, claimed_before=now - timing.lease, now=now)
        unknown = deliveries.unknown_to_read(
            session, core.workspace_id, now=now, settle=timing.settle, gap=timing.second_read
        )
        doubts = deliveries.doubts(session, core.workspace_id)
    unknown = _rested(core, unknown, doubts)
    counts = {"found": 0, "again": 0, "expired": 0, "unreadable": 0, "": 0}
    for delivery in unknown:
        try:
            receipt = _look_up(core, delivery)
        except DeliveryError as error:
            _note_failed_read(core, delivery, error.slack_code)
            counts["unreadable"] += 1
            if error.retry_after is not None:
                break  # the limit holds for the whole workspace: the rest waits for the next tick
            continue
        except Exception as error:  # one conversation that cannot be read must not keep the others from being settled
            logger.exception("looking up broke", extra={"delivery_id": delivery.delivery_id})
            _note_failed_read(core, delivery, type(error).__name__)
            counts["unreadable"] += 1
            continue
        counts[_settle(core, delivery, receipt)] += 1
    return Settling(abandoned, counts["found"], counts["again"], counts["expired"], counts["unreadable"])


def _rested(core: Core, unknown: list[Delivery], doubts: Sequence[Doubt]) -> list[Delivery]:
    """Return those that have also rested by a clock that nobody sets; before the second reading a short rest is due."""
    if core.rests is None:
        return unknown
    core.rests.see(doubts)
    rests = (core.timing.settle, core.timing.second_read)
    return [one for one in unknown if core.rests.has_rested(one.doubt, rests[min(one.empty_reads, 1)])]


def _look_up(core: Core, delivery: Delivery) -> Receipt | None:
    with core.db.reading() as session:
        known = people.preference(session, core.workspace_id, delivery.person_id).channel_id
    since = min(delivery.claimed_at or delivery.due_at, core.clock()) - MARGIN
    return core.messenger.find(delivery.person_id, known, delivery.delivery_id, since)


def _settle(core: Core, delivery: Delivery, receipt: Receipt | None) -> str:
    now = core.clock()
    with core.db.begin() as session:
        if receipt is not None:
            wish = people.preference(session, core.workspace_id, delivery.person_id)
            is_first = wish.introduced_at is None and not delivery.is_notice
            record_receipts(session, core, [Sent(delivery, receipt, _posted_at(receipt, now), is_first)])
            return "found"
        if delivery.empty_reads + 1 < READS:
            deliveries.note_empty_read(session, delivery, now)
            if core.rests is not None:
                core.rests.note(replace(delivery, empty_reads=delivery.empty_reads + 1).doubt)
            return ""
        if now < delivery.fresh_until:
            deliveries.put_back(session, delivery)
            return "again"
        deliveries.mark_expired(session, delivery)
        return "expired"


def _note_failed_read(core: Core, delivery: Delivery, code: str) -> None:
    """Come back later, and ever later: a conversation unreadable for days is not asked for every minute."""
    logger.warning("conversation unreadable", extra={"delivery_id": delivery.delivery_id, "code": code})
    now = core.clock()
    age = now - (delivery.claimed_at or now)
    again_at = now + min(max(age / 2, core.timing.second_read), LONGEST_REST)
    with core.db.begin() as session:
        deliveries.note_failed_read(session, delivery, code, again_at - core.timing.second_read)


def _posted_at(receipt: Receipt, now: datetime) -> datetime:
    try:
        return min(now, datetime.fromtimestamp(float(receipt.message_ts), UTC))
    except (ValueError, OverflowError, OSError):
        return now
