"""From a file to a campaign: this module publishes and updates; a file by itself sends nothing.

Where a second person has to agree, the text is kept as a version that waits, and what they agree to is that text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.delivery.staging import first_staging
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook, Widening
from nudges.errors import CampaignNotFound, PlaybookRefused
from nudges.services.authoring import begin_campaign
from nudges.services.authoring.ask_approval import ask, reason_of_growth
from nudges.services.authoring.frozen import frozen_version
from nudges.services.authoring.import_playbooks import ReadPlaybook
from nudges.services.authoring.publishable import (
    RUNNING,
    first_day,
    live_warnings,
    refuse_nobody,
    refuse_twin,
    refuse_unripe,
    usable,
)
from nudges.services.core import Core
from nudges.services.delivery.draw_audience import members_of
from nudges.store import audit, campaigns, pilots, versions
from nudges.store.approvals import ApprovalKind, ApprovalReason
from nudges.store.campaigns import Campaign, CampaignStatus, Member
from nudges.store.versions import Version

UNSTARTED = (CampaignStatus.WAITING, CampaignStatus.DECLINED)


@dataclass(frozen=True)
class PublishedCampaign:
    """A campaign that now runs, or waits for a second person; `asked` are those who may agree."""

    name: str
    title: str
    starts_on: date
    audience: int
    version: int
    pilot: int | None = None  # people who come first; None when everybody begins at once
    asked: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether nothing happens until a second person agrees."""
        return bool(self.asked)


@dataclass(frozen=True)
class _Wanted:
    """What somebody wants published, read and checked."""

    entry: ReadPlaybook
    company: Company
    company_text: str
    actor_id: str

    @property
    def playbook(self) -> Playbook:
        return self.entry.playbook


def publish(
    core: Core,
    name: str,
    actor_id: str,
    *,
    starts_on: date | None = None,
    is_again: bool = False,
    is_whole: bool = False,
) -> PublishedCampaign:
    """Freeze the playbook as a campaign, or put it before a second person; PlaybookRefused says why not.

    `is_again` begins a further run of a playbook that runs already; `is_whole` reaches everybody at once, pilot or
    not. Then nothing is stored.
    """
    wanted = _wanted(core, name, actor_id)
    begins = first_day(core, wanted.playbook, starts_on)
    with core.db.begin() as session:
        refuse_nobody(session, core, wanted.playbook, wanted.company)
        if not is_again:
            refuse_twin(session, core, wanted.playbook.playbook)
        campaign = _campaign(session, core, wanted, begins, is_whole=is_whole)
        version = _keep(session, core, campaign, wanted)
        reason = _reason_to_ask(core, wanted.playbook, is_whole=is_whole)
        if reason is None:
            begun = begin_campaign.start(session, core, campaign, version, starts_on=begins)
            return _published(session, core, begun, wanted)
        asked = _ask(session, core, campaign, version, kind=ApprovalKind.PUBLISH, reason=reason)
        _record(session, core, actor_id, "ask_publish", campaign)
        return _waiting(session, core, campaign, version, asked, wanted)


def update(core: Core, campaign_name: str, actor_id: str) -> PublishedCampaign:
    """Give a running campaign the file's present text, or put it before a second person; whole or not at all."""
    with core.db.begin() as session:
        campaign = running(session, core, campaign_name)
        wanted = _wanted(core, campaign.playbook, actor_id)
        refuse_nobody(session, core, wanted.playbook, wanted.company)
        version = _keep(session, core, campaign, wanted)
        reason = _reason_of_update(session, core, campaign, version)
        if reason is None:
            begin_campaign.switch_over(session, core, campaign, version)
            return _published(session, core, running(session, core, campaign_name), wanted)
        asked = _ask(session, core, campaign, version, kind=ApprovalKind.UPDATE, reason=reason)
        _record(session, core, actor_id, "ask_update", campaign)
        return _waiting(session, core, campaign, version, asked, wanted)


def ask_widening(core: Core, campaign_name: str, actor_id: str) -> tuple[str, ...]:
    """Ask that the rest follows a campaign's pilot, however it stands; return who may agree."""
    with core.db.begin() as session:
        campaign = running(session, core, campaign_name)
        if not campaign.is_piloting:
            raise PlaybookRefused(f"{campaign_name} is not in a pilot: everybody is reached already.", hint="")
        about = {"version": campaign.version, "content_hash": campaign.content_hash, "actor_id": actor_id}
        reason = ApprovalReason.PILOT
        asked = ask(session, core, campaign, kind=ApprovalKind.WIDEN, reason=reason, **about)  # type: ignore[arg-type]  # by name
        _record(session, core, actor_id, "ask_widen", campaign)
        return tuple(asked)


def running(session: Session, core: Core, name: str) -> Campaign:
    """Return a campaign that sends or is paused; CampaignNotFound or PlaybookRefused says why it is none."""
    campaign = campaigns.by_name(session, core.workspace_id, name)
    if campaign is None:
        raise CampaignNotFound(f"There is no campaign called {name}.")
    if campaign.status not in RUNNING:
        hint = f"`nudger publish {campaign.playbook}` begins with the file's present text."
        raise PlaybookRefused(f"{name} does not run: it is {campaign.status}.", hint=hint)
    return campaign


