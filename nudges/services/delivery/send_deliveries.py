"""Posting what is due: this module is claim, ask once more, post, record; no transaction is open meanwhile.

A service never sleeps: the face that calls `send_due` decides how many may go now and when to come back.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import compress

from sqlalchemy.orm import Session

from nudges.deadline import leaving_within, steady
from nudges.domain.delivery.deliveries import Delivery, Skipped, SkipReason
from nudges.domain.delivery.eligibility import Go, NotNow
from nudges.domain.delivery.messages import Message
from nudges.errors import (
    ContentRefused,
    DeliveryError,
    InstallationStopped,
    OutcomeUnknown,
    RecipientUnreachable,
    TemporaryFailure,
)
from nudges.ports import Receipt
from nudges.services.core import Core
from nudges.services.delivery.last_looks import LastLooks
from nudges.services.delivery.late_posts import take_back
from nudges.services.delivery.notes import Notes
from nudges.services.delivery.notices import notify
from nudges.services.delivery.quiet_times import learn, note_absence
from nudges.services.delivery.ready_messages import message_for
from nudges.services.delivery.standing import hangs_on_silence, verdict_for
from nudges.store import campaigns, deliveries, instance, people
from nudges.store.ahead import look_ahead, standings_of
from nudges.store.sent_marks import Mark
from nudges.store.stamps import stamping

logger = logging.getLogger(__name__)

AT_ONCE = 20  # rows claimed together, and posts in flight for a workspace
LONGEST_WAIT = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=5)
LOOK_HOLDS = timedelta(seconds=1)  # hours and caps hang on the clock too


class Step(StrEnum):
    """What became of one claimed delivery; only the first three asked Slack."""

    POSTED = "posted"
    LIMITED = "limited"
    REFUSED = "refused"
    SPARED = "spared"


@dataclass(frozen=True)
class Attempt:
    """What became of one claimed delivery, and how long Slack asks us to wait."""

    step: Step
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class Sent:
    """A message that stands at Slack: where, since when, and what that tells of the person's conversation."""

    delivery: Delivery
    receipt: Receipt
    at: datetime
    is_first: bool
    is_new_channel: bool = True


@dataclass(frozen=True)
class _Ready:
    """A message that may go, and how everything stood that this hangs on."""

    message: Message
    channel_id: str
    standing: tuple[object, ...]
    at: datetime


@dataclass(frozen=True)
class _Desk:
    """How a batch reads before each posting, and how it notes what was posted."""

    read: Callable[[], AbstractContextManager[Session]]
    underway: Callable[[], AbstractContextManager[Callable[[Sent], object]]]
    is_as_it_was: Callable[[str], bool] = lambda _: False
    ready: Mapping[str, _Ready] = field(default_factory=dict)


Runner = Callable[[Callable[[Delivery], Attempt], list[Delivery]], Iterable[Attempt]]


def send_due(core: Core, *, limit: int, run: Runner = map) -> list[Attempt]:
    """Claim up to `limit` due deliveries, post them, and return what became of each; `run` may work in threads."""
    now = core.clock()
    with core.db.begin() as session:
        here = instance.workspace(session, core.workspace_id)
        if here is None or here.hold_reason:
            return []
        claimed = deliveries.claim_due(session, core.workspace_id, now=now, limit=min(limit, AT_ONCE))
    learn(core, claimed)
    if core.is_alone:
        return _send_together(core, claimed, run)
    return _send_at_once(core, claimed, run)


def _send_at_once(core: Core, claimed: list[Delivery], run: Runner) -> list[Attempt]:
    """Send a batch of which several are under way together, beside others who write."""
    notes = Notes[Sent](lambda sent: _record_sent(core, sent), AT_ONCE)
    if len(claimed) < 2:
        desk = _Desk(core.db.reading, notes.underway)
        return list(run(lambda delivery: _send_one(core, desk, delivery), claimed))
    with stamping(core.db) as stamp:
        since = stamp()
        ready = _look(core, claimed)
        looks = LastLooks(core, stamp, since=since, known={id_: one.standing for id_, one in ready.items()})
        desk = _Desk(core.db.reading, notes.underway, looks.is_as_it_was, ready)
        return list(run(lambda delivery: _send_one(core, desk, delivery), claimed))


