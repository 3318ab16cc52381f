"""When a workshop is, and the working days round it: this module turns its day and zone into instants of one person."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nudges.domain.delivery.deliveries import Planned, Skipped, SkipReason
from nudges.domain.playbooks.playbook import AroundSession, FixedDay, Held
from nudges.domain.times.cadence import DAY, Opening, first_opening, nominal_day, resolve, stretch
from nudges.domain.times.workdays import WorkCalendar

DATED = "dated"
SEARCHED = 6  # days before or after a workshop that are looked at for a working day


def session_day(held: Held, starts_on: date) -> date:
    """Return the day of a workshop, by the calendar of its own zone."""
    if held.on is not None or held.week is None or held.day is None:
        return held.on or starts_on
    return nominal_day(FixedDay(week=held.week, day=held.day, at=held.at), starts_on)


def session_name(held: Held, starts_on: date) -> str:
    """Return by what a workshop's seats are kept: one for each start, and one for all where it has a date."""
    return DATED if held.on is not None else starts_on.isoformat()


def begins_at(held: Held, starts_on: date) -> datetime:
    """Return the instant at which the workshop begins."""
    return resolve(datetime.combine(session_day(held, starts_on), held.at), ZoneInfo(held.zone))


def ends_at(held: Held, starts_on: date) -> datetime:
    """Return the instant at which it is over."""
    return begins_at(held, starts_on) + held.lasts


def near_day(when: FixedDay | AroundSession, starts_on: date) -> date:
    """Return the day that a nudge is about, by which it is told whether it is near."""
    if isinstance(when, FixedDay):
        return nominal_day(when, starts_on)
    return session_day(when.session, starts_on) + (-DAY if when.is_before else DAY * when.days)


def planned_around(when: AroundSession, *, starts_on: date, calendar: WorkCalendar) -> Planned | Skipped:
    """Return when the nudge is due on the person's last working day before the workshop, or the first one after."""
    if when.is_before:
        return _planned_before(when, begins_at(when.session, starts_on), calendar)
    ended_on = calendar.local_day(ends_at(when.session, starts_on))
    opening = _first(when, (ended_on + DAY * step for step in range(when.days, when.days + SEARCHED)), calendar)
    return stretch(opening, calendar, when.window, when.valid_for)


def _planned_before(when: AroundSession, begins: datetime, calendar: WorkCalendar) -> Planned | Skipped:
    day = calendar.local_day(begins)
    opening = _first(when, (day - DAY * step for step in range(1, SEARCHED + 1)), calendar)
    if opening is None or opening.at >= begins:
        return Skipped(SkipReason.NO_WORKING_DAY)
    # Worth reading until the workshop begins, and not a minute longer.
    return stretch(opening, calendar, when.window, begins - opening.at)


def _first(when: AroundSession, days: Iterable[date], calendar: WorkCalendar) -> Opening | None:
    for day in days:
        opening = first_opening(calendar, datetime.combine(day, when.at), day)
        if opening is not None:
            return opening
    return None
