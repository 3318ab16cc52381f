"""What somebody may read without being sent it: this module is the campaigns that are meant for a person right now.

Only live campaigns count, with the texts they are frozen on, and only those that would be sent to this person: asked
at this moment, without what was recalled or refused, and without campaigns in which the person is in the comparison
group, waits for the pilot, or whose first day is still to come.
"""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from nudges.domain.measuring.experiments import holdout_key_of, is_held_out
from nudges.domain.people.audiences import first_segment, in_pilot
from nudges.domain.people.people import Person
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Nudge, Playbook
from nudges.domain.times.workdays import calendar_of
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.people.known_people import known_person
from nudges.store import campaigns
from nudges.store.campaigns import Campaign, CampaignStatus, content_hash_of


@dataclass(frozen=True)
class Shelf:
    """One campaign as a person may read it: what it says, to whom, and what of it is withheld."""

    campaign_id: int
    content_hash: str
    withheld: frozenset[str]
    playbook: Playbook = field(compare=False)
    company: Company = field(compare=False)
    segment: str = field(compare=False)

    def nudge(self, key: str) -> Nudge | None:
        """Return the nudge with this key; None when it is withheld or there is none."""
        return None if key in self.withheld else self.playbook.nudge(key)


def open_to(core: Core, person_id: str) -> tuple[Person | None, tuple[Shelf, ...]]:
    """Return the person and what they may read, the latest campaign first; a second run hides the one before."""
    found: dict[str, Shelf] = {}
    with core.db.reading() as session:
        person = known_person(session, core, core.company(), person_id)
        live = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE) if person else []
        for campaign in reversed(live):
            shelf = _shelf(session, core, campaign, person_id)
            if shelf is not None:
                found.setdefault(campaign.playbook, shelf)
    return person, tuple(found.values())


def _shelf(session: Session, core: Core, campaign: Campaign, person_id: str) -> Shelf | None:
    try:
        playbook, company = frozen(campaign)
    except StorageError:
        return None  # its owner is told when it should send; a search goes on without it
    person = known_person(session, core, company, person_id)
    segment = first_segment(playbook, company, person) if person else ""
    if person is None or not segment or not _is_reached(session, core, campaign, person):
        return None
    return Shelf(
        campaign.campaign_id,
        campaign.content_hash or content_hash_of(campaign.text, campaign.company_text),
        frozenset(campaigns.stopped_nudges(session, campaign.campaign_id)),
        playbook,
        company,
        segment,
    )


def _is_reached(session: Session, core: Core, campaign: Campaign, person: Person) -> bool:
    """Return whether the campaign writes to this person now: begun and not over, not spared, no pilot to wait for."""
    ends_on = frozen(campaign)[0].ends_on
    today = calendar_of(person, core.company()).local_day(core.clock())
    is_pilot, is_spared = _draws(session, core, campaign, person)
    begins_on = campaign.staging.begins_on(is_pilot=is_pilot)
    return not is_spared and begins_on is not None and begins_on <= today and (ends_on is None or today <= ends_on)


def _draws(session: Session, core: Core, campaign: Campaign, person: Person) -> tuple[bool, bool]:
    """Return whether the person is of the pilot and whether they are spared: as drawn, or as they would be."""
    member = campaigns.member(session, campaign.campaign_id, person.person_id)
    if member is not None:
        return member.is_pilot, member.is_held_out
    playbook, company = frozen(campaign)
    is_spared = is_held_out(
        team_key=holdout_key_of(person), campaign_id=campaign.campaign_id, share=playbook.holdout, key=core.key
    )
    return in_pilot(playbook, company, person), is_spared
