"""Deciding who gets what and when: this module is the planning tick, one campaign after another."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from nudges.domain.audiences import NEVER_SENDABLE, first_segment, in_pilot
from nudges.domain.cadence import nominal_day
from nudges.domain.company import Company
from nudges.domain.deliveries import NewDelivery, SkipReason, Waiting, delivery_id
from nudges.domain.eligibility import Standing
from nudges.domain.experiments import holdout_key_of, is_held_out
from nudges.domain.people import Person
from nudges.domain.planning import HORIZON, Facts, Predecessor, Terms, plan
from nudges.domain.playbook import AfterNudge, Nudge, Playbook
from nudges.domain.staging import Staging, Wave
from nudges.errors import StorageError
from nudges.services.core import Core
from nudges.services.frozen import frozen
from nudges.services.known_people import scene_of
from nudges.services.notices import tell_first
from nudges.services.roles import admins_of
from nudges.services.spans import DAY, is_over
from nudges.store import campaigns, deliveries, history, people
from nudges.store.campaigns import RECALLED, Campaign, CampaignStatus, Member
from nudges.store.people import Preference
from nudges.store.segment_sql import Asking, audience

logger = logging.getLogger(__name__)

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
    planned = sum(_plan_readable(core, campaign, now) for campaign in live)
    with core.db.begin() as session:
        expired = deliveries.expire_stale(session, core.workspace_id, now)
    return Planning(planned, expired)


def refresh_audience(
    session: Session, core: Core, campaign: Campaign, now: datetime, *, adds_pilots: bool = False
) -> None:
    """Make the campaign's audience what its rules say of today's people; who stays keeps the instant of entering."""
    wanted = members_of(session, core, campaign, now)
    campaigns.replace_members(session, campaign.campaign_id, wanted, now=now, adds_pilots=adds_pilots)


def members_of(session: Session, core: Core, campaign: Campaign, now: datetime) -> list[Member]:
    """Return who the campaign is meant for today, each with their first segment and the draws of holdout and pilot."""
    playbook, company = frozen(campaign)
    asking = Asking(session, scene_of(core, company), company.segments)
    return [
        Member(person.person_id, segment, _is_spared(core, campaign, playbook, person), now, is_pilot=is_pilot)
        for person, segment, is_pilot in audience(asking, playbook, company)
    ]


def audience_of(core: Core, campaign: Campaign, everybody: Iterable[Person], now: datetime) -> list[Member]:
    """Return the same of people already in hand; they must know what rules ask for, see `known_people`."""
    playbook, company = frozen(campaign)
    found = ((person, first_segment(playbook, company, person)) for person in everybody)
    return [
        Member(
            person.person_id,
            segment,
            _is_spared(core, campaign, playbook, person),
            now,
            is_pilot=in_pilot(playbook, company, person),
        )
        for person, segment in found
        if segment
    ]


def _is_spared(core: Core, campaign: Campaign, playbook: Playbook, person: Person) -> bool:
    team_key = holdout_key_of(person)
    return is_held_out(team_key=team_key, campaign_id=campaign.campaign_id, share=playbook.holdout, key=core.key)


def _plan_readable(core: Core, campaign: Campaign, now: datetime) -> int:
    """Plan one campaign; one whose text cannot be read any more must not keep the others from being planned."""
    try:
        return _plan_campaign(core, campaign, now)
    except StorageError as error:
        logger.exception("campaign not planned", extra={"campaign": campaign.name, "code": error.code})
    with core.db.begin() as session:
        key = f"unreadable:{campaign.campaign_id}:{campaign.version}"
        values = {"campaign": campaign.name}
        tell_first(session, core, admins_of(core), notice_key=key, text_key="notice.campaign_unreadable", values=values)
    return 0


def _plan_campaign(core: Core, campaign: Campaign, now: datetime) -> int:
    playbook, _ = frozen(campaign)
    with core.db.reading() as session:
        near = _near(session, campaign, playbook, now)
        asked = [(nudge, _undecided(session, campaign, nudge, wave, now)) for nudge, wave in near]
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


def _near(session: Session, campaign: Campaign, playbook: Playbook, now: datetime) -> list[tuple[Nudge, Wave]]:
    """Return the nudges that can be decided and are not, and for whom; cheap, because it is asked at every tick."""
    staging = campaign.staging
    size = campaigns.ever_size(session, campaign.campaign_id, is_pilot=True if staging.is_piloting else None)
    counts = history.decided_counts(session, campaign.campaign_id)
    return [
        (nudge, wave)
        for nudge in playbook.nudges
        if counts.get(nudge.key, 0) < size
        for wave in _waves(nudge, staging)
        if _is_near(nudge, wave, counts, now)
        and not is_over(playbook, nudge.key, starts_on=wave.begins_on, today=now.date())
    ]


def _waves(nudge: Nudge, staging: Staging) -> tuple[Wave, ...]:
    # What follows another nudge hangs on that nudge's sending, whichever day its reader began on.
    return staging.waves[-1:] if isinstance(nudge.when, AfterNudge) else staging.waves


def _is_near(nudge: Nudge, wave: Wave, counts: Mapping[str, int], now: datetime) -> bool:
    if isinstance(nudge.when, AfterNudge):
        return counts.get(nudge.when.after, 0) > 0
    # Near for everybody at once, even where it is still yesterday: then one look decides it for all.
    return nominal_day(nudge.when, wave.begins_on) <= (now - LATEST_ZONE + HORIZON).date()


def _undecided(
    session: Session, campaign: Campaign, nudge: Nudge, wave: Wave, now: datetime
) -> dict[str, Predecessor | None]:
    """Return for whom the nudge can be decided now, each with the nudge that has to come first."""
    if not isinstance(nudge.when, AfterNudge):
        return dict.fromkeys(history.undecided(session, campaign.campaign_id, nudge.key, is_pilot=wave.is_pilot))
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
    campaign_id, staging = scene.campaign.campaign_id, scene.campaign.staging
    blocked = _blocked(campaigns.stopped_nudges(session, campaign_id).get(nudge.key))
    for person_id, before in asked.items():
        person, member = scene.directory.get(person_id), scene.members.get(person_id)
        begins_on = staging.begins_on(is_pilot=member.is_pilot) if member else None
        if person is None or member is None or begins_on is None:
            continue
        terms = Terms(begins_on, scene.playbook.ends_on)
        facts = _facts(scene, member, person, before, blocked=blocked)
        decision = plan(nudge=nudge, terms=terms, person=person, company=scene.company, facts=facts, now=scene.now)
        if not isinstance(decision, Waiting):
            new_id = _new_id(core, campaign_id, nudge.key, person_id)
            yield NewDelivery(new_id, campaign_id, nudge.key, person_id, decision, priority=nudge.priority)


def _blocked(code: str | None) -> SkipReason | None:
    if code is None:
        return None
    return SkipReason.RECALLED if code == RECALLED else SkipReason.NUDGE_STOPPED


def _facts(
    scene: _Scene, member: Member, person: Person, before: Predecessor | None, *, blocked: SkipReason | None
) -> Facts:
    wish = scene.wishes.get(person.person_id, Preference())
    is_early = member.entered_at <= scene.campaign.published_at
    return Facts(
        is_sendable=person.kind not in NEVER_SENDABLE,
        is_in_audience=member.is_inside,
        is_held_out=member.is_held_out,
        joined_at=None if is_early else member.entered_at,
        predecessor=before,
        standing=Standing(is_stopped=wish.stopped_at is not None, paused_until=wish.paused_until),
        blocked=blocked,
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
