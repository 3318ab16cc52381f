"""A workshop as it will be: this module finds when it is for somebody, how it is filled, and what a message shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.delivery.presence import is_wanted
from nudges.domain.delivery.taps import SeatState
from nudges.domain.measuring.disclosure import SMALLEST_K
from nudges.domain.people.people import Person
from nudges.domain.playbooks.kind_shown import SessionShown, session_shown
from nudges.domain.playbooks.languages import in_language
from nudges.domain.playbooks.playbook import AroundSession, Playbook, Workshop
from nudges.domain.playbooks.sequels import Attendance
from nudges.domain.times.session_times import begins_at, ends_at, session_name
from nudges.domain.times.workdays import zone_of
from nudges.services.core import Core
from nudges.services.delivery.calendar_links import link_to
from nudges.store import campaigns, workshops
from nudges.store.campaigns import Campaign
from nudges.store.workshops import Place


@dataclass(frozen=True)
class Meeting:
    """One workshop of a campaign: where its seats are kept, and when it is."""

    place: Place
    workshop: Workshop
    begins_at: datetime
    ends_at: datetime


def meeting_on(campaign_id: int, workshop: Workshop, starts_on: date) -> Meeting:
    """Return the workshop for those whose week 1 begins on this day."""
    place = Place(campaign_id, workshop.key, session_name(workshop.held, starts_on))
    return Meeting(place, workshop, begins_at(workshop.held, starts_on), ends_at(workshop.held, starts_on))


def meeting_for(
    session: Session, campaign: Campaign, playbook: Playbook, workshop_key: str, person_id: str
) -> Meeting | None:
    """Return the workshop that this person is invited to; None where there is none for them (any more)."""
    workshop = playbook.nudge(workshop_key)
    member = campaigns.member(session, campaign.campaign_id, person_id)
    starts_on = campaign.staging.begins_on(is_pilot=member is not None and member.is_pilot)
    if not isinstance(workshop, Workshop) or member is None or starts_on is None:
        return None
    return meeting_on(campaign.campaign_id, workshop, starts_on)


def is_for(session: Session, core: Core, delivery: Delivery, campaign: Campaign, playbook: Playbook) -> bool:
    """Return whether the person stands so with the workshop, if this nudge is about one, that it is for them now."""
    nudge = playbook.nudge(delivery.nudge_key)
    if nudge is None or not isinstance(nudge.when, AroundSession):
        return True
    meeting = meeting_for(session, campaign, playbook, nudge.when.after, delivery.person_id)
    if meeting is None:
        return False
    ids = (session, core.workspace_id, meeting.place, delivery.person_id)
    state, said = workshops.standing(*ids).state, workshops.presence(*ids)
    return is_wanted(nudge.when, state, said, is_question=isinstance(nudge, Attendance))


def shown_to(session: Session, core: Core, meeting: Meeting, person: Person, language: str) -> SessionShown:
    """Return the workshop as the reader sees it now: when by their clock, and how they stand with it."""
    found = workshops.standing(session, core.workspace_id, meeting.place, person.person_id)
    told = in_language(meeting.workshop, language)
    shown = session_shown(told if isinstance(told, Workshop) else meeting.workshop)
    seats, taken = meeting.workshop.seats, found.taken
    return replace(
        shown,
        begins_at=meeting.begins_at,
        zone=zone_of(person, core.company()).name,
        # How many are left tells how many come: only from so many on that nobody is pointed at.
        left=seats - taken if max(core.company().k, SMALLEST_K) <= taken < seats else None,
        is_full=taken >= seats,
        is_over=core.clock() >= meeting.ends_at,
        state=found.state.value if found.state else "",
        calendar_link=link_to(core, meeting.place) if found.state == SeatState.SEATED else "",
    )


def seat_values(core: Core, meeting: Meeting, person: Person) -> Mapping[str, str]:
    """Return what a notice about a seat says: which workshop, and when by the reader's clock."""
    zone = zone_of(person, core.company()).name
    begins = meeting.begins_at.astimezone(ZoneInfo(zone))
    values = {"title": meeting.workshop.title, "day": begins.date().isoformat(), "at": f"{begins:%H:%M}"}
    return values | {"zone": zone}
