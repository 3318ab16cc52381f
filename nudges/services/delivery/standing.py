"""Asking once more at the moment of posting: this module gathers one delivery's facts and asks eligibility."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple, TypedDict

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, Planned, Skipped, SkipReason, delivery_id
from nudges.domain.delivery.eligibility import Go, NotNow, Sending, Standing, Verdict, skip_reason, verdict
from nudges.domain.delivery.own_stories import is_own_story
from nudges.domain.delivery.turns import Contest, missed_verdict, turn_verdict
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.domain.people.topics import TopicWish
from nudges.domain.playbooks.company import Caps, Company
from nudges.domain.playbooks.follow_ups import asked_kind, is_for_silence
from nudges.domain.playbooks.playbook import AfterNudge, AroundSession, Nudge, Playbook
from nudges.domain.playbooks.sequels import written_key
from nudges.domain.times.cadence import next_opening
from nudges.domain.times.workdays import WorkCalendar, calendar_of
from nudges.services.authoring.frozen import frozen_for
from nudges.services.barriers.play_sends import is_eased
from nudges.services.core import Core
from nudges.services.delivery.contests import contest_for
from nudges.services.delivery.meetings import is_for
from nudges.services.delivery.quiet_times import resting_until
from nudges.store import campaigns, history, people, responses
from nudges.store.campaigns import RECALLED, Campaign, CampaignStatus
from nudges.store.once import once


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
    scene = _scene(session, core, delivery)
    if scene is None or scene.campaign.status == CampaignStatus.ENDED:
        return Skipped(SkipReason.CAMPAIGN_ENDED)
    if scene.campaign.status == CampaignStatus.PAUSED:
        return NotNow(now)  # paused since the claim: put back as it was; a paused campaign's rows are not claimed
    if scene.is_recalled:
        return Skipped(SkipReason.RECALLED)  # taken back since the claim
    if _is_overtaken(session, core, delivery, scene):
        return Skipped(SkipReason.OTHER_ANSWER)
    if not is_for(session, core, delivery, scene.campaign, scene.playbook):
        return Skipped(SkipReason.NOT_TAKEN_UP)
    if is_own_story(scene.nudge, person):
        return Skipped(SkipReason.OWN_STORY)
    situation = _situation(session, core, delivery, person, now)
    contest = contest_for(session, core, delivery)
    if situation.sendings or contest.others:  # a past and rivals of one's own are shared with nobody
        return _decided(scene, situation, contest, now)
    # One decision for all of a batch who are alike; nobody is among the others of a contest then.
    alike = (scene.key, situation, now)
    return once(session, alike, lambda: _decided(scene, situation, contest, now))


@dataclass(frozen=True)
class Scene:
    """What is the same for everybody whom one nudge goes to."""

    key: tuple[int, str, int]
    campaign: Campaign
    playbook: Playbook
    nudge: Nudge | None
    topics: tuple[str, ...]
    is_recalled: bool
    company: Company
    settle: timedelta


class Situation(NamedTuple):
    """All that a verdict hangs on beside the scene, the instant and what else waits for the person."""

    planned: Planned
    home: tuple[str, ...]  # what the working time follows from
    is_inside: bool
    is_held_out: bool
    is_stopped: bool
    paused_until: datetime | None
    topics: str
    is_fewer: bool
    back_at: datetime | None
    resting_until: datetime | None
    is_unsure: bool  # the first message ever may stand there or not
    sendings: tuple[Sending, ...]


_home_of = attrgetter("zone", "place", "country", "hours", "working_days", "own_hours")


def _scene(session: Session, core: Core, delivery: Delivery) -> Scene | None:
    key = (delivery.campaign_id, delivery.nudge_key, delivery.version)
    return once(session, ("scene", *key), lambda: _scene_of(session, core, delivery, key))


def _scene_of(session: Session, core: Core, delivery: Delivery, key: tuple[int, str, int]) -> Scene | None:
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    if campaign is None:
        return None
    playbook, _ = frozen_for(session, campaign, delivery)
    nudge = playbook.nudge(delivery.nudge_key)
    stopped = campaigns.stopped_nudges(session, campaign.campaign_id).get(written_key(delivery.nudge_key))
    topics = playbook.topics_of(nudge) if nudge else ()
    return Scene(key, campaign, playbook, nudge, topics, stopped == RECALLED, core.company(), core.timing.settle)


def _situation(session: Session, core: Core, delivery: Delivery, person: Person, now: datetime) -> Situation:
    here, person_id = core.workspace_id, delivery.person_id
    member = campaigns.member(session, delivery.campaign_id, person_id)
    wish = people.preference(session, here, person_id)
    unknown = wish.introduced_at is None and history.has_unknown(session, here, person_id, besides=delivery.delivery_id)
    return Situation(
        planned_of(delivery),
        _home_of(person),
        member is not None and member.is_inside,
        member is not None and member.is_held_out,
        wish.stopped_at is not None,
        wish.paused_until,
        wish.topics,
        wish.fewer_since is not None or is_eased(session, core, person),
        wish.back_at,
        resting_until(core, person_id, now),
        unknown,
        tuple(history.sendings(session, here, person_id, besides=delivery.delivery_id)),
    )


def _decided(scene: Scene, found: Situation, contest: Contest, now: datetime) -> Verdict:
    """Return the verdict on somebody of whom nothing is known but this."""
    zone, place, country, hours, days, own = found.home
    somebody = Person("", zone=zone, place=place, country=country, hours=hours, working_days=days, own_hours=own)
    calendar = calendar_of(somebody, scene.company)
    reason = skip_reason(
        is_sendable=True,
        is_in_audience=found.is_inside,
        is_held_out=found.is_held_out,
        is_stopped=found.is_stopped,
        is_topic_off=not TopicWish.decode(found.topics).allows(scene.topics),
        paused_until=found.paused_until,
        fresh_until=found.planned.fresh_until,
        ends_on=scene.playbook.ends_on,
        local_day=calendar.local_day(now),
        now=now,
    )
    if reason is not None:
        return Skipped(reason)
    if found.is_unsure:
        # The first message ever may stand there or not; until that is known, nobody can say whether this one is it.
        return NotNow(now + scene.settle)
    standing = Standing(
        found.is_stopped,
        found.paused_until,
        found.sendings,
        is_fewer=found.is_fewer,
        back_at=found.back_at,
        resting_until=found.resting_until,
    )
    asked = _Asked(planned=found.planned, calendar=calendar, caps=scene.company.caps, now=now)
    said = missed_verdict(contest, standing, now) or verdict(standing=standing, **asked)
    return turn_verdict(contest, standing, **asked) if isinstance(said, Go) else said


class _Asked(TypedDict):
    planned: Planned
    calendar: WorkCalendar
    caps: Caps
    now: datetime


def hangs_on_silence(session: Session, core: Core, delivery: Delivery) -> bool:
    """Return whether what became of the nudge before would keep this one back; that is asked anew for each."""
    scene = _scene(session, core, delivery)
    nudge = scene.nudge if scene else None
    if nudge is None or written_key(nudge.key) != nudge.key:  # whose recall is another nudge's
        return True
    return is_for_silence(nudge.when) or isinstance(nudge.when, AroundSession)


def _is_overtaken(session: Session, core: Core, delivery: Delivery, scene: Scene) -> bool:
    nudge = scene.nudge
    if nudge is None or not isinstance(nudge.when, AfterNudge) or not is_for_silence(nudge.when):
        return False
    kind = asked_kind(nudge.when, scene.playbook.nudge(nudge.when.after))
    before = delivery_id(
        key=core.key,
        workspace_id=core.workspace_id,
        campaign_id=delivery.campaign_id,
        nudge_key=nudge.when.after,
        person_id=delivery.person_id,
        occurrence=1,
    )
    return kind is not None and responses.has(session, before, kind)
