"""What a person may see of themselves: this module answers why they get nudges, and lists all that is stored."""

from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import DeliveryStatus, person_hash
from nudges.domain.people.audiences import first_segment
from nudges.domain.people.own_views import WhyLine, WhyView
from nudges.domain.people.people import Person
from nudges.domain.people.segments import describe
from nudges.domain.playbooks.languages import title_for
from nudges.domain.times.workdays import calendar_of, working_week_of
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.own.own_data import Asked, read_parts
from nudges.services.own.preferences import read_wishes
from nudges.services.people.known_people import known_person
from nudges.store import campaigns, people, reports
from nudges.store.campaigns import Campaign, CampaignStatus
from nudges.store.reports import SentNudge


def why(core: Core, person_id: str) -> WhyView:
    """Return why this person gets nudges: which rule of which campaign, when the next comes, why the last did not."""
    company = core.company()
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        wishes = read_wishes(session, core, person)
        mine = reports.deliveries_of(session, core.workspace_id, person_id)
        live = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
        lines = [line for one in live if (line := _why_line(session, core, one, person, mine)) is not None]
    calendar = calendar_of(person, company)
    hours = working_week_of(person, company).describe()
    return WhyView(wishes, tuple(lines), hours, calendar.zone)


def my_data(core: Core, person_id: str) -> dict[str, Any]:
    """Return all that is stored about a person, ready for JSON; only ever shown to that person.

    docs/data-map.md lists the columns; a test holds both together.
    """
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
    with core.db.reading() as session:
        return read_parts(Asked(session, core, person_id, hashed))


def _why_line(
    session: Session, core: Core, campaign: Campaign, person: Person, mine: list[SentNudge]
) -> WhyLine | None:
    playbook, company = frozen(campaign)
    segment = first_segment(playbook, company, known_person(session, core, company, person.person_id) or person)
    if not segment:
        return None
    member = campaigns.member(session, campaign.campaign_id, person.person_id)
    of_this = [one for one in mine if one.campaign_id == campaign.campaign_id]
    sent_at = [one.sent_at for one in of_this if one.sent_at is not None]
    waiting = [one.due_at for one in of_this if one.status == DeliveryStatus.PLANNED and one.due_at is not None]
    skipped = [one.reason for one in of_this if one.status == DeliveryStatus.SKIPPED]
    return WhyLine(
        playbook_title=title_for(person.language, playbook),
        campaign=campaign.name,
        segment=segment,
        rule=describe(company.segments[segment], company.segments),
        owner_id=playbook.owner,
        is_held_out=member is not None and member.is_held_out,
        last_sent_at=max(sent_at, default=None),
        next_at=min(waiting, default=None),
        last_skip=skipped[0] if skipped else "",
    )
