"""A story on its way to peers: this module begins its campaign, and takes it back whole when the author says so."""

from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.files.loading import load_company, load_playbook
from nudges.domain.people.segments import Rule
from nudges.domain.stories.peers import peers_rule
from nudges.domain.stories.stories import Story
from nudges.domain.stories.story_playbook import (
    NUDGE_KEY,
    Sharing,
    peers_company,
    playbook_name,
    story_text,
    taken_back_text,
)
from nudges.errors import CampaignNotFound, StoryRefused
from nudges.services.authoring import begin_campaign
from nudges.services.authoring.ask_approval import COMMAND_LINE
from nudges.services.authoring.publishable import today
from nudges.services.core import Core
from nudges.store import audit, campaigns, deliveries, message_works, people, versions
from nudges.store.campaigns import RECALLED, Campaign, CampaignStatus, content_hash_of
from nudges.store.message_works import Work, WorkKind

DAY = timedelta(days=1)
RUNNING = (CampaignStatus.LIVE, CampaignStatus.PAUSED)
NO_TOOL = "-"
NOBODY = "U0NOBODY"


def peers_of(session: Session, core: Core, story: Story) -> Rule:
    """Return the rule for a story's readers; StoryRefused when too few people do a similar job."""
    k = core.company().k
    rule = peers_rule(story.job, list(people.everybody(session, core.workspace_id)), k)
    if rule is None:
        raise StoryRefused(f"Fewer than {k} people in other teams do a similar job, so nobody would get this story.")
    return rule


def share(session: Session, core: Core, story: Story, actor_id: str) -> Campaign:
    """Begin the campaign of a story whose words its author has agreed to; StoryRefused when it cannot be."""
    starts_on = today(core) + DAY
    rule = peers_of(session, core, story)
    sharing = Sharing(actor_id, _tool(core, story), rule, starts_on, shows_team=True)
    text, company_text = story_text(story, sharing), peers_company(rule)
    company = load_company(company_text, file="company.yaml").value
    if company is None or load_playbook(text, file="story", company=company).value is None:
        raise StoryRefused("These words cannot be sent as a message.", hint="Take out unusual signs and try again.")
    campaign = _create(session, core, story, sharing, text, company_text)
    version = versions.add(
        session,
        campaign.campaign_id,
        text=text,
        company_text=company_text,
        text_hash=campaign.text_hash,
        written_by=actor_id,
        now=core.clock(),
    )
    return begin_campaign.start(session, core, campaign, version, starts_on=starts_on, approved_by=actor_id)


def take_back(session: Session, core: Core, story: Story) -> None:
    """Stop a story at once, erase its words wherever they are kept, and order that its messages are taken away.

    Who told it is noted nowhere; messages that somebody answered stay, and say that the story was taken back.
    """
    campaign = _campaign_of(session, core, story)
    if campaign is None:
        return
    now = core.clock()
    campaigns.stop_nudge(session, campaign.campaign_id, NUDGE_KEY, slack_code=RECALLED, now=now)
    deliveries.recall_nudge(session, core.workspace_id, campaign.campaign_id, NUDGE_KEY)
    for old in RUNNING:
        campaigns.change_status(session, campaign.campaign_id, old=old, new=CampaignStatus.ENDED)
    blank(session, core, story)
    ids = message_works.sent_ids(session, campaign.campaign_id, [NUDGE_KEY])
    order = Work(0, campaign.campaign_id, "", WorkKind.RECALL, campaign.version, COMMAND_LINE, now)
    message_works.add_changes(session, message_works.add(session, core.workspace_id, order), ids, now)
    audit.record(session, core.workspace_id, actor_id="", action="story_taken_back", subject=campaign.name, now=now)


def blank(session: Session, core: Core, story: Story) -> None:
    """Erase a story's words from its campaign and every version of it; the books stay."""
    campaign = _campaign_of(session, core, story)
    if campaign is not None:
        text = taken_back_text(story, owner_of(campaign), campaign.starts_on)
        versions.rewrite(session, campaign.campaign_id, text=text, company_text=peers_company(None))
        texts = {"text": text, "company_text": peers_company(None), "text_hash": content_hash_of(text, "")}
        campaigns.replace_text(session, campaign.campaign_id, version=campaign.version, **texts)


def owner_of(campaign: Campaign) -> str:
    """Return who published a campaign, or nobody's id where they asked to be forgotten: a text wants an id."""
    return campaign.published_by if campaign.published_by[:1] in ("U", "W") else NOBODY


def _create(session: Session, core: Core, story: Story, sharing: Sharing, text: str, company_text: str) -> Campaign:
    name = playbook_name(story)
    new = Campaign(
        campaign_id=0,
        name=campaigns.free_name(session, core.workspace_id, name),
        playbook=name,
        text=text,
        company_text=company_text,
        text_hash=content_hash_of(text, ""),
        status=CampaignStatus.WAITING,
        starts_on=sharing.starts_on,
        published_at=core.clock(),
        published_by=sharing.owner_id,
        version=1,
    )
    found = campaigns.by_id(session, core.workspace_id, campaigns.create(session, core.workspace_id, new))
    if found is None:
        raise CampaignNotFound
    return found


def _campaign_of(session: Session, core: Core, story: Story) -> Campaign | None:
    if story.campaign_id is None:
        return None
    return campaigns.by_id(session, core.workspace_id, story.campaign_id)


def _tool(core: Core, story: Story) -> str:
    entry = core.library().playbooks.get(story.playbook)
    return entry.playbook.tool if entry else NO_TOOL
