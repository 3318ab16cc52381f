"""What a campaign runs on: this module is the step from a stored text back to its playbook, read once for each hash.

A text that was accepted once goes on meaning what it meant, however strict the loader has become since.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.files.loading import load_company, load_playbook, read_accepted
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook
from nudges.errors import StorageError
from nudges.store import versions
from nudges.store.campaigns import Campaign, content_hash_of
from nudges.store.versions import Version

HINT = "The campaign sends nothing until `nudger publish --update <campaign>` gives it a text that can be read."


@dataclass(frozen=True)
class _Content:
    """Two texts known by their hash, so that thousands of characters are not compared at each look."""

    content_hash: str
    text: str = field(compare=False)
    company_text: str = field(compare=False)


def frozen(campaign: Campaign) -> tuple[Playbook, Company]:
    """Return the playbook and the company file that the campaign runs on; StorageError when they cannot be read."""
    return _read(_content(campaign))


def frozen_version(version: Version) -> tuple[Playbook, Company]:
    """Return the playbook and the company file of one version."""
    return _read(_content(version))


def frozen_for(session: Session, campaign: Campaign, delivery: Delivery) -> tuple[Playbook, Company]:
    """Return what a delivery was posted with; before that, what the campaign runs on now."""
    if delivery.version in (0, campaign.version):
        return frozen(campaign)
    found = versions.version_of(session, campaign.campaign_id, delivery.version)
    return frozen_version(found) if found else frozen(campaign)


def _content(held: Campaign | Version) -> _Content:
    content_hash = held.content_hash or content_hash_of(held.text, held.company_text)
    return _Content(content_hash, held.text, held.company_text)


@lru_cache(maxsize=128)
def _read(content: _Content) -> tuple[Playbook, Company]:
    company = load_company(content.company_text, file="company.yaml").value
    company = company or read_accepted(Company, content.company_text)
    if company is None:
        raise StorageError("A campaign's stored company file cannot be read any more.", hint=HINT)
    playbook = load_playbook(content.text, file="campaign", company=company).value
    playbook = playbook or read_accepted(Playbook, content.text)
    if playbook is None:
        raise StorageError("A campaign's stored playbook cannot be read any more.", hint=HINT)
    return playbook, company
