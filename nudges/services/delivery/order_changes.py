"""Mending and taking back what was sent: this module previews and orders it; `change_messages` works it off."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from nudges.domain.files.suggest import nearest
from nudges.domain.measuring.publishing_views import ChangeOrdered, ChangeView
from nudges.domain.playbooks.playbook import Nudge, Playbook, Poll, Quiz
from nudges.errors import CampaignNotFound, PlaybookRefused
from nudges.services.authoring.frozen import frozen, frozen_for
from nudges.services.core import Core
from nudges.store import audit, campaigns, deliveries, message_works
from nudges.store.campaigns import RECALLED, Campaign, CampaignStatus
from nudges.store.message_works import Work, WorkKind


def preview_correction(core: Core, name: str, nudge_key: str) -> ChangeView:
    """Return what would be changed, and from which words to which; PlaybookRefused when there is nothing to mend."""
    with core.db.reading() as session:
        campaign = _campaign(session, core, name)
        nudge = _nudge(frozen(campaign)[0], campaign, nudge_key)
        ids = _to_correct(session, campaign, nudge.key)
        old = deliveries.find(session, core.workspace_id, ids[0])
        before = frozen_for(session, campaign, old)[0].nudge(nudge.key) if old else None
    old_words, new_words = _words(before) if before else "", _words(nudge)
    return ChangeView(campaign.name, nudge.key, campaign.version, len(ids), before=old_words, after=new_words)


def order_correction(core: Core, name: str, nudge_key: str, actor_id: str, *, version: int = 0) -> ChangeOrdered:
    """Order that the sent messages of a nudge get the campaign's present words; the running app works it off.

    `version` is the one that was shown: if the campaign has moved on since, PlaybookRefused asks to look again.
    """
    with core.db.begin() as session:
        campaign = _campaign(session, core, name)
        _refuse_other_version(campaign, version)
        nudge = _nudge(frozen(campaign)[0], campaign, nudge_key)
        ids = _to_correct(session, campaign, nudge.key)
        work_id = _order(session, core, campaign, nudge.key, ids, kind=WorkKind.CORRECT, actor_id=actor_id)
        return ChangeOrdered(work_id, campaign.name, nudge.key, len(ids))


def preview_recall(core: Core, name: str, nudge_key: str = "") -> ChangeView:
    """Return what taking back a nudge, or a whole campaign, would stop, delete and leave."""
    with core.db.reading() as session:
        campaign = _campaign(session, core, name)
        keys = _keys(session, campaign, nudge_key)
        sent = message_works.sent_ids(session, campaign.campaign_id, keys)
        waiting = deliveries.count_waiting(session, core.workspace_id, campaign.campaign_id, keys)
    return ChangeView(campaign.name, nudge_key, campaign.version, len(sent), waiting=waiting)


def order_recall(core: Core, name: str, nudge_key: str, actor_id: str) -> ChangeOrdered:
    """Stop at once what is not sent, and order that what nobody answered is deleted; a whole campaign ends with it."""
    with core.db.begin() as session:
        campaign = _campaign(session, core, name)
        keys = _keys(session, campaign, nudge_key)
        now, skipped = core.clock(), 0
        for key in keys:
            campaigns.stop_nudge(session, campaign.campaign_id, key, slack_code=RECALLED, now=now)
            skipped += deliveries.recall_nudge(session, core.workspace_id, campaign.campaign_id, key)
        if not nudge_key:
            for old in (CampaignStatus.LIVE, CampaignStatus.PAUSED):
                campaigns.change_status(session, campaign.campaign_id, old=old, new=CampaignStatus.ENDED)
        ids = message_works.sent_ids(session, campaign.campaign_id, keys)
        work_id = _order(session, core, campaign, nudge_key, ids, kind=WorkKind.RECALL, actor_id=actor_id)
        return ChangeOrdered(work_id, campaign.name, nudge_key, len(ids), skipped)


def _campaign(session: Session, core: Core, name: str) -> Campaign:
    campaign = campaigns.by_name(session, core.workspace_id, name)
    if campaign is None:
        names = [one.name for one in campaigns.campaigns(session, core.workspace_id)]
        near = nearest(name, names)
        raise CampaignNotFound(f"There is no campaign called {name}." + (f" Did you mean {near}?" if near else ""))
    if campaign.status in (CampaignStatus.WAITING, CampaignStatus.DECLINED):
        raise PlaybookRefused(f"Nothing of {name} was sent yet: it is {campaign.status}.", hint="")
    return campaign


def _nudge(playbook: Playbook, campaign: Campaign, key: str) -> Nudge:
    nudge = playbook.nudge(key)
    if nudge is None:
        known = ", ".join(one.key for one in playbook.nudges)
        raise PlaybookRefused(f"{campaign.name} has no nudge {key}. There are: {known}.", hint="")
    return nudge


def _keys(session: Session, campaign: Campaign, nudge_key: str) -> Sequence[str]:
    playbook, _ = frozen(campaign)
    if nudge_key:
        return [_nudge(playbook, campaign, nudge_key).key]
    # Those included that an update took out: their messages may stand in conversations still.
    return sorted({nudge.key for nudge in playbook.nudges} | deliveries.keys_of(session, campaign.campaign_id))


def _to_correct(session: Session, campaign: Campaign, nudge_key: str) -> list[str]:
    ids = message_works.sent_ids(session, campaign.campaign_id, [nudge_key], besides_version=campaign.version)
    if not ids:
        sentence = (
            f"Nothing to correct: every message of {nudge_key} that was sent shows the text {campaign.name} runs on."
        )
        hint = (
            f"Mend the file, put the edit in force with `/nudge publish {campaign.playbook}` or"
            f" `nudger publish --update {campaign.name}`, then correct."
        )
        raise PlaybookRefused(sentence, hint=hint)
    return ids


def _refuse_other_version(campaign: Campaign, version: int) -> None:
    if version not in (0, campaign.version):
        sentence = f"{campaign.name} has got another text since you looked, so nothing was changed."
        raise PlaybookRefused(sentence, hint="Look at the preview again.")


def _order(
    session: Session,
    core: Core,
    campaign: Campaign,
    nudge_key: str,
    ids: Sequence[str],
    *,
    kind: WorkKind,
    actor_id: str,
) -> int:
    now = core.clock()
    new = Work(0, campaign.campaign_id, nudge_key, kind, campaign.version, actor_id, now)
    work_id = message_works.add(session, core.workspace_id, new)
    message_works.add_changes(session, work_id, ids, now)
    subject = f"{campaign.name} {nudge_key}".strip()
    audit.record(session, core.workspace_id, actor_id=actor_id, action=kind.value, subject=subject, now=now)
    return work_id


def _words(nudge: Nudge) -> str:
    parts = [nudge.text, nudge.question if isinstance(nudge, Quiz | Poll) else ""]
    return "\n\n".join(part.strip() for part in parts if part.strip())
