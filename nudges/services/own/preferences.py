"""Pause, stop, start, fewer, hours, topics: this module is a person's own say, honoured at the moment of posting."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from nudges.domain.delivery.absence import rests_until
from nudges.domain.delivery.deliveries import SkipReason
from nudges.domain.delivery.eligibility import Standing, caps_for
from nudges.domain.delivery.planning import HORIZON
from nudges.domain.measuring.views import Wishes
from nudges.domain.people.people import Person
from nudges.domain.people.topics import TopicWish
from nudges.domain.times.own_hours import differs_wholly, read_own_hours
from nudges.domain.times.workdays import calendar_of, working_week_of
from nudges.services.core import Core
from nudges.services.keeping.forget_person import is_forgotten, remember
from nudges.services.own.follow_wishes import follow_hours, follow_pause, follow_topics
from nudges.store import deliveries, own_outbox, people

DEFAULT_PAUSE_DAYS = 7
LONGEST_PAUSE_DAYS = 365
_FOR_THEIR_SAKE = (SkipReason.STOPPED, SkipReason.PAUSED)


def pause(core: Core, person_id: str, days: int = DEFAULT_PAUSE_DAYS) -> Wishes:
    """Rest for so many days (1 to 365) and until a working morning after them; return the person's wishes.

    What falls into the rest waits for its end.
    """
    asked_until = core.clock() + timedelta(days=min(max(days, 1), LONGEST_PAUSE_DAYS))

    def rest(session: Session) -> None:
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        until = rests_until(asked_until, calendar_of(person, core.company()))
        people.change_preference(session, core.workspace_id, person_id, paused_until=until)
        follow_pause(session, core, person_id, until)

    return _wish(core, person_id, rest)


def stop(core: Core, person_id: str) -> Wishes:
    """Send this person nothing more until they ask; what waits is skipped in the same moment."""

    def end(session: Session) -> None:
        people.change_preference(session, core.workspace_id, person_id, stopped_at=core.clock())
        deliveries.skip_person(session, core.workspace_id, person_id, SkipReason.STOPPED)

    return _wish(core, person_id, end)


def start(core: Core, person_id: str) -> Wishes:
    """Send to this person again, also what was skipped for their sake and may still come; lifts a tombstone."""
    now = core.clock()
    with core.db.begin() as session:
        remember(session, core, person_id)
        changes: dict[str, datetime | None] = {"stopped_at": None, "paused_until": None}
        if people.preference(session, core.workspace_id, person_id).is_paused(now):
            changes["back_at"] = now
        people.change_preference(session, core.workspace_id, person_id, **changes)
        own_outbox.wake(session, core.workspace_id, person_id)
        _reopen(session, core, person_id, *_FOR_THEIR_SAKE)
    return wishes_of(core, person_id)


def fewer(core: Core, person_id: str) -> Wishes:
    """Send this person half as many, one a week at least."""

    def change(session: Session) -> None:
        people.change_preference(session, core.workspace_id, person_id, fewer_since=core.clock())

    return _wish(core, person_id, change)


def usual(core: Core, person_id: str) -> Wishes:
    """Send this person as many as everybody."""

    def change(session: Session) -> None:
        people.change_preference(session, core.workspace_id, person_id, fewer_since=None)
        own_outbox.wake(session, core.workspace_id, person_id)

    return _wish(core, person_id, change)


def set_topics(core: Core, person_id: str, topics: TopicWish) -> Wishes:
    """Send this person only what is about topics they want; what waits of others is skipped in the same moment."""

    def choose(session: Session) -> None:
        people.change_preference(session, core.workspace_id, person_id, topics=topics.encode())
        _reopen(session, core, person_id, SkipReason.TOPIC_OFF)
        follow_topics(session, core, person_id, topics)

    return _wish(core, person_id, choose)


def set_hours(core: Core, person_id: str, hours: str) -> Wishes:
    """Send to this person within these hours, `10:00-16:00 mon-thu`; what waits moves there. Raises ValueError."""
    kept = read_own_hours(hours)
    return _set_hours(core, person_id, kept)


def usual_hours(core: Core, person_id: str) -> Wishes:
    """Send to this person in their working hours, whichever these are."""
    return _set_hours(core, person_id, "")


def wishes_of(core: Core, person_id: str) -> Wishes:
    """Return what the person asked for, with their zone."""
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        return read_wishes(session, core, person)


def read_wishes(session: Session, core: Core, person: Person) -> Wishes:
    """Return stored preferences as wishes: a pause that is over is none, and being forgotten is a stop."""
    wish = people.preference(session, core.workspace_id, person.person_id)
    company = core.company()
    calendar, usual_week = calendar_of(person, company), working_week_of(person, company)
    is_fewer = wish.fewer_since is not None
    return Wishes(
        is_stopped=wish.stopped_at is not None or is_forgotten(session, core, person.person_id),
        paused_until=wish.paused_until if wish.is_paused(core.clock()) else None,
        zone=calendar.zone,
        is_fewer=is_fewer,
        most_a_week=caps_for(Standing(is_fewer=is_fewer), company.caps).week,
        topics=TopicWish.decode(wish.topics),
        own_hours=wish.own_hours,
        hours=calendar.week.describe(),
        is_outside=bool(wish.own_hours) and differs_wholly(usual_week, wish.own_hours),
    )


def _set_hours(core: Core, person_id: str, kept: str) -> Wishes:
    def change(session: Session) -> None:
        people.change_preference(session, core.workspace_id, person_id, own_hours=kept)
        follow_hours(session, core, person_id)

    return _wish(core, person_id, change)


def _reopen(session: Session, core: Core, person_id: str, *reasons: SkipReason) -> None:
    now = core.clock()
    own_outbox.reopen(session, core.workspace_id, person_id, reasons=reasons, now=now, horizon=HORIZON)


def _wish(core: Core, person_id: str, change: Callable[[Session], object]) -> Wishes:
    """Make the change in one transaction, unless the person asked to be forgotten; return their wishes."""
    with core.db.begin() as session:
        if not is_forgotten(session, core, person_id):
            change(session)
    return wishes_of(core, person_id)
