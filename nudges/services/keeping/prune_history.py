"""Forgetting in time: this module deletes what we promised not to keep; docs/data-map.md says how long for each."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from nudges.domain.barriers.flags import SETTLED
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.spans import is_done_with, is_finished
from nudges.services.barriers.periods import week_now
from nudges.services.barriers.prune_evidence import prune_evidence
from nudges.services.core import Core
from nudges.services.keeping.erase_left import erase_left
from nudges.services.own.votes import prune_votes
from nudges.store import (
    campaigns,
    deliveries,
    flag_history,
    message_works,
    needs,
    notices,
    past,
    people,
    recall,
    reports,
    responses,
    rollups,
    saved,
    usage,
    weekly_counts,
    workshops,
)
from nudges.store.campaigns import Campaign, CampaignStatus

EVENT_IDS_KEPT = timedelta(hours=25)
TEXTS_KEPT = timedelta(days=30)
HISTORY_KEPT = timedelta(days=180)
WEEKS_KEPT = 104  # of counts of groups, with nobody in them
AT_ONCE = 1000  # rows counted and deleted in one transaction: clicks must not wait for more


@dataclass(frozen=True)
class Pruning:
    """How many rows went."""

    events: int = 0
    texts: int = 0
    reports: int = 0
    history: int = 0
    notices: int = 0
    leavers: int = 0
    usage: int = 0


def prune_history(core: Core) -> Pruning:
    """Delete old event ids, words people typed, evidence no decision looks at, and what was sent and answered long ago.

    Of what was sent and answered the counts stay, without anybody's name.
    """
    erase_left(core.db, core.clock)
    now = core.clock()
    before = now - HISTORY_KEPT
    with core.db.begin() as session:
        events, texts = responses.prune(
            session, core.workspace_id, events_before=now - EVENT_IDS_KEPT, texts_before=now - TEXTS_KEPT
        )
        weekly_counts.prune(session, core.workspace_id, week_now(session, core) - WEEKS_KEPT)
        evidence = prune_evidence(session, core, asked_before=now - TEXTS_KEPT)
        told = deliveries.delete_old_notices(session, core.workspace_id, before)
        notices.prune(session, core.workspace_id, before)
        left = people.prune_leavers(session, core.workspace_id, before)
        used = usage.prune(session, core.workspace_id, before.date())
        message_works.prune(session, core.workspace_id, before)
        recall.prune(session, core.workspace_id, before)
        flag_history.prune(session, core.workspace_id, before, [state.value for state in SETTLED])
        needs.prune(session, core.workspace_id, before)
        rollups.tidy(session)
        workshops.prune(session, core.workspace_id, before)
        saved.erase_leavers(session, core.workspace_id, before)
        known = campaigns.campaigns(session, core.workspace_id)
    prune_votes(core)
    history = sum(_prune_campaign(core, campaign, before) for campaign in known)
    return Pruning(events, texts, evidence, history, told, left, used)


def _prune_campaign(core: Core, campaign: Campaign, before: datetime) -> int:
    """Count and delete what is old, one nudge at a time: clicks must not wait until thousands of rows are gone."""
    with core.db.begin() as session:
        done_with = _done_with(session, core, campaign)
        # Before the rows go: afterwards nobody can tell how many different people they were about.
        people_behind = _people(session, campaign)
        answered = responses.old_counts(session, campaign.campaign_id, before)
        past.add(session, campaign.campaign_id, [*people_behind, *answered] if answered else [])
        count = responses.delete_old(session, campaign.campaign_id, before)
    count += sum(_prune_nudge(core, campaign, key, people_behind=people_behind, before=before) for key in done_with)
    if not _is_long_over(campaign, before):
        return count
    with core.db.begin() as session:
        past.add(session, campaign.campaign_id, people_behind)
        return count + campaigns.erase_audience(session, campaign.campaign_id)


def _prune_nudge(
    core: Core, campaign: Campaign, nudge_key: str, *, people_behind: list[past.PastCount], before: datetime
) -> int:
    """Count and delete what is old of a nudge, a batch at a time; whatever is left after a crash is counted then."""
    with core.db.reading() as session:
        whole = deliveries.old_counts(session, campaign.campaign_id, [nudge_key], before)
    # How many different people they were can be told only before the first of them go.
    people = {(one.kind, one.value, one.reason, one.is_enqueued): one.people for one in whole}
    gone = 0
    while True:
        with core.db.begin() as session:
            ids = deliveries.old_ids(session, campaign.campaign_id, nudge_key, before, most=AT_ONCE)
            if not ids:
                return gone
            counts = deliveries.old_counts(session, campaign.campaign_id, [nudge_key], before, ids)
            old = [
                replace(one, people=people.get((one.kind, one.value, one.reason, one.is_enqueued), one.people))
                for one in counts
            ]
            past.add(session, campaign.campaign_id, [*people_behind, *old])
            gone += deliveries.delete_old(session, campaign.campaign_id, [nudge_key], before, ids)


def _people(session: Session, campaign: Campaign) -> list[past.PastCount]:
    return [
        past.people(past.REACHED, reports.people_reached(session, campaign.campaign_id)),
        past.people(past.ANSWERED, reports.people_answered(session, campaign.campaign_id)),
        past.people(past.AUDIENCE, reports.people_meant(session, campaign.campaign_id)),
    ]


def _done_with(session: Session, core: Core, campaign: Campaign) -> list[str]:
    """Return the nudges that planning does not look at any more; the rows of others are still needed to plan by."""
    decided = set(reports.decided_people(session, campaign.campaign_id))
    try:
        playbook, _ = frozen(campaign)
    except StorageError:  # a text that cannot be read any more plans nothing
        return sorted(decided)
    if campaign.status == CampaignStatus.ENDED:
        return sorted(decided)
    today, last_start = core.clock().date(), campaign.staging.last_start
    if last_start is None:  # the rest may still begin
        return []
    return sorted(key for key in decided if is_done_with(playbook, key, starts_on=last_start, today=today))


def _is_long_over(campaign: Campaign, before: datetime) -> bool:
    last_start = campaign.staging.last_start
    if campaign.status == CampaignStatus.ENDED:
        last_start = last_start or campaign.starts_on
    try:
        return last_start is not None and is_finished(frozen(campaign)[0], starts_on=last_start, today=before.date())
    except StorageError:
        return campaign.published_at < before
