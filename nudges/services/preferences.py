"""Pause, stop, start: this module is a person's own say, honoured at the moment of posting."""

from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.deliveries import SkipReason
from nudges.domain.people import Person
from nudges.domain.planning import HORIZON
from nudges.domain.views import Wishes
from nudges.domain.workdays import calendar_of
from nudges.services.core import Core
from nudges.services.forget_person import is_forgotten, remember
from nudges.store import deliveries, people

DEFAULT_PAUSE_DAYS = 7
LONGEST_PAUSE_DAYS = 365


def pause(core: Core, person_id: str, days: int = DEFAULT_PAUSE_DAYS) -> Wishes:
    """Rest for so many days (1 to 365) and return the person's wishes."""
    until = core.clock() + timedelta(days=min(max(days, 1), LONGEST_PAUSE_DAYS))
    with core.db.begin() as session:
        if not is_forgotten(session, core, person_id):
            people.change_preference(session, core.workspace_id, person_id, paused_until=until)
    return wishes_of(core, person_id)


def stop(core: Core, person_id: str) -> Wishes:
    """Send this person nothing more until they ask; what waits is skipped in the same moment."""
    with core.db.begin() as session:
        if not is_forgotten(session, core, person_id):
            people.change_preference(session, core.workspace_id, person_id, stopped_at=core.clock())
            deliveries.skip_person(session, core.workspace_id, person_id, SkipReason.STOPPED)
    return wishes_of(core, person_id)


def start(core: Core, person_id: str) -> Wishes:
    """Send to this person again, also what was skipped for their sake and may still come; lifts a tombstone."""
    now = core.clock()
    with core.db.begin() as session:
        remember(session, core, person_id)
        people.change_preference(session, core.workspace_id, person_id, stopped_at=None, paused_until=None)
        deliveries.reopen_person(session, core.workspace_id, person_id, now=now, horizon=HORIZON)
    return wishes_of(core, person_id)


def wishes_of(core: Core, person_id: str) -> Wishes:
    """Return what the person asked for, with their zone."""
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        return read_wishes(session, core, person)


def read_wishes(session: Session, core: Core, person: Person) -> Wishes:
    """Return stored preferences as wishes: a pause that is over is none, and being forgotten is a stop."""
    wish = people.preference(session, core.workspace_id, person.person_id)
    is_stopped = wish.stopped_at is not None or is_forgotten(session, core, person.person_id)
    until = wish.paused_until if wish.is_paused(core.clock()) else None
    return Wishes(is_stopped, until, calendar_of(person, core.company()).zone)
