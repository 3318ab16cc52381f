"""Deciding who gets what and when: this module is the planning tick, one campaign after another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from nudges.domain.audiences import NEVER_SENDABLE, first_segment
from nudges.domain.cadence import nominal_day
from nudges.domain.company import Company
from nudges.domain.deliveries import NewDelivery, SkipReason, Waiting, delivery_id
from nudges.domain.eligibility import Standing
from nudges.domain.experiments import holdout_key_of, is_held_out
from nudges.domain.people import Person
from nudges.domain.planning import HORIZON, Facts, Predecessor, Terms, plan
from nudges.domain.playbook import AfterNudge, Nudge, Playbook
from nudges.services.core import Core
from nudges.services.frozen import frozen
from nudges.services.spans import DAY, is_over
from nudges.store import campaigns, deliveries, history, people
from nudges.store.campaigns import Campaign, CampaignStatus, Member
from nudges.store.people import Preference

AT_ONCE = 1000  # rows written in one transaction
LATEST_ZONE = timedelta(hours=12)  # the last place where a day begins


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
    everybody = people.everybody(session, core.workspace_id)
    wanted = audience_of(core, campaign, everybody, now)
    campaigns.replace_members(session, campaign.campaign_id, wanted, now=now)


def audience_of(core: Core, campaign: Campaign, everybody: Iterable[Person], now: datetime) -> list[Member]:
    """Return who the campaign is meant for, each with their first segment and the draw of the holdout."""
    playbook, company = frozen(campaign)
    found = ((person, first_segment(playbook, company, person)) for person in everybody)
    return [
        Member(person.person_id, segment, _is_spared(core, campaign, playbook, person), now)
        for person, segment in found
        if segment
    ]


def _is_spared(core: Core, campaign: Campaign, playbook: Playbook, person: Person) -> bool:
    team_key = holdout_key_of(person)
    return is_held_out(team_key=team_key, campaign_id=campaign.campaign_id, share=playbook.holdout, key=core.key)


def _plan_campaign(core: Core, campaign: Campaign, now: datetime) -> int:
    playbook, _ = frozen(campaign)
    with core.db.reading() as session:
        near = _near(session, campaign, playbook, now)
        asked = [(nudge, _undecided(session, campaign, nudge, now)) for nudge in near]
        person_ids = {person_id for _, found in asked for person_id in found}
        if not person_ids:
            return 0
        scene = _scene(session, core, campaign, playbook, person_ids, now)
        new = [one for nudge, found in asked for one in _decide(session, core, scene, nudge, found)]
    return sum(_enqueue(core, new[start : start + AT_ONCE], now) for start in range(0, len(new), AT_ONCE))


def _enqueue(core: Core, new: Sequence[NewDelivery], now: datetime) -> int:
    # Not all at once: clicks must not wait until thousands of rows are written.
    with core.db.begin() as session:
        return deliveries.enqueue(session, core.workspace_id, new, now)


def _near(session: Session, campaign: Campaign, playbook: Playbook, now: datetime) -> list[Nudge]:
    """Return the nudges that can be decided and are not for everybody; cheap, because it is asked at every tick."""
    size = campaigns.ever_size(session, campaign.campaign_id)
    counts = history.decided_counts(session, campaign.campaign_id)
    return [
        nudge
        for nudge in playbook.nudges
        if counts.get(nudge.key, 0) < size
        and _is_near(nudge, campaign, counts, now)
        and not is_over(playbook, nudge.key, starts_on=campaign.starts_on, today=now.date())
    ]


def _is_near(nudge: Nudge, campaign: Campaign, counts: Mapping[str, int], now: datetime) -> bool:
    if isinstance(nudge.when, AfterNudge):
        return counts.get(nudge.when.after, 0) > 0
    # Near for everybody at once, even where it is still yesterday: then one look decides it for all.
    return nominal_day(nudge.when, campaign.starts_on) <= (now - LATEST_ZONE + HORIZON).date()


def _undecided(session: Session, campaign: Campaign, nudge: Nudge, now: datetime) -> dict[str, Predecessor | None]:
    """Return for whom the nudge can be decided now, each with the nudge that has to come first."""
    if not isinstance(nudge.when, AfterNudge):
        return dict.fromkeys(history.undecided(session, campaign.campaign_id, nudge.key))
    # A day before it enters the horizon it could not be decided yet, and everybody would be asked at every tick.
    sent_until = now + HORIZON - DAY - timedelta(days=nudge.when.days)
    before, campaign_id = nudge.when.after, campaign.campaign_id
    return dict(history.predecessors(session, campaign_id, nudge.key, before=before, sent_until=sent_until))


def _scene(
    session: Session, core: Core, campaign: Campaign, playbook: Playbook, person_ids: set[str], now: datetime
) -> _Scene:
    members = campaigns.members(session, campaign.campaign_id)
    directory = people.several(session, core.workspace_id, sorted(person_ids))
    wishes = people.preferences(session, core.workspace_id)
    return _Scene(campaign, playbook, core.company(), members, directory, wishes, now)


def _decide(
    session: Session, core: Core, scene: _Scene, nudge: Nudge, asked: Mapping[str, Predecessor | None]
) -> Iterator[NewDelivery]:
    campaign_id = scene.campaign.campaign_id
    is_stopped = nudge.key in campaigns.stopped_nudges(session, campaign_id)
    terms = Terms(scene.campaign.starts_on, scene.playbook.ends_on)
    for person_id, before in asked.items():
        person, member = scene.directory.get(person_id), scene.members.get(person_id)
        if person is None or member is None:
            continue
        facts = _facts(scene, member, person, before, is_stopped=is_stopped)
        decision = plan(nudge=nudge, terms=terms, person=person, company=scene.company, facts=facts, now=scene.now)
        if not isinstance(decision, Waiting):
            new_id = _new_id(core, campaign_id, nudge.key, person_id)
            yield NewDelivery(new_id, campaign_id, nudge.key, person_id, decision, priority=nudge.priority)


def _facts(scene: _Scene, member: Member, person: Person, before: Predecessor | None, *, is_stopped: bool) -> Facts:
    wish = scene.wishes.get(person.person_id, Preference())
    is_early = member.entered_at <= scene.campaign.published_at
    return Facts(
        is_sendable=person.kind not in NEVER_SENDABLE,
        is_in_audience=member.is_inside,
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
