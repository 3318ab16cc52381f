"""What a campaign began with: this module is the step from the stored text back to its playbook, read once."""

from functools import lru_cache

from nudges.domain.company import Company
from nudges.domain.loading import load_company, load_playbook
from nudges.domain.playbook import Playbook
from nudges.errors import StorageError
from nudges.store.campaigns import Campaign


def frozen(campaign: Campaign) -> tuple[Playbook, Company]:
    """Return the playbook and the company file that the campaign runs on."""
    return _read(campaign.text, campaign.company_text)


@lru_cache(maxsize=64)
def _read(text: str, company_text: str) -> tuple[Playbook, Company]:
    company = load_company(company_text, file="company.yaml").value or Company()
    playbook = load_playbook(text, file="campaign", company=company).value
    if playbook is None:
        raise StorageError("A campaign's stored playbook cannot be read any more.", hint="Publish the playbook again.")
    return playbook, company
