"""Asking once more at the moment of posting: this module gathers one delivery's facts and asks eligibility."""

from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.audiences import NEVER_SENDABLE
from nudges.domain.cadence import next_opening
from nudges.domain.deliveries import Delivery, Planned, Skipped, SkipReason
from nudges.domain.eligibility import Go, NotNow, Standing, Verdict, skip_reason, verdict
from nudges.domain.people import Person
from nudges.domain.workdays import calendar_of
from nudges.services.core import Core
from nudges.services.frozen import frozen_for
from nudges.store import campaigns, history, people
from nudges.store.campaigns import CampaignStatus


def planned_of(delivery: Delivery) -> Planned:
    """Return a stored delivery's times as planning made them."""
    times = (delivery.due_at, delivery.window_ends_at, delivery.fresh_until)
    return Planned(delivery.local_due, delivery.zone, *times)


def verdict_for(session: Session, core: Core, delivery: Delivery, now: datetime) -> Verdict:
    """Return whether this delivery may be posted now, later, or never."""
    person = people.person(session, core.workspace_id, delivery.person_id)
    if person is None or person.kind in NEVER_SENDABLE:
        return Skipped(SkipReason.NOT_SENDABLE)
    if delivery.is_notice:
        return _notice_verdict(core, delivery, person, now)
    return _nudge_verdict(session, core, delivery, person, now)


def _notice_verdict(core: Core, delivery: Delivery, person: Person, now: datetime) -> Verdict:
    """A message to an owner keeps to their working hours; caps and pauses are about nudges."""
    if now >= delivery.fresh_until:
        return Skipped(SkipReason.STALE)
    opening = next_opening(calendar_of(person, core.company()), now)
    if opening is None:
        return Skipped(SkipReason.NO_WORKING_DAY)
    return Go() if opening <= now else NotNow(opening)


def _nudge_verdict(session: Session, core: Core, delivery: Delivery, person: Person, now: datetime) -> Verdict:
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    if campaign is None or campaign.status == CampaignStatus.ENDED:
        return Skipped(SkipReason.CAMPAIGN_ENDED)
    if campaign.status == CampaignStatus.PAUSED:
        return NotNow(now)  # paused since the claim: put back as it was; a paused campaign's rows are not claimed
    playbook, _ = frozen_for(session, campaign, delivery)
    if campaigns.stopped_nudges(session, campaign.campaign_id).get(delivery.nudge_key) == campaigns.RECALLED:
        return Skipped(SkipReason.RECALLED)  # taken back since the claim
    member = campaigns.member(session, campaign.campaign_id, person.person_id)
    wish = people.preference(session, core.workspace_id, person.person_id)
    calendar = calendar_of(person, core.company())
    reason = skip_reason(
        is_sendable=True,
        is_in_audience=member is not None and member.is_inside,
        is_held_out=member is not None and member.is_held_out,
        is_stopped=wish.stopped_at is not None,
        paused_until=wish.paused_until,
        fresh_until=delivery.fresh_until,
        ends_on=playbook.ends_on,
        local_day=calendar.local_day(now),
        now=now,
    )
    if reason is not None:
        return Skipped(reason)
    if wish.introduced_at is None and history.has_unknown(
        session, core.workspace_id, person.person_id, besides=delivery.delivery_id
    ):
        # The first message ever may stand there or not; until that is known, nobody can say whether this one is it.
        return NotNow(now + core.timing.settle)
    sendings = history.sendings(session, core.workspace_id, person.person_id, besides=delivery.delivery_id)
    standing = Standing(wish.stopped_at is not None, wish.paused_until, sendings)
    return verdict(
        planned=planned_of(delivery), standing=standing, calendar=calendar, caps=core.company().caps, now=now
    )
