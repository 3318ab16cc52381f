"""Why me: this module tells one person which rule of which campaign brought them one nudge, and how it is compared."""

from sqlalchemy.orm import Session

from nudges.domain.people.audiences import first_segment
from nudges.domain.people.own_views import WhyNudge
from nudges.domain.people.people import Person
from nudges.domain.people.segments import describe
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.languages import title_for
from nudges.domain.playbooks.playbook import AfterNudge, Nudge, Playbook
from nudges.domain.times.workdays import calendar_of
from nudges.services.authoring.frozen import frozen_for
from nudges.services.core import Core
from nudges.services.people.known_people import known_person
from nudges.store import campaigns, deliveries, people, reports


def why_nudge(core: Core, person_id: str, delivery_id: str) -> WhyNudge | None:
    """Return why this nudge came to this person; None when it is not theirs or nothing is kept of it."""
    with core.db.reading() as session:
        delivery = deliveries.find(session, core.workspace_id, delivery_id)
        if delivery is None or delivery.person_id != person_id or delivery.is_notice:
            return None
        campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
        if campaign is None:
            return None
        playbook, company = frozen_for(session, campaign, delivery)
        nudge = playbook.nudge(delivery.nudge_key)
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        segment = _segment(session, campaign.campaign_id, person_id)
        return WhyNudge(
            title=title_for(person.language, playbook),
            kind=nudge.kind if nudge else "",
            campaign=campaign.name,
            owner_id=playbook.owner,
            segment=segment,
            rule=describe(company.segments[segment], company.segments) if segment in company.segments else "",
            is_still_in=_holds(session, core, playbook, company, person, segment),
            planned_at=reports.planned_at(session, core.workspace_id, delivery_id) or delivery.due_at,
            due_at=delivery.due_at,
            sent_at=delivery.sent_at,
            zone=calendar_of(person, core.company()).zone,
            spared_share=playbook.holdout,
            follows=_follows(nudge),
            k=core.company().k,
        )


def _segment(session: Session, campaign_id: int, person_id: str) -> str:
    member = campaigns.member(session, campaign_id, person_id)
    return member.segment if member else ""


def _holds(session: Session, core: Core, playbook: Playbook, company: Company, person: Person, segment: str) -> bool:
    known = known_person(session, core, company, person.person_id) or person
    return bool(segment) and first_segment(playbook, company, known) == segment


def _follows(nudge: Nudge | None) -> str:
    return nudge.when.after if nudge is not None and isinstance(nudge.when, AfterNudge) else ""
