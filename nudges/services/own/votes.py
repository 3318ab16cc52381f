"""What should come next: this module takes one vote a person, shows that it counts, and tells authors the ranges."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.delivery import votes as counting
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.measuring.release import Told
from nudges.domain.measuring.views import Verdict
from nudges.domain.people.own_views import BallotView, Candidate
from nudges.domain.playbooks.languages import title_for
from nudges.domain.stories.story_playbook import is_story_playbook
from nudges.services.authoring.frozen import frozen
from nudges.services.barriers.periods import zone
from nudges.services.core import Core
from nudges.services.keeping.forget_person import is_forgotten
from nudges.services.own.meant_for import meant_for
from nudges.store import campaigns, people, reports, votes
from nudges.store.campaigns import CampaignStatus

WAITING = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)
CANDIDATES = 5  # one tap each, without scrolling


def vote(core: Core, person_id: str, playbook: str) -> Verdict:
    """Store what a person wants next, instead of what they wanted before; GONE when it is not theirs to choose."""
    with core.db.begin() as session:
        known = {candidate.playbook for candidate in _candidates(session, core, person_id)}
        if playbook not in known or is_forgotten(session, core, person_id):
            return Verdict.GONE
        now, quarter = core.clock(), _quarter(core)
        is_new = votes.cast(session, core.workspace_id, person_id, quarter=quarter, playbook=playbook, now=now)
    return Verdict.RECORDED if is_new else Verdict.REPEATED


def ballot(core: Core, person_id: str) -> BallotView:
    """Return what a person may vote for, what they chose, and how many want the same, as far as it may be told."""
    with core.db.reading() as session:
        return read_ballot(session, core, person_id)


def read_ballot(session: Session, core: Core, person_id: str) -> BallotView:
    """Return the same within a transaction."""
    chosen = votes.present(session, core.workspace_id, person_id, _quarter(core))
    found = _candidates(session, core, person_id)
    k, told = core.company().k, _told(session, core)
    titles = {one.playbook: one.title for one in found}
    if chosen:
        titles[chosen] = _title(session, core, chosen, _language(session, core, person_id))
    return BallotView(
        candidates=tuple(found[:CANDIDATES]),
        chosen=chosen,
        chosen_title=titles.get(chosen, ""),
        band=counting.bands(told, k).get(chosen, ""),
        is_leading=bool(chosen) and counting.most_wanted(told) == chosen,
        k=k,
    )


def wanted(core: Core) -> tuple[tuple[str, str], ...]:
    """Return what people want next by title, each with its range of people, the most wanted first; for authors."""
    with core.db.reading() as session:
        told = counting.bands(_told(session, core), core.company().k)
        return tuple((_title(session, core, playbook), band) for playbook, band in told.items())


def lifts(session: Session, core: Core) -> Mapping[str, int]:
    """Return by how many steps of `priority` the nudges of a playbook go first, because most people asked for it."""
    return counting.lifts(_told(session, core))


def prune_votes(core: Core) -> int:
    """Delete the votes of all quarters but this one and the last; return how many."""
    with core.db.begin() as session:
        return votes.prune(session, core.workspace_id, _quarter(core) - 1)


def _told(session: Session, core: Core) -> Told:
    cast = votes.of_quarter(session, core.workspace_id, _quarter(core))
    yesterday = core.clock().astimezone(zone(core)).date() - timedelta(days=1)
    held = [(one.playbook, one.voted_at, one.ended_at) for one in cast]
    return counting.told_votes(held, here=zone(core), until=yesterday, k=core.company().k)


def _quarter(core: Core) -> int:
    return counting.quarter_of(core.clock().astimezone(zone(core)).date())


def _candidates(session: Session, core: Core, person_id: str) -> list[Candidate]:
    """Return what may be wished for, what the person knows nothing of first.

    That is what may still come to them, and what runs for others: so wished for, it tells authors whom it misses.
    """
    mine = reports.deliveries_of(session, core.workspace_id, person_id)
    over = {(one.campaign_id, one.nudge_key) for one in mine if one.status not in WAITING}
    begun = {one.campaign_id for one in mine if one.sent_at is not None}
    found: dict[str, Candidate] = {}
    language = _language(session, core, person_id)
    for campaign, playbook in meant_for(session, core, person_id):
        if is_story_playbook(playbook.playbook):
            continue
        if any((campaign.campaign_id, nudge.key) not in over for nudge in playbook.nudges):
            known = found.get(playbook.playbook)
            is_new = campaign.campaign_id not in begun and (known is None or known.is_new)
            found[playbook.playbook] = Candidate(playbook.playbook, title_for(language, playbook), is_new)
    # Only what authors wrote: the note of a play would tell of a flag.
    written = core.library().playbooks
    for campaign in campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED):
        is_met = campaign.playbook in found or campaign.campaign_id in begun
        if campaign.playbook in written and not is_met:
            found[campaign.playbook] = Candidate(
                campaign.playbook, title_for(language, frozen(campaign)[0]), is_new=True
            )
    return sorted(found.values(), key=lambda one: (not one.is_new, one.title))


def _language(session: Session, core: Core, person_id: str) -> str:
    person = people.person(session, core.workspace_id, person_id)
    return person.language if person else ""


def _title(session: Session, core: Core, playbook: str, language: str = "") -> str:
    """Return the title of a playbook that was voted for, whatever has become of its campaign since."""
    known = [one for one in campaigns.campaigns(session, core.workspace_id) if one.playbook == playbook]
    return title_for(language, frozen(known[-1])[0]) if known else playbook
