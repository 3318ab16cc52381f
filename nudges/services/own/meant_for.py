"""What is meant for one person: this module gives the running campaigns that reach them, and the topics these name."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from nudges.domain.playbooks.playbook import Playbook
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.store import campaigns
from nudges.store.campaigns import Campaign, CampaignStatus


def meant_for(session: Session, core: Core, person_id: str) -> Iterator[tuple[Campaign, Playbook]]:
    """Give each campaign that runs or rests and is meant for this person, with its playbook."""
    for campaign in campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED):
        member = campaigns.member(session, campaign.campaign_id, person_id)
        if member is not None and member.is_inside and not member.is_held_out:
            yield campaign, frozen(campaign)[0]


def topics_for(core: Core, person_id: str) -> tuple[str, ...]:
    """Return the topics that a person may choose from: those which anything meant for them names."""
    with core.db.reading() as session:
        named = {
            topic
            for _, playbook in meant_for(session, core, person_id)
            for nudge in playbook.nudges
            for topic in playbook.topics_of(nudge)
        }
    return tuple(sorted(named))
