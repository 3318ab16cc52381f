"""Stop and go: this module pauses and resumes campaigns, and lets a held workspace send again."""

from sqlalchemy.orm import Session

from nudges.errors import CampaignNotFound
from nudges.services.core import Core
from nudges.services.delivery.clock_guard import LEAPT
from nudges.services.delivery.stage_pilots import overrule
from nudges.store import audit, campaigns, instance
from nudges.store.campaigns import Campaign, CampaignStatus

ALL = "all"


def pause_campaigns(core: Core, actor_id: str, name: str) -> list[str]:
    """Pause one campaign or `all`, at once; return the names changed. CampaignNotFound for an unknown name."""
    return _move(core, actor_id, name, old=CampaignStatus.LIVE, new=CampaignStatus.PAUSED)


def resume_campaigns(core: Core, actor_id: str, name: str) -> list[str]:
    """Resume one campaign or `all`; `all` also ends a hold of the workspace. Return the names changed."""
    changed = _move(core, actor_id, name, old=CampaignStatus.PAUSED, new=CampaignStatus.LIVE)
    if name == ALL:
        release(core, actor_id)
    return changed


def hold_workspace(core: Core, reason: str) -> bool:
    """Stop all sending of the workspace until an admin resumes it; True when it was not held before."""
    with core.db.begin() as session:
        # A hold for the clock ends by itself, and what somebody says must outlast it.
        was_leapt = instance.release_hold(session, core.workspace_id, held_for=(LEAPT,))
        return instance.hold(session, core.workspace_id, reason=reason, now=core.clock()) and not was_leapt


def release(core: Core, actor_id: str) -> bool:
    """Let a held workspace send again; True when it was held."""
    with core.db.begin() as session:
        was_held = instance.release_hold(session, core.workspace_id)
        if was_held:
            # Whoever says go on has looked at the clock too.
            instance.mark_ticked(session, core.workspace_id, core.clock())
            audit.record(session, core.workspace_id, actor_id=actor_id, action="release_hold", now=core.clock())
    return was_held


def _move(core: Core, actor_id: str, name: str, *, old: CampaignStatus, new: CampaignStatus) -> list[str]:
    with core.db.begin() as session:
        chosen = [one for one in campaigns.campaigns(session, core.workspace_id) if name in (ALL, one.name)]
        if not chosen and name != ALL:
            raise CampaignNotFound(f"There is no campaign called {name}.")
        changed = [one.name for one in chosen if _change(session, core, one, old, new)]
        action = "pause" if new == CampaignStatus.PAUSED else "resume"
        audit.record(session, core.workspace_id, actor_id=actor_id, action=action, subject=name, now=core.clock())
    return changed


def _change(session: Session, core: Core, campaign: Campaign, old: CampaignStatus, new: CampaignStatus) -> bool:
    if not campaigns.change_status(session, campaign.campaign_id, old=old, new=new):
        return False
    if new == CampaignStatus.LIVE:
        overrule(session, core, campaign)
    return True