def _look(core: Core, claimed: Sequence[Delivery]) -> dict[str, _Ready]:
    """Make ready together what may go, as things stand at this moment; notices hang on more than that."""
    now, nudges = core.clock(), [one for one in claimed if not one.is_notice]
    ready: dict[str, _Ready] = {}
    with core.db.reading() as session:
        look_ahead(session, core.workspace_id, nudges)
        stands = standings_of(session, [one.delivery_id for one in nudges])
        by_nudge = {(one.campaign_id, one.nudge_key): one for one in nudges}
        anew = {place for place, one in by_nudge.items() if hangs_on_silence(session, core, one)}
        for one in nudges:
            is_free = isinstance(verdict_for(session, core, one, now), Go)
            is_free = is_free and (one.campaign_id, one.nudge_key) not in anew
            message = message_for(session, core, one) if is_free else None
            if message is not None and one.delivery_id in stands:
                channel_id = people.preference(session, core.workspace_id, one.person_id).channel_id
                ready[one.delivery_id] = _Ready(message, channel_id, stands[one.delivery_id], now)
    return ready


def _send_together(core: Core, claimed: list[Delivery], run: Runner) -> list[Attempt]:
    """Send a batch on one look at the data and one note of what was sent, because nothing can come between."""
    if not claimed:
        return []
    sent: list[Sent] = []
    with core.db.reading() as session:
        look_ahead(session, core.workspace_id, claimed)
        desk = _Desk(lambda: nullcontext(session), lambda: nullcontext(sent.append))
        attempts = list(run(lambda delivery: _send_one(core, desk, delivery), claimed))
    if sent:
        _record_sent(core, sent)
    return attempts


def _send_one(core: Core, desk: _Desk, delivery: Delivery) -> Attempt:
    ready = _ready(core, desk, delivery)
    if ready is None:
        return Attempt(Step.SPARED)
    message, channel_id = ready
    looked_at = steady()
    left = _time_left(core, delivery)
    if left <= timedelta(0):
        return _put_back_late(core, delivery)
    with desk.underway() as note:
        try:
            with leaving_within(left.total_seconds(), since=looked_at):
                receipt = core.messenger.send(delivery.person_id, message)
        except DeliveryError as error:
            return _record_failure(core, delivery, error)
        except Exception as error:  # whatever went wrong, a byte may have left: looked up, never guessed
            logger.exception("posting broke", extra={"delivery_id": delivery.delivery_id})
            return _record_failure(core, delivery, OutcomeUnknown(slack_code=type(error).__name__))
        is_new_channel = receipt.channel_id != channel_id
        note(Sent(delivery, receipt, core.clock(), message.is_first, is_new_channel=is_new_channel))
    return Attempt(Step.POSTED)


def _time_left(core: Core, delivery: Delivery) -> timedelta:
    """Return how long the claim still holds: after that others may look the message up and send it anew."""
    claimed_at = delivery.claimed_at
    return core.timing.lease if claimed_at is None else core.timing.lease - (core.clock() - claimed_at)


def _put_back_late(core: Core, delivery: Delivery) -> Attempt:
    """Whoever was stopped for so long posts no more; a row that is still this attempt's is simply due again."""
    logger.warning("claim has run out before posting", extra={"delivery_id": delivery.delivery_id})
    with core.db.begin() as session:
        deliveries.put_back(session, delivery)
    return Attempt(Step.SPARED)


def _ready(core: Core, desk: _Desk, delivery: Delivery) -> tuple[Message, str] | None:
    """Ask once more whether it may go; return the message and the known conversation, or None after noting why not."""
    now = core.clock()
    found = desk.ready.get(delivery.delivery_id)
    # Asked again with what is committed now: one look, and only when something has changed all of them.
    if found is not None and timedelta(0) <= now - found.at < LOOK_HOLDS:
        if desk.is_as_it_was(delivery.delivery_id):
            return found.message, found.channel_id
        now = core.clock()
    with desk.read() as session:
        verdict = verdict_for(session, core, delivery, now)
        message = message_for(session, core, delivery) if isinstance(verdict, Go) else None
        if message is not None:
            return message, people.preference(session, core.workspace_id, delivery.person_id).channel_id
    with core.db.begin() as session:
        if getattr(verdict, "reason", None) == SkipReason.DO_NOT_DISTURB:
            note_absence(session, core, delivery.person_id, now)
        if isinstance(verdict, NotNow):
            deliveries.put_back(session, delivery, ready_at=verdict.until)
        elif isinstance(verdict, Skipped) and verdict.reason == SkipReason.STALE:
            deliveries.mark_expired(session, delivery)
        else:
            reason = verdict.reason if isinstance(verdict, Skipped) else SkipReason.NUDGE_STOPPED
            deliveries.mark_skipped(session, delivery, reason)
    return None


