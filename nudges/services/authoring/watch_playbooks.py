"""Edits while running: this module tells owners of faults and of edits that wait; nothing that runs is disturbed."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.import_playbooks import Library
from nudges.services.core import Core
from nudges.services.delivery.notices import tell_first
from nudges.services.people.roles import admins_of
from nudges.store import campaigns
from nudges.store.campaigns import Campaign, CampaignStatus


@dataclass(frozen=True)
class Watching:
    """How many people were told something new."""

    faults: int = 0
    edits: int = 0


def watch_playbooks(core: Core) -> Watching:
    """Read the folder again where files changed; tell each owner once of each fault and each waiting edit."""
    core.library.refresh()
    library = core.library()
    with core.db.reading() as session:
        running = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
    edited = [campaign for campaign in running if _is_edited(library, campaign)]
    if not library.broken and not edited:
        return Watching()
    with core.db.begin() as session:
        faults = sum(_tell_fault(session, core, library, file, running) for file in library.broken)
        edits = sum(_tell_edit(session, core, library, campaign) for campaign in edited)
    return Watching(faults, edits)


def _is_edited(library: Library, campaign: Campaign) -> bool:
    entry = library.playbooks.get(campaign.playbook)
    return entry is not None and entry.text_hash != campaign.text_hash


def _tell_fault(session: Session, core: Core, library: Library, file: str, running: list[Campaign]) -> bool:
    found = [finding for finding in library.findings if finding.file == file and finding.is_error]
    text = "\n".join(finding.text() for finding in found)
    key = f"fault:{hashlib.sha256((file + text).encode()).hexdigest()[:16]}"
    values = {"file": found[0].place, "sentence": found[0].sentence, "fix": found[0].fix, "count": str(len(found))}
    owners = _owners(core, file, running)
    return tell_first(session, core, owners, notice_key=key, text_key="notice.playbook_fault", values=values)


def _owners(core: Core, file: str, running: list[Campaign]) -> tuple[str, ...]:
    """The owner of the campaign that runs on this file, else the admins."""
    stem = Path(file).stem
    owners = [frozen(campaign)[0].owner for campaign in running if campaign.playbook == stem]
    return (*owners, *admins_of(core))


def _tell_edit(session: Session, core: Core, library: Library, campaign: Campaign) -> bool:
    entry = library.playbooks[campaign.playbook]
    key = f"edit:{campaign.campaign_id}:{entry.text_hash[:16]}"
    values = {"file": entry.file, "campaign": campaign.name}
    owners = (entry.playbook.owner, *admins_of(core))
    return tell_first(session, core, owners, notice_key=key, text_key="notice.playbook_edit", values=values)
