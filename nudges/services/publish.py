"""From a file to a campaign: this module publishes and updates; a file by itself sends nothing."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from nudges.errors import CampaignNotFound
from nudges.services.core import Core
from nudges.services.plan_deliveries import refresh_audience
from nudges.services.publishable import first_day, refuse_nobody, usable
from nudges.store import audit, campaigns, deliveries
from nudges.store.campaigns import Campaign, CampaignStatus


@dataclass(frozen=True)
class PublishedCampaign:
    """A campaign that now runs, and for how many people."""

    name: str
    title: str
    starts_on: date
    audience: int
    version: int


def publish(core: Core, name: str, actor_id: str, *, starts_on: date | None = None) -> PublishedCampaign:
    """Freeze the playbook as a campaign; PlaybookRefused says why not, and then nothing is stored."""
    entry, company = usable(core, name)
    begins = first_day(core, entry.playbook, starts_on)
    now = core.clock()
    with core.db.begin() as session:
        refuse_nobody(session, core, entry.playbook, company)
        new = Campaign(
            campaign_id=0,
            name=campaigns.free_name(session, core.workspace_id, entry.playbook.playbook),
            playbook=entry.playbook.playbook,
            text=entry.text,
            company_text=core.library().company_text,
            text_hash=entry.text_hash,
            status=CampaignStatus.LIVE,
            starts_on=begins,
            published_at=now,
            published_by=actor_id,
            version=1,
        )
        campaign_id = campaigns.create(session, core.workspace_id, new)
        return _published(session, core, campaign_id, actor_id, "publish")


def update(core: Core, campaign_name: str, actor_id: str) -> PublishedCampaign:
    """Give a running campaign the file's present text; what was sent stays, what waits is planned anew."""
    with core.db.begin() as session:
        campaign = campaigns.by_name(session, core.workspace_id, campaign_name)
        if campaign is None:
            raise CampaignNotFound(f"There is no campaign called {campaign_name}.")
        entry, company = usable(core, campaign.playbook)
        refuse_nobody(session, core, entry.playbook, company)
        texts = {"text": entry.text, "company_text": core.library().company_text, "text_hash": entry.text_hash}
        campaigns.replace_text(session, campaign.campaign_id, **texts)
        kept = [nudge.key for nudge in entry.playbook.nudges]
        deliveries.reopen_campaign(session, campaign.campaign_id, kept)
        deliveries.skip_removed_nudges(session, core.workspace_id, campaign.campaign_id, kept)
        return _published(session, core, campaign.campaign_id, actor_id, "update")


def _published(session: Session, core: Core, campaign_id: int, actor_id: str, action: str) -> PublishedCampaign:
    campaign = campaigns.by_id(session, core.workspace_id, campaign_id)
    if campaign is None:
        raise CampaignNotFound
    # Whoever an update lets in comes late, and is told so; at publishing both instants are one.
    refresh_audience(session, core, campaign, core.clock())
    audit.record(session, core.workspace_id, actor_id=actor_id, action=action, subject=campaign.name, now=core.clock())
    size = campaigns.audience_size(session, campaign_id)
    title = core.library().playbooks[campaign.playbook].playbook.title
    return PublishedCampaign(campaign.name, title, campaign.starts_on, size, campaign.version)
