"""Asking once more at the moment of posting: this module gathers one delivery's facts and asks eligibility."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, Planned, Skipped, SkipReason, delivery_id
from nudges.domain.delivery.eligibility import Go, NotNow, Standing, Verdict, skip_reason, verdict
from nudges.domain.delivery.own_stories import is_own_story
from nudges.domain.delivery.turns import missed_verdict, turn_verdict
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.domain.people.topics import TopicWish
from nudges.domain.playbooks.company import Caps
from nudges.domain.playbooks.follow_ups import asked_kind, is_for_silence
from nudges.domain.playbooks.playbook import AfterNudge, AroundSession, Playbook
from nudges.domain.playbooks.sequels import written_key
from nudges.domain.times.cadence import next_opening
from nudges.domain.times.workdays import WorkCalendar, calendar_of
from nudges.services.authoring.frozen import frozen_for
from nudges.services.barriers.play_sends import is_eased
from nudges.services.core import Core
from nudges.services.delivery.contests import contest_for
from nudges.services.delivery.meetings import has_seat
from nudges.services.delivery.quiet_times import resting_until
from nudges.store import campaigns, history, people, responses
from nudges.store.campaigns import RECALLED, Campaign, CampaignStatus
from nudges.store.wishes import Preference


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
    if campaigns.stopped_nudges(session, campaign.campaign_id).get(written_key(delivery.nudge_key)) == RECALLED:
        return Skipped(SkipReason.RECALLED)  # taken back since the claim
    if _is_overtaken(session, core, delivery, playbook):
        return Skipped(SkipReason.OTHER_ANSWER)
    if _lacks_seat(session, core, delivery, campaign, playbook):
        return Skipped(SkipReason.NOT_TAKEN_UP)
    if is_own_story(playbook.nudge(delivery.nudge_key), person):
        return Skipped(SkipReason.OWN_STORY)
    member = campaigns.member(session, campaign.campaign_id, person.person_id)
    wish = people.preference(session, core.workspace_id, person.person_id)
    calendar = calendar_of(person, core.company())
    reason = skip_reason(
        is_sendable=True,
        is_in_audience=member is not None and member.is_inside,
        is_held_out=member is not None and member.is_held_out,
        is_stopped=wish.stopped_at is not None,
        is_topic_off=not TopicWish.decode(wish.topics).allows(_topics(playbook, delivery)),
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
    standing = _standing(session, core, delivery, wish, person, now)
    contest = contest_for(session, core, delivery)
    asked = _Asked(planned=planned_of(delivery), calendar=calendar, caps=core.company().caps, now=now)
    said = missed_verdict(contest, standing, now) or verdict(standing=standing, **asked)
    return turn_verdict(contest, standing, **asked) if isinstance(said, Go) else said


class _Asked(TypedDict):
    planned: Planned
    calendar: WorkCalendar
    caps: Caps
    now: datetime


def _standing(
    session: Session, core: Core, delivery: Delivery, wish: Preference, person: Person, now: datetime
) -> Standing:
    return Standing(
        wish.stopped_at is not None,
        wish.paused_until,
        history.sendings(session, core.workspace_id, delivery.person_id, besides=delivery.delivery_id),
        is_fewer=wish.fewer_since is not None or is_eased(session, core, person),
        back_at=wish.back_at,
        resting_until=resting_until(core, delivery.person_id, now),
    )


def _topics(playbook: Playbook, delivery: Delivery) -> tuple[str, ...]:
    nudge = playbook.nudge(delivery.nudge_key)
    return playbook.topics_of(nudge) if nudge else ()


def hangs_on_silence(session: Session, core: Core, delivery: Delivery) -> bool:
    """Return whether an answer to the nudge before would keep this one back; that is asked anew for each."""
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    playbook = frozen_for(session, campaign, delivery)[0] if campaign else None
    nudge = playbook.nudge(delivery.nudge_key) if playbook else None
    return nudge is not None and (is_for_silence(nudge.when) or isinstance(nudge.when, AroundSession))


def _lacks_seat(session: Session, core: Core, delivery: Delivery, campaign: Campaign, playbook: Playbook) -> bool:
    nudge = playbook.nudge(delivery.nudge_key)
    if nudge is None or not isinstance(nudge.when, AroundSession):
        return False
    return not has_seat(session, core, delivery, campaign, playbook, nudge.when.after)


def _is_overtaken(session: Session, core: Core, delivery: Delivery, playbook: Playbook) -> bool:
    nudge = playbook.nudge(delivery.nudge_key)
    if nudge is None or not isinstance(nudge.when, AfterNudge) or not is_for_silence(nudge.when):
        return False
    kind = asked_kind(nudge.when, playbook.nudge(nudge.when.after))
    before = delivery_id(
        key=core.key,
        workspace_id=core.workspace_id,
        campaign_id=delivery.campaign_id,
        nudge_key=nudge.when.after,
        person_id=delivery.person_id,
        occurrence=1,
    )
    return kind is not None and responses.has(session, before, kind)
