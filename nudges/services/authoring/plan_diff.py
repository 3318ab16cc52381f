"""What an edit would change: this module compares a running campaign with today's file; nothing is stored."""

from dataclasses import replace

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import SkipReason
from nudges.domain.forecasts.forecast import Run, World
from nudges.domain.forecasts.forecast_engine import foresee
from nudges.domain.forecasts.forecast_figures import Calendars
from nudges.domain.forecasts.forecast_update import Change, change_of, seats_after, updated
from nudges.errors import CampaignNotFound
from nudges.services.authoring.draft_plan import is_private
from nudges.services.authoring.foresee import make_run, run_of, world_now
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.import_playbooks import ReadPlaybook
from nudges.services.authoring.plan_ahead import Question, end_of, note_look
from nudges.services.authoring.publishable import RUNNING, monday_after, usable
from nudges.services.core import Core
from nudges.services.delivery.draw_audience import members_of
from nudges.store import campaigns
from nudges.store.campaigns import Campaign


def plan_changes(core: Core, asked: Question, actor_id: str) -> tuple[Change, ...]:
    """Return what today's file changes in each running campaign of the playbook; CampaignNotFound when none runs."""
    entry, _ = usable(core, asked.playbook)
    with core.db.reading() as session:
        world = world_now(session, core, posts_per_second=asked.posts_per_second)
        running = [one for one in campaigns.campaigns(session, core.workspace_id, *RUNNING) if _is_of(one, asked)]
        pairs = [_pair(session, core, world, campaign, entry) for campaign in running]
    if not running:
        raise CampaignNotFound(
            f"No campaign runs on {asked.playbook}, so there is nothing to compare with.",
            hint=f"`nudger plan {asked.playbook}` shows what publishing it would do.",
        )
    note_look(core, actor_id, f"{asked.playbook} against live")
    return tuple(_change(world, asked, campaign, entry, *pair) for campaign, pair in zip(running, pairs, strict=True))


def runs_already(core: Core, name: str) -> bool:
    """Return whether a campaign of this playbook runs or rests."""
    with core.db.reading() as session:
        running = campaigns.campaigns(session, core.workspace_id, *RUNNING)
    return any(one.playbook == name for one in running)


def _is_of(campaign: Campaign, asked: Question) -> bool:
    return asked.playbook in (campaign.playbook, campaign.name)


def _pair(session: Session, core: Core, world: World, campaign: Campaign, entry: ReadPlaybook) -> tuple[Run, Run]:
    """Return the campaign as it runs, and as it would run on today's file."""
    old = run_of(session, campaign)
    company_text = core.library().company_text
    texts = {"text": entry.text, "company_text": company_text, "text_hash": entry.text_hash, "content_hash": ""}
    new = replace(campaign, **texts)  # type: ignore[arg-type]  # texts of Campaign
    playbook, _ = frozen(new)
    if campaign.is_piloting and playbook.audience.pilot is None:
        new = replace(new, is_piloting=False, rest_starts_on=monday_after(core))
    fresh = make_run(new, members_of(session, core, new, world.now))
    seats = seats_after(old.seats, fresh.seats, now=world.now, is_piloting=new.is_piloting)
    recalled = {key: reason for key, reason in old.stopped.items() if reason == SkipReason.RECALLED}
    return old, replace(fresh, seats=seats, stopped=recalled)


def _change(world: World, asked: Question, campaign: Campaign, entry: ReadPlaybook, old: Run, new: Run) -> Change:
    if old.campaign_id not in {run.campaign_id for run in world.runs}:
        world = replace(world, runs=[*world.runs, old])  # it rests: compared as if it went on
    until = end_of(max(campaign.starts_on, world.now.date()), asked.weeks)
    before = foresee(world, until=until, reactions=asked.reactions)
    after = foresee(updated(world, new), until=until, reactions=asked.reactions)
    nudges, gaining, losing, others = change_of(
        old=old, new=new, before=before.foreseen, after=after.foreseen, calendars=Calendars(world)
    )
    was = {person_id for person_id, seat in old.seats.items() if seat.is_inside}
    becomes = {person_id for person_id, seat in new.seats.items() if seat.is_inside}
    return Change(
        campaign=campaign.name,
        version=campaign.version,
        is_edited=campaign.text_hash != entry.text_hash,
        people_gained=len(becomes - was),
        people_lost=len(was - becomes),
        gaining=gaining,
        losing=losing,
        nudges=nudges,
        others_losing=others,
        is_private=is_private(old.playbook, world) or is_private(new.playbook, world),
        k=world.company.k,
    )
