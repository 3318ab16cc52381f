"""Looking ahead: this module reads everybody once and lets a forecast live through the weeks to come."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import SkipReason
from nudges.domain.delivery.staging import first_staging
from nudges.domain.forecasts.forecast import Run, Seat, SeatTaken, Wish, World
from nudges.domain.forecasts.forecast_books import REMEMBERED
from nudges.domain.people.topics import TopicWish
from nudges.domain.playbooks.playbook import Playbook
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.import_playbooks import ReadPlaybook
from nudges.services.authoring.spans import is_finished, newcomers_until, over_after
from nudges.services.core import Core
from nudges.services.delivery.draw_audience import members_of
from nudges.services.own.votes import lifts
from nudges.services.people.known_people import known_people
from nudges.store import campaigns, foreseeing, people, workshops
from nudges.store.campaigns import RECALLED, Campaign, CampaignStatus, Member

UNTOLD = date(9000, 1, 1)  # the rest of a pilot begins on a day that nobody knows yet
_NONE: Mapping[str, SkipReason] = {}


def world_now(session: Session, core: Core, *, posts_per_second: float | None = None) -> World:
    """Return how things stand: everybody, what they asked for and got, and every campaign that sends."""
    now = core.clock()
    everybody = {person.person_id: person for person in known_people(session, core, core.company())}
    runs = [run_of(session, campaign) for campaign in sending(session, core, now)]
    got = foreseeing.got(session, core.workspace_id, since=now - REMEMBERED)
    return World(
        now=now,
        company=core.company(),
        key=core.key,
        workspace_id=core.workspace_id,
        people=everybody,
        runs=runs,
        wishes=_wishes(session, core),
        stored=foreseeing.stored(session, [run.campaign_id for run in runs]),
        got=got,
        past=_past(session, core, {one.campaign_id for of_one in got.values() for one in of_one}, runs),
        seats=_seats(session, core, runs),
        posts_per_second=core.posts_per_second if posts_per_second is None else posts_per_second,
        lifts=lifts(session, core),
    )


def sending(session: Session, core: Core, now: datetime) -> list[Campaign]:
    """Return the campaigns that are live and not over."""
    live = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE)
    return [one for one in live if not is_finished(frozen(one)[0], starts_on=_last_start(one), today=now.date())]


def run_of(session: Session, campaign: Campaign) -> Run:
    """Return a running campaign as a forecast sees it."""
    members = campaigns.members(session, campaign.campaign_id)
    codes = campaigns.stopped_nudges(session, campaign.campaign_id)
    stopped = {
        key: SkipReason.RECALLED if code == RECALLED else SkipReason.NUDGE_STOPPED for key, code in codes.items()
    }
    return make_run(campaign, members.values(), stopped)


def with_campaign(
    session: Session, core: Core, world: World, entry: ReadPlaybook, starts_on: date, *, is_whole: bool = False
) -> World:
    """Return the world in which this playbook has just been published; its campaign comes last."""
    new = campaign_to_come(session, core, entry, starts_on, is_whole=is_whole)
    run = replace(make_run(new, members_of(session, core, new, world.now)), begins_now=True)
    return replace(world, runs=[*world.runs, run])


def make_run(campaign: Campaign, members: Iterable[Member], stopped: Mapping[str, SkipReason] = _NONE) -> Run:
    """Return a campaign and its audience as a forecast sees them."""
    playbook, _ = frozen(campaign)
    starts_on = _last_start(campaign)
    return Run(
        campaign_id=campaign.campaign_id,
        name=campaign.name,
        playbook=playbook,
        staging=campaign.staging,
        seats=seats_of(campaign, members),
        over_after={nudge.key: over_after(playbook, nudge, starts_on) for nudge in playbook.nudges},
        stopped=stopped,
        newcomers_until=newcomers_until(playbook, campaign.staging.last_start or campaign.starts_on),
    )


def seats_of(campaign: Campaign, members: Iterable[Member]) -> Mapping[str, Seat]:
    """Return the places of these people; whoever entered after the publishing came late."""
    return {
        member.person_id: Seat(
            segment=member.segment,
            is_held_out=member.is_held_out,
            is_inside=member.is_inside,
            is_pilot=member.is_pilot,
            joined_at=None if member.entered_at <= campaign.published_at else member.entered_at,
        )
        for member in members
    }


def campaign_to_come(
    session: Session, core: Core, entry: ReadPlaybook, starts_on: date, *, is_whole: bool = False
) -> Campaign:
    """Return the campaign that publishing would make now, under the number and the name it would have.

    `is_whole` passes over the pilot.
    """
    return Campaign(
        campaign_id=foreseeing.next_campaign_id(session),
        name=campaigns.free_name(session, core.workspace_id, entry.playbook.playbook),
        playbook=entry.playbook.playbook,
        text=entry.text,
        company_text=core.library().company_text,
        text_hash=entry.text_hash,
        status=CampaignStatus.LIVE,
        starts_on=starts_on,
        published_at=core.clock(),
        published_by="",
        version=1,
        is_piloting=first_staging(entry.playbook, starts_on, is_whole=is_whole).is_piloting,
    )


def _past(session: Session, core: Core, campaign_ids: Set[int], runs: Sequence[Run]) -> dict[int, Playbook]:
    """Return the playbooks of other campaigns that people have heard of: what kind of nudge that was still counts."""
    others = campaign_ids - {run.campaign_id for run in runs}
    found = (campaigns.by_id(session, core.workspace_id, campaign_id) for campaign_id in sorted(others))
    return {one.campaign_id: playbook for one in found if one is not None and (playbook := _readable(one)) is not None}


def _readable(campaign: Campaign) -> Playbook | None:
    try:
        return frozen(campaign)[0]
    except StorageError:
        return None


def _seats(session: Session, core: Core, runs: Iterable[Run]) -> list[SeatTaken]:
    of_each = ((run.campaign_id, workshops.asked(session, core.workspace_id, run.campaign_id)) for run in runs)
    return [
        SeatTaken(campaign_id, place.nudge_key, place.session, person_id, state, said)
        for campaign_id, asked in of_each
        for place, person_id, state, said in asked
    ]


def _wishes(session: Session, core: Core) -> dict[str, Wish]:
    found = people.preferences(session, core.workspace_id)
    return {
        person_id: Wish(
            wish.stopped_at is not None,
            wish.paused_until,
            wish.introduced_at is not None,
            TopicWish.decode(wish.topics),
            is_fewer=wish.fewer_since is not None,
            back_at=wish.back_at,
        )
        for person_id, wish in found.items()
    }


def _last_start(campaign: Campaign) -> date:
    return campaign.staging.last_start or UNTOLD
