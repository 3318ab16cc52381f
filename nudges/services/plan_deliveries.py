"""Deciding who gets what and when: this module is the planning tick, one campaign after another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.audiences import NEVER_SENDABLE, first_segment
from nudges.domain.cadence import nominal_day
from nudges.domain.company import Company
from nudges.domain.deliveries import NewDelivery, SkipReason, Waiting, delivery_id
from nudges.domain.eligibility import Standing
from nudges.domain.experiments import holdout_key_of, is_held_out
from nudges.domain.people import Person
from nudges.domain.planning import HORIZON, Facts, Predecessor, Terms, plan
from nudges.domain.playbook import AfterNudge, FixedDay, Nudge, Playbook
from nudges.services.core import Core
from nudges.services.frozen import frozen
from nudges.store import campaigns, deliveries, history, people
from nudges.store.campaigns import Campaign, CampaignStatus, Member
from nudges.store.people import Preference


@dataclass(frozen=True)
class Planning:
    """What one tick added."""

    planned: int = 0
    expired: int = 0


@dataclass(frozen=True)
class _Scene:
    """All that is read once for a campaign's planning."""

    campaign: Campaign
    playbook: Playbook
    company: Company
    members: Mapping[str, Member]
    directory: Mapping[str, Person]
    wishes: Mapping[str, Preference]
    now: datetime


def plan_deliveries(core: Core) -> Planning:
    """Decide every nudge whose day is near, for everybody in each live campaign; planning twice adds nothing."""
    now = core.clock()
    with core.db.reading() as session:
        live = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE)
    planned = sum(_plan_campaign(core, campaign, now) for campaign in live)
    with core.db.begin() as session:
        expired = deliveries.expire_stale(session, core.workspace_id, now)
    return Planning(planned, expired)


def refresh_audience(session: Session, core: Core, campaign: Campaign, now: datetime) -> None:
    """Make the campaign's audience what its rules say of today's people; who stays keeps the instant of entering."""
    playbook, company = frozen(campaign)
    everybody = people.everybody(session, core.workspace_id)
    found = ((person, first_segment(playbook, company, person)) for person in everybody)
    wanted = [
        Member(person.person_id, segment, _is_spared(core, campaign, playbook, person), now)
        for person, segment in found
        if segment
    ]
    campaigns.replace_members(session, campaign.campaign_id, wanted)


def _is_spared(core: Core, campaign: Campaign, playbook: Playbook, person: Person) -> bool:
    team_key = holdout_key_of(person)
    return is_held_out(team_key=team_key, campaign_id=campaign.campaign_id, share=playbook.holdout, key=core.key)


def _plan_campaign(core: Core, campaign: Campaign, now: datetime) -> int:
    playbook, _ = frozen(campaign)
    with core.db.reading() as session:
        due = _nudges_to_decide(session, campaign, playbook, now)
        if not due:
            return 0
        scene = _scene(session, core, campaign, playbook, now)
        new = [delivery for nudge in due for delivery in _decide(session, core, scene, nudge)]
    if not new:
        return 0
    with core.db.begin() as session:
        return deliveries.enqueue(session, core.workspace_id, new, now)


def _nudges_to_decide(session: Session, campaign: Campaign, playbook: Playbook, now: datetime) -> list[Nudge]:
    """Return the nudges that are near and not decided for the whole audience yet."""
    size = campaigns.audience_size(session, campaign.campaign_id)
    counts = history.decided_counts(session, campaign.campaign_id)
    near = (nudge for nudge in playbook.nudges if _is_near(nudge, campaign, counts, now))
    return [nudge for nudge in near if counts.get(nudge.key, 0) < size]


def _is_near(nudge: Nudge, campaign: Campaign, counts: Mapping[str, int], now: datetime) -> bool:
    if isinstance(nudge.when, AfterNudge):
        return counts.get(nudge.when.after, 0) > 0
    # A day more than the horizon: somewhere it is tomorrow already.
    return isinstance(nudge.when, FixedDay) and nominal_day(nudge.when, campaign.starts_on) <= (now + HORIZON).date()


def _scene(session: Session, core: Core, campaign: Campaign, playbook: Playbook, now: datetime) -> _Scene:
    members = campaigns.members(session, campaign.campaign_id)
    directory = {
        person.person_id: person
        for person in people.everybody(session, core.workspace_id)
        if person.person_id in members
    }
    wishes = people.preferences(session, core.workspace_id)
    return _Scene(campaign, playbook, core.company(), members, directory, wishes, now)


def _decide(session: Session, core: Core, scene: _Scene, nudge: Nudge) -> Iterator[NewDelivery]:
    campaign_id = scene.campaign.campaign_id
    done = history.decided(session, campaign_id, nudge.key)
    before = _before(session, campaign_id, nudge)
    is_stopped = nudge.key in campaigns.stopped_nudges(session, campaign_id)
    terms = Terms(scene.campaign.starts_on, scene.playbook.ends_on)
    for person_id, member in scene.members.items():
        person = scene.directory.get(person_id)
        if person_id in done or person is None:
            continue
        facts = _facts(scene, member, person, before.get(person_id), is_stopped=is_stopped)
        decision = plan(nudge=nudge, terms=terms, person=person, company=scene.company, facts=facts, now=scene.now)
        if not isinstance(decision, Waiting):
            new_id = _new_id(core, campaign_id, nudge.key, person_id)
            yield NewDelivery(new_id, campaign_id, nudge.key, person_id, decision, priority=nudge.priority)


def _before(session: Session, campaign_id: int, nudge: Nudge) -> Mapping[str, Predecessor]:
    if not isinstance(nudge.when, AfterNudge):
        return {}
    return history.predecessors(session, campaign_id, nudge.when.after)


def _facts(scene: _Scene, member: Member, person: Person, before: Predecessor | None, *, is_stopped: bool) -> Facts:
    wish = scene.wishes.get(person.person_id, Preference())
    is_early = member.entered_at <= scene.campaign.published_at
    return Facts(
        is_sendable=person.kind not in NEVER_SENDABLE,
        is_held_out=member.is_held_out,
        joined_at=None if is_early else member.entered_at,
        predecessor=before,
        standing=Standing(is_stopped=wish.stopped_at is not None, paused_until=wish.paused_until),
        blocked=SkipReason.NUDGE_STOPPED if is_stopped else None,
    )


def _new_id(core: Core, campaign_id: int, nudge_key: str, person_id: str) -> str:
    return delivery_id(
        key=core.key,
        workspace_id=core.workspace_id,
        campaign_id=campaign_id,
        nudge_key=nudge_key,
        person_id=person_id,
        occurrence=1,
    )
