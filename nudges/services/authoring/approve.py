"""Yes or no to what others ask for: this module lets a second person decide, and what they saw is what runs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from nudges.errors import ApprovalOver, CampaignNotFound, NotAllowed
from nudges.services.authoring import begin_campaign
from nudges.services.authoring.ask_approval import COMMAND_LINE
from nudges.services.authoring.publishable import monday_after, today
from nudges.services.barriers.flag_gate import alias_of
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.services.people.roles import approvers_of
from nudges.store import approvals, audit, campaigns, people, versions
from nudges.store.approvals import Approval, ApprovalKind, Decision
from nudges.store.campaigns import Campaign, CampaignStatus

LONGEST_WHY = 1000


@dataclass(frozen=True)
class Approved:
    """What began with a yes: the campaign, what was asked for, and the first day of those who begin."""

    campaign: str
    title: str
    kind: ApprovalKind
    starts_on: date
    asked_by: str


def approve(core: Core, approval_id: int, content_hash: str, actor_id: str) -> Approved:
    """Agree to exactly this content and let it run.

    Raises NotAllowed for one's own question or without the role, ApprovalOver when it was decided or replaced.
    """
    with core.db.begin() as session:
        found = _open(session, core, approval_id, actor_id)
        if found.content_hash != content_hash:
            raise ApprovalOver
        campaign = _campaign(session, core, found)
        now = core.clock()
        approvals.decide(session, core.workspace_id, approval_id, Decision.APPROVED, by=actor_id, now=now)
        audit.record(
            session,
            core.workspace_id,
            actor_id=actor_id,
            action=f"approve_{found.kind}",
            subject=campaign.name,
            now=now,
        )
        starts_on = _run(session, core, campaign, found, actor_id)
        done = Approved(campaign.name, begin_campaign.title_of(campaign), found.kind, starts_on, found.asked_by)
        _tell_author(session, core, found, campaign, by=actor_id)
        return done


def decline(core: Core, approval_id: int, actor_id: str, why: str) -> Approval:
    """Say no, and tell the author why; raises as `approve` does."""
    with core.db.begin() as session:
        found = _open(session, core, approval_id, actor_id)
        campaign = _campaign(session, core, found)
        now, said = core.clock(), why.strip()[:LONGEST_WHY]
        approvals.decide(session, core.workspace_id, approval_id, Decision.DECLINED, by=actor_id, why=said, now=now)
        if found.kind == ApprovalKind.PUBLISH:
            old, new = CampaignStatus.WAITING, CampaignStatus.DECLINED
            campaigns.change_status(session, campaign.campaign_id, old=old, new=new)
        action = f"decline_{found.kind}"
        audit.record(session, core.workspace_id, actor_id=actor_id, action=action, subject=campaign.name, now=now)
        _tell_author(session, core, found, campaign, by=actor_id, why=said)
        return found


def _open(session: Session, core: Core, approval_id: int, actor_id: str) -> Approval:
    if actor_id not in approvers_of(core):
        names = ", ".join(f"<@{one}>" for one in approvers_of(core)) or "nobody yet: see `approvers:` in company.yaml"
        raise NotAllowed(f"Only approvers and admins may decide this: {names}.", hint="")
    found = approvals.find(session, core.workspace_id, approval_id)
    if found is None or not found.is_open:
        raise ApprovalOver
    if found.asked_by in (actor_id, alias_of(core, actor_id)):  # also where they asked to be forgotten meanwhile
        raise NotAllowed("You asked for this yourself, so somebody else has to decide it.", hint="")
    return found


def _campaign(session: Session, core: Core, found: Approval) -> Campaign:
    campaign = campaigns.by_id(session, core.workspace_id, found.campaign_id)
    if campaign is None:
        raise CampaignNotFound
    is_running = campaign.status in (CampaignStatus.LIVE, CampaignStatus.PAUSED)
    if is_running == (found.kind == ApprovalKind.PUBLISH):
        raise ApprovalOver
    return campaign


def _run(session: Session, core: Core, campaign: Campaign, found: Approval, actor_id: str) -> date:
    if found.kind == ApprovalKind.WIDEN:
        first = begin_campaign.widen(
            session, core, campaign, actor_id=actor_id, rest_starts_on=first_day_of(core, campaign, found)
        )
        if first is None:
            raise ApprovalOver
        return first
    version = versions.version_of(session, campaign.campaign_id, found.version)
    if version is None or version.content_hash != found.content_hash:
        raise ApprovalOver
    if found.kind == ApprovalKind.UPDATE:
        begin_campaign.switch_over(session, core, campaign, version, approved_by=actor_id)
        return campaign.starts_on
    starts_on = first_day_of(core, campaign, found)
    begin_campaign.start(session, core, campaign, version, starts_on=starts_on, approved_by=actor_id)
    return starts_on


def first_day_of(core: Core, campaign: Campaign, found: Approval) -> date:
    """Return the first day if it were approved now; a day that has passed meanwhile becomes the next Monday."""
    if found.kind == ApprovalKind.UPDATE:
        return campaign.starts_on
    wanted = campaign.starts_on if found.kind == ApprovalKind.PUBLISH else found.rest_starts_on
    is_past = wanted is None or wanted < today(core)
    return monday_after(core) if is_past or wanted is None else wanted


def _tell_author(
    session: Session, core: Core, found: Approval, campaign: Campaign, *, by: str, why: str | None = None
) -> None:
    """Tell who asked; behind the command line nobody can be told, and there the owner's status says it."""
    if found.asked_by == COMMAND_LINE or people.person(session, core.workspace_id, found.asked_by) is None:
        return
    told_no = "notice.declined" if why else "notice.declined_silently"
    values = {"campaign": campaign.name, "by": by, "why": why or "", "kind": found.kind.value}
    tell(
        session,
        core,
        person_id=found.asked_by,
        notice_key=f"approval:{found.approval_id}:answer",
        text_key="notice.approved" if why is None else told_no,
        values=values,
    )