def _record_sent(core: Core, together: Sequence[Sent]) -> list[bool]:
    """Note it in one transaction; what a crash leaves unnoted stays `sending` and is looked up."""
    with core.db.begin() as session:
        are_ours = record_receipts(session, core, together)
    for one in compress(together, are_ours):
        logger.info("delivery sent", extra={"delivery_id": one.delivery.delivery_id})
    if not all(are_ours):
        late = [one for one, is_ours in zip(together, are_ours, strict=True) if not is_ours]
        take_back(core, [(one.delivery, one.receipt) for one in late])
    return are_ours


def record_receipts(session: Session, core: Core, together: Sequence[Sent]) -> list[bool]:
    """Record where messages stand, and the conversations they stand in; False for each whose row has moved on."""
    marks = [Mark(one.delivery, one.receipt.channel_id, one.receipt.message_ts, one.at) for one in together]
    ours = deliveries.mark_all_sent(session, marks)
    met: dict[str, dict[str, object]] = {}
    for one in together:
        changes: dict[str, object] = {"channel_id": one.receipt.channel_id} if one.is_new_channel else {}
        changes |= {"introduced_at": one.at} if one.is_first else {}
        if changes and one.delivery.delivery_id in ours:
            met[one.delivery.person_id] = changes
    people.change_preferences(session, core.workspace_id, met)
    return [one.delivery.delivery_id in ours for one in together]


def _record_failure(core: Core, delivery: Delivery, error: DeliveryError) -> Attempt:
    fields = {"delivery_id": delivery.delivery_id, "code": error.code, "slack_code": error.slack_code}
    logger.warning("delivery not sent", extra=fields)
    with core.db.begin() as session:
        _record(session, core, delivery, error)
    is_limit = isinstance(error, TemporaryFailure) and error.retry_after is not None
    return Attempt(Step.LIMITED if is_limit else Step.REFUSED, error.retry_after)


def _record(session: Session, core: Core, delivery: Delivery, error: DeliveryError) -> None:
    now = core.clock()
    if isinstance(error, InstallationStopped):
        deliveries.put_back(session, delivery)
        instance.hold(session, core.workspace_id, reason=f"slack:{error.slack_code}", now=now)
    elif isinstance(error, RecipientUnreachable):
        deliveries.mark_failed(session, delivery, error.slack_code)
    elif isinstance(error, ContentRefused):
        _stop_nudge(session, core, delivery, error, now)
    elif isinstance(error, TemporaryFailure):
        wait = error.retry_after if error.retry_after is not None else growing_wait(delivery.failures)
        counts = error.retry_after is None
        deliveries.mark_retry(session, delivery, ready_at=now + wait, code=error.slack_code, counts=counts)
    else:
        deliveries.mark_unknown(session, delivery, code=error.slack_code, now=now)


def _stop_nudge(session: Session, core: Core, delivery: Delivery, error: ContentRefused, now: datetime) -> None:
    """One refusal of the content speaks for everybody: stop the nudge and tell its owner."""
    deliveries.mark_failed(session, delivery, error.slack_code)
    if delivery.is_notice:
        return
    if not campaigns.stop_nudge(
        session, delivery.campaign_id, delivery.nudge_key, slack_code=error.slack_code, now=now
    ):
        return
    deliveries.skip_nudge(session, core.workspace_id, delivery.campaign_id, delivery.nudge_key)
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    if campaign is not None:
        values = {"campaign": campaign.name, "nudge": delivery.nudge_key, "code": error.slack_code}
        key = f"nudge-stopped:{campaign.campaign_id}:{delivery.nudge_key}:{campaign.version}"
        notify(session, core, playbook_of=campaign, notice_key=key, text_key="notice.nudge_stopped", values=values)


def growing_wait(failures: int) -> timedelta:
    """Return how long to wait after so many failures."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures, 12)))
