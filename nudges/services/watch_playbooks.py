"""Edits while running: this module tells owners of faults and of edits that wait; nothing that runs is disturbed."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from nudges.services.core import Core
from nudges.services.frozen import frozen
from nudges.services.import_playbooks import Library
from nudges.services.notices import tell
from nudges.services.roles import admins_of
from nudges.store import campaigns
from nudges.store.campaigns import Campaign, CampaignStatus


@dataclass(frozen=True)
class Watching:
    """How many people were told something new."""

    faults: int = 0
    edits: int = 0


def watch_playbooks(core: Core) -> Watching:
    """Read the folder again where files changed; tell each owner once of each fault and each waiting edit."""
    if not core.library.refresh() and core.library().files:
        return Watching()
    library = core.library()
    with core.db.begin() as session:
        running = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
        faults = sum(_tell_fault(session, core, library, file, running) for file in library.broken)
        edits = sum(_tell_edit(session, core, library, campaign) for campaign in running)
    return Watching(faults, edits)


def _tell_fault(session: Session, core: Core, library: Library, file: str, running: list[Campaign]) -> bool:
    found = [finding for finding in library.findings if finding.file == file and finding.is_error]
    text = "\n".join(finding.text() for finding in found)
    key = f"fault:{hashlib.sha256((file + text).encode()).hexdigest()[:16]}"
    values = {"file": found[0].place, "sentence": found[0].sentence, "fix": found[0].fix, "count": str(len(found))}
    return _tell_one_of(session, core, _owners(core, file, running), key, "notice.playbook_fault", values)


def _owners(core: Core, file: str, running: list[Campaign]) -> tuple[str, ...]:
    """The owner of the campaign that runs on this file, else the admins."""
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    owners = [frozen(campaign)[0].owner for campaign in running if campaign.playbook == stem]
    return (*owners, *admins_of(core))


def _tell_edit(session: Session, core: Core, library: Library, campaign: Campaign) -> bool:
    entry = library.playbooks.get(campaign.playbook)
    if entry is None or entry.text_hash == campaign.text_hash:
        return False
    key = f"edit:{campaign.campaign_id}:{entry.text_hash[:16]}"
    values = {"file": entry.file, "campaign": campaign.name}
    owners = (entry.playbook.owner, *admins_of(core))
    return _tell_one_of(session, core, owners, key, "notice.playbook_edit", values)


def _tell_one_of(
    session: Session, core: Core, people: tuple[str, ...], key: str, text_key: str, values: dict[str, str]
) -> bool:
    told = (tell(session, core, person_id=one, notice_key=key, text_key=text_key, values=values) for one in people)
    return any(told)
