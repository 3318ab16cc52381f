"""What waits for a second person: this module shows the plan of exactly the content that a yes would let run."""

from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.delivery.staging import Halted, PilotTally, Ready
from nudges.domain.files.suggest import nearest
from nudges.domain.measuring.disclosure import band, may_show, share_band
from nudges.domain.measuring.publishing_views import ApprovalView, PilotView
from nudges.domain.people.facts import asks_behaviour
from nudges.domain.people.segments import describe
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Pilot, Playbook
from nudges.domain.times.schedule_words import describe_when
from nudges.errors import CampaignNotFound
from nudges.services.authoring.approve import first_day_of
from nudges.services.authoring.frozen import frozen_version
from nudges.services.core import Core
from nudges.services.delivery.draw_audience import members_of
from nudges.services.delivery.stage_pilots import verdict_of
from nudges.store import approvals, campaigns, pilots, versions
from nudges.store.approvals import Approval, ApprovalKind
from nudges.store.campaigns import Campaign, Member
from nudges.store.versions import Version


def waiting(core: Core) -> tuple[ApprovalView, ...]:
    """Return everything that waits for a second person, oldest first."""
    with core.db.reading() as session:
        found = [_view(session, core, one) for one in approvals.open_ones(session, core.workspace_id)]
    return tuple(view for view in found if view is not None)


def waiting_for(core: Core, name: str) -> ApprovalView | None:
    """Return what waits about one campaign, None when nothing does; CampaignNotFound offers the nearest name."""
    with core.db.reading() as session:
        campaign = campaigns.by_name(session, core.workspace_id, name)
        if campaign is None:
            names = [one.name for one in campaigns.campaigns(session, core.workspace_id)]
            near = nearest(name, names)
            raise CampaignNotFound(f"There is no campaign called {name}." + (f" Did you mean {near}?" if near else ""))
        found = [one for one in approvals.about(session, core.workspace_id, campaign.campaign_id) if one.is_open]
        return _view(session, core, found[-1]) if found else None


def pilot_view(session: Session, core: Core, campaign: Campaign, pilot: Pilot) -> PilotView:
    """Return how a pilot stands, in bands."""
    verdict, tally = verdict_of(session, core, campaign, pilot)
    told = "ready" if isinstance(verdict, Ready) else "halted" if isinstance(verdict, Halted) else verdict.lack.value
    return PilotView(
        segment=pilot.segment,
        people=pilots.pilots(session, campaign.campaign_id),
        verdict=told,
        rule=verdict.reason.value if isinstance(verdict, Halted) else "",
        reached=band(tally.reached, core.company().k),
        answered=_answered(tally, core),
        useful=_useful(tally, core),
        answers_wanted=pilot.answers,
        useful_wanted=pilot.useful,
    )


def _answered(tally: PilotTally, core: Core) -> str:
    is_safe = may_show(members=tally.reached, reporters=tally.answered, k=core.company().k)
    return share_band(tally.answered, tally.reached) if is_safe else ""


def _useful(tally: PilotTally, core: Core) -> str:
    k = core.company().k
    is_safe = bool(band(tally.useful, k)) and (bool(band(tally.not_for_me, k)) or tally.not_for_me == 0)
    return share_band(tally.useful, tally.useful + tally.not_for_me) if is_safe and tally.not_for_me else ""


def _view(session: Session, core: Core, found: Approval) -> ApprovalView | None:
    campaign = campaigns.by_id(session, core.workspace_id, found.campaign_id)
    version = versions.version_of(session, found.campaign_id, found.version)
    if campaign is None or version is None:
        return None
    playbook, company = frozen_version(version)
    meant = _members(session, core, campaign, version)
    present = {one.person_id for one in campaigns.members(session, campaign.campaign_id).values() if one.is_inside}
    counts = Counter(one.segment for one in meant)
    starts_on = first_day_of(core, campaign, found)
    entry = core.library().playbooks.get(campaign.playbook)
    return ApprovalView(
        approval_id=found.approval_id,
        content_hash=found.content_hash,
        campaign=campaign.name,
        title=playbook.title,
        kind=found.kind.value,
        reason=found.reason.value,
        asked_by=found.asked_by,
        asked_at=found.asked_at,
        zone=company.default_zone,
        starts_on=starts_on,
        is_moved=_is_moved(campaign, found, starts_on),
        audience=len(meant),
        reached=_reached(campaign, found, playbook, meant),
        added=sum(one.person_id not in present for one in meant),
        segments=tuple(
            (name, describe(company.segments[name], company.segments), counts[name])
            for name in playbook.audience.segments
        ),
        nudges=tuple((nudge.key, nudge.kind, describe_when(nudge)) for nudge in playbook.nudges),
        pilot=_pilot(session, core, campaign, playbook, found),
        private_k=core.company().k if _is_private(playbook, company) else 0,
        is_edited_since=entry is not None and entry.text_hash != version.text_hash,
    )


def _is_private(playbook: Playbook, company: Company) -> bool:
    """Return whether who is meant gives away what people did: then figures are bands."""
    pilot = playbook.audience.pilot
    names = (*playbook.audience.segments, *([pilot.segment] if pilot else []))
    rules = (company.segments[name] for name in names if name in company.segments)
    return any(asks_behaviour(rule, company.segments) for rule in rules)


def _members(session: Session, core: Core, campaign: Campaign, version: Version) -> list[Member]:
    texts = {"text": version.text, "company_text": version.company_text, "content_hash": version.content_hash}
    proposed = Campaign(**{**campaign.__dict__, **texts})
    return members_of(session, core, proposed, core.clock())


def _reached(campaign: Campaign, found: Approval, playbook: Playbook, meant: list[Member]) -> int:
    if found.kind == ApprovalKind.WIDEN:
        return sum(not one.is_pilot for one in meant)
    has_pilot = campaign.is_piloting and playbook.audience.pilot is not None
    return sum(one.is_pilot for one in meant) if has_pilot else len(meant)


def _is_moved(campaign: Campaign, found: Approval, starts_on: date) -> bool:
    return found.kind == ApprovalKind.PUBLISH and starts_on != campaign.starts_on


def _pilot(session: Session, core: Core, campaign: Campaign, playbook: Playbook, found: Approval) -> PilotView | None:
    pilot = playbook.audience.pilot
    if pilot is None or found.kind != ApprovalKind.WIDEN:
        return None
    return pilot_view(session, core, campaign, pilot)
