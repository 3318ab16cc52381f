"""Pause, stop, start: this module is a person's own say, honoured at the moment of posting."""

from datetime import datetime, timedelta

from nudges.domain.deliveries import SkipReason
from nudges.domain.people import Person
from nudges.domain.views import Wishes
from nudges.domain.workdays import calendar_of
from nudges.services.core import Core
from nudges.store import deliveries, people
from nudges.store.people import Preference

DEFAULT_PAUSE_DAYS = 7
LONGEST_PAUSE_DAYS = 365


def pause(core: Core, person_id: str, days: int = DEFAULT_PAUSE_DAYS) -> Wishes:
    """Rest for so many days (1 to 365) and return the person's wishes."""
    until = core.clock() + timedelta(days=min(max(days, 1), LONGEST_PAUSE_DAYS))
    return _change(core, person_id, paused_until=until)


def stop(core: Core, person_id: str) -> Wishes:
    """Send this person nothing more until they ask; what waits is skipped in the same moment."""
    with core.db.begin() as session:
        people.change_preference(session, core.workspace_id, person_id, stopped_at=core.clock())
        deliveries.skip_person(session, core.workspace_id, person_id, SkipReason.STOPPED)
    return wishes_of(core, person_id)


def start(core: Core, person_id: str) -> Wishes:
    """Send to this person again."""
    return _change(core, person_id, stopped_at=None, paused_until=None)


def wishes_of(core: Core, person_id: str) -> Wishes:
    """Return what the person asked for, with their zone."""
    with core.db.reading() as session:
        wish = people.preference(session, core.workspace_id, person_id)
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
    return to_wishes(core, wish, person)


def to_wishes(core: Core, wish: Preference, person: Person) -> Wishes:
    """Return stored preferences as wishes; a pause that is over is none."""
    until = wish.paused_until if wish.is_paused(core.clock()) else None
    return Wishes(wish.stopped_at is not None, until, calendar_of(person, core.company()).zone)


def _change(core: Core, person_id: str, **changes: datetime | None) -> Wishes:
    with core.db.begin() as session:
        people.change_preference(session, core.workspace_id, person_id, **changes)
    return wishes_of(core, person_id)
