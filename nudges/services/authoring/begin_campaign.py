"""A text begins to run: this module is the change of a campaign, whole or not at all, in the caller's transaction."""

from datetime import date

from sqlalchemy.orm import Session

from nudges.errors import CampaignNotFound
from nudges.services.authoring.frozen import frozen, frozen_version
from nudges.services.authoring.publishable import monday_after
from nudges.services.core import Core
from nudges.services.delivery.draw_audience import refresh_audience
from nudges.store import audit, campaigns, deliveries, versions
from nudges.store.campaigns import Campaign
from nudges.store.versions import Version


def start(
    session: Session, core: Core, campaign: Campaign, version: Version, *, starts_on: date, approved_by: str = ""
) -> Campaign:
    """Let a campaign that never ran begin on this version; its audience is drawn now."""
    now = core.clock()
    take_text(session, version)
    campaigns.begin(
        session,
        campaign.campaign_id,
        published_by=version.written_by,
        starts_on=starts_on,
        is_piloting=campaign.is_piloting,
        now=now,
    )
    return _begun(session, core, version, approved_by=approved_by, action="publish")


def switch_over(session: Session, core: Core, campaign: Campaign, version: Version, *, approved_by: str = "") -> None:
    """Give a running campaign another version; what was sent stays, what waits is planned anew."""
    take_text(session, version)
    playbook, _ = frozen_version(version)
    if campaign.is_piloting and playbook.audience.pilot is None:
        campaigns.widen(session, campaign.campaign_id, monday_after(core))  # the new text knows no pilot any more
    kept = [nudge.key for nudge in playbook.nudges]
    deliveries.reopen_campaign(session, campaign.campaign_id, kept)
    deliveries.skip_removed_nudges(session, core.workspace_id, campaign.campaign_id, kept)
    _begun(session, core, version, approved_by=approved_by, action="update")


def widen(
    session: Session, core: Core, campaign: Campaign, *, actor_id: str, rest_starts_on: date | None = None
) -> date | None:
    """Let the rest follow the pilot and return their first day; None when it was widened before."""
    first = max(rest_starts_on or monday_after(core), campaign.starts_on)
    if not campaigns.widen(session, campaign.campaign_id, first):
        return None
    audit.record(session, core.workspace_id, actor_id=actor_id, action="widen", subject=campaign.name, now=core.clock())
    return first


def take_text(session: Session, version: Version) -> None:
    """Make this version the campaign's present text."""
    texts = {"text": version.text, "company_text": version.company_text, "text_hash": version.text_hash}
    campaigns.replace_text(session, version.campaign_id, version=version.version, **texts)


def title_of(campaign: Campaign) -> str:
    """Return the campaign's title, from the text it runs on."""
    return frozen(campaign)[0].title


def _begun(session: Session, core: Core, version: Version, *, approved_by: str, action: str) -> Campaign:
    now = core.clock()
    campaign = campaigns.by_id(session, core.workspace_id, version.campaign_id)
    if campaign is None:
        raise CampaignNotFound
    # Whoever an update lets in comes late, and is told so; at publishing both instants are one.
    refresh_audience(session, core, campaign, now, adds_pilots=campaign.is_piloting)
    size = campaigns.audience_size(session, campaign.campaign_id)
    number = version.version
    versions.begin(session, campaign.campaign_id, number, approved_by=approved_by, audience=size, now=now)
    audit.record(session, core.workspace_id, actor_id=version.written_by, action=action, subject=campaign.name, now=now)
    return campaign