def _wanted(core: Core, name: str, actor_id: str) -> _Wanted:
    entry, company = usable(core, name)
    refuse_unripe(core, entry)
    return _Wanted(entry, company, core.library().company_text, actor_id)


def _campaign(session: Session, core: Core, wanted: _Wanted, begins: date, *, is_whole: bool) -> Campaign:
    """Return the campaign to publish: one of this playbook that never began, else a new one."""
    name, is_piloting = wanted.playbook.playbook, first_staging(wanted.playbook, begins, is_whole=is_whole).is_piloting
    known = campaigns.campaigns(session, core.workspace_id, *UNSTARTED)
    unstarted = next((one for one in known if one.playbook == name), None)
    campaign_id = unstarted.campaign_id if unstarted else _create(session, core, wanted, begins)
    values = {"published_by": wanted.actor_id, "starts_on": begins, "is_piloting": is_piloting}
    campaigns.begin(session, campaign_id, status=CampaignStatus.WAITING, now=core.clock(), **values)  # type: ignore[arg-type]  # by name
    found = campaigns.by_id(session, core.workspace_id, campaign_id)
    if found is None:
        raise CampaignNotFound
    return found


def _create(session: Session, core: Core, wanted: _Wanted, begins: date) -> int:
    new = Campaign(
        campaign_id=0,
        name=campaigns.free_name(session, core.workspace_id, wanted.playbook.playbook),
        playbook=wanted.playbook.playbook,
        text=wanted.entry.text,
        company_text=wanted.company_text,
        text_hash=wanted.entry.text_hash,
        status=CampaignStatus.WAITING,
        starts_on=begins,
        published_at=core.clock(),
        published_by=wanted.actor_id,
        version=1,
    )
    return campaigns.create(session, core.workspace_id, new)


def _keep(session: Session, core: Core, campaign: Campaign, wanted: _Wanted) -> Version:
    return versions.add(
        session,
        campaign.campaign_id,
        text=wanted.entry.text,
        company_text=wanted.company_text,
        text_hash=wanted.entry.text_hash,
        written_by=wanted.actor_id,
        now=core.clock(),
    )


def _reason_to_ask(core: Core, playbook: Playbook, *, is_whole: bool) -> ApprovalReason | None:
    pilot = playbook.audience.pilot
    if core.company().publishing.approval:
        return ApprovalReason.COMPANY
    # Passing over a pilot that wants a yes before the rest is reached wants the same yes.
    return ApprovalReason.PILOT if is_whole and pilot and pilot.then == Widening.APPROVAL else None


def _reason_of_update(session: Session, core: Core, campaign: Campaign, version: Version) -> ApprovalReason | None:
    present = [one for one in campaigns.members(session, campaign.campaign_id).values() if one.is_inside]
    wanted = _audience_with(session, core, campaign, version)
    growth = reason_of_growth(
        core, _sizes(present, wanted), _sizes(_reached(campaign, present), _reached(campaign, wanted))
    )
    return growth or (ApprovalReason.COMPANY if core.company().publishing.approval else None)


def _audience_with(session: Session, core: Core, campaign: Campaign, version: Version) -> list[Member]:
    texts = {"text": version.text, "company_text": version.company_text, "content_hash": version.content_hash}
    changed = Campaign(**{**campaign.__dict__, **texts})
    has_pilot = frozen_version(version)[0].audience.pilot is not None
    members = members_of(session, core, changed, core.clock())
    return members if has_pilot else [Member(**{**one.__dict__, "is_pilot": True}) for one in members]


def _reached(campaign: Campaign, members: Sequence[Member]) -> list[Member]:
    return [one for one in members if one.is_pilot or not campaign.is_piloting]


def _sizes(present: Sequence[Member], wanted: Sequence[Member]) -> tuple[int, int]:
    known = {one.person_id for one in present}
    return len(known), sum(one.person_id not in known for one in wanted)


def _ask(
    session: Session, core: Core, campaign: Campaign, version: Version, *, kind: ApprovalKind, reason: ApprovalReason
) -> Sequence[str]:
    about = {"version": version.version, "content_hash": version.content_hash, "actor_id": version.written_by}
    return ask(session, core, campaign, kind=kind, reason=reason, **about)  # type: ignore[arg-type]  # by name


def _record(session: Session, core: Core, actor_id: str, action: str, campaign: Campaign) -> None:
    audit.record(session, core.workspace_id, actor_id=actor_id, action=action, subject=campaign.name, now=core.clock())


def _waiting(
    session: Session, core: Core, campaign: Campaign, version: Version, asked: Sequence[str], wanted: _Wanted
) -> PublishedCampaign:
    members = _audience_with(session, core, campaign, version)
    return PublishedCampaign(
        campaign.name,
        wanted.playbook.title,
        campaign.starts_on,
        len(members),
        version.version,
        pilot=len(_reached(campaign, members)) if campaign.is_piloting else None,
        asked=tuple(asked),
        warnings=live_warnings(core, wanted.entry),
    )


def _published(session: Session, core: Core, campaign: Campaign, wanted: _Wanted) -> PublishedCampaign:
    return PublishedCampaign(
        campaign.name,
        wanted.playbook.title,
        campaign.starts_on,
        campaigns.audience_size(session, campaign.campaign_id),
        campaign.version,
        pilot=pilots.pilots(session, campaign.campaign_id) if campaign.is_piloting else None,
        warnings=live_warnings(core, wanted.entry),
    )
