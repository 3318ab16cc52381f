"""When a nudge is due: this module is the step from a day and a wall time in a playbook to instants of one person.

Wall time and zone are what lasts; instants are derived from them and may be derived again. Working time is what the
person's wall clock shows, so an instant is open when it reads as a working hour there.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nudges.domain.delivery.deliveries import Planned, Skipped, SkipReason
from nudges.domain.playbooks.playbook import DEFAULT_WINDOW, AfterNudge, FixedDay
from nudges.domain.times.workdays import WorkCalendar

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
SEARCH_DAYS = 60  # the longest time off that a search for the next opening looks across


@dataclass(frozen=True)
class Opening:
    """A moment when the person may be written to: on their wall clock, and as an instant."""

    wall: datetime
    at: datetime
    closes_at: datetime


def next_monday(published_on: date) -> date:
    """Return the Monday after that day: when a campaign without a date begins."""
    return published_on + timedelta(days=7 - published_on.weekday())


def nominal_day(when: FixedDay, starts_on: date) -> date:
    """Return the day that the playbook names; week 1 is the seven days from the start, whatever day that is."""
    first = starts_on + WEEK * (when.week - 1)
    return first + timedelta(days=(when.day - first.weekday()) % 7)


def planned_for(when: FixedDay, *, starts_on: date, calendar: WorkCalendar) -> Planned | Skipped:
    """Return when the nudge is due, moved off days off within its week, or Skipped when that week has no such day."""
    week_ends_on = starts_on + WEEK * when.week - DAY
    day = _working_day_from(nominal_day(when, starts_on), week_ends_on, calendar)
    if day is None:
        return Skipped(SkipReason.NO_WORKING_DAY)
    # Where no day is left to move to, an earlier hour of the same day is better than nothing.
    opening = first_opening(calendar, datetime.combine(day, when.at), week_ends_on) or _last_on(calendar, day)
    return stretch(opening, calendar, when.window, when.valid_for)


def planned_after(when: AfterNudge, *, sent_at: datetime, calendar: WorkCalendar) -> Planned | Skipped:
    """Return when the nudge is due, counted in calendar days from the sending of the one before it."""
    sent = calendar.local(sent_at)
    target = sent.date() + timedelta(days=when.days)
    at = when.at or sent.time().replace(second=0, microsecond=0)
    # On the same day an `at` that has passed would put this one before its predecessor.
    earliest = max(at, _next_minute(sent)) if when.days == 0 else at
    day = _working_day_from(target, target + WEEK, calendar)
    opening = first_opening(calendar, datetime.combine(day, earliest), target + WEEK) if day else None
    return stretch(opening, calendar, when.window, when.valid_for)


def rederive(
    local_due: str, *, calendar: WorkCalendar, window: timedelta = DEFAULT_WINDOW, valid_for: timedelta | None = None
) -> Planned | Skipped:
    """Return the same wall time under today's zone data, zone and hours; moved on where it is no longer open."""
    wall = datetime.fromisoformat(local_due)
    return stretch(first_opening(calendar, wall, wall.date() + WEEK), calendar, window, valid_for)


def stretch(
    opening: Opening | None, calendar: WorkCalendar, window: timedelta, valid_for: timedelta | None
) -> Planned | Skipped:
    """Return what is planned from an opening on: its window, and how long it is fresh; Skipped without one."""
    if opening is None:
        return Skipped(SkipReason.NO_WORKING_DAY)
    fresh_until = end_of_local_day(opening.at, calendar) if valid_for is None else opening.at + valid_for
    return Planned(
        local_due=opening.wall.isoformat(timespec="minutes"),
        zone=calendar.zone,
        due_at=opening.at,
        window_ends_at=min(opening.at + window, opening.closes_at, fresh_until),
        fresh_until=fresh_until,
    )


def next_opening(calendar: WorkCalendar, instant: datetime) -> datetime | None:
    """Return this instant if it is open, else the next that is; None for a person who never works."""
    if calendar.is_open(instant):
        return instant
    wall = calendar.local(instant)
    for day in (wall.date() + DAY * step for step in range(SEARCH_DAYS)):
        opening = _first_on(calendar, datetime.combine(day, time.min), after=instant)
        if opening is not None:
            return opening.at
    return None


def first_opening(calendar: WorkCalendar, earliest: datetime, last_day: date) -> Opening | None:
    """Return the first opening from this wall time until the end of the last day, or None."""
    wall = earliest
    while wall.date() <= last_day:
        opening = _first_on(calendar, wall)
        if opening is not None:
            return opening
        wall = datetime.combine(wall.date() + DAY, time.min)
    return None


def resolve(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall time: the first one in an overlap, the first valid minute after a gap."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return first
    return _end_of_gap(wall, zone)


def end_of_local_day(instant: datetime, calendar: WorkCalendar) -> datetime:
    """Return the instant at which the person's calendar day ends."""
    return start_of_local_day(calendar.local_day(instant) + DAY, calendar)


def start_of_local_day(day: date, calendar: WorkCalendar) -> datetime:
    """Return the instant at which a calendar day of the person begins."""
    return resolve(datetime.combine(day, time.min), calendar.zone_info)


def in_window(now: datetime, planned: Planned) -> bool:
    """Return whether the nudge's own window is open; later it may still go out as a catch-up."""
    return planned.due_at <= now < planned.window_ends_at


def may_send_at(now: datetime, planned: Planned, calendar: WorkCalendar) -> bool:
    """Return whether it is due, still fresh, and working time for the person."""
    return planned.due_at <= now < planned.fresh_until and calendar.is_open(now)


def _working_day_from(target: date, last_day: date, calendar: WorkCalendar) -> date | None:
    days = (target + DAY * step for step in range((last_day - target).days + 1))
    return next((day for day in days if calendar.is_working_day(day)), None)


def _first_on(calendar: WorkCalendar, wall: datetime, *, after: datetime | None = None) -> Opening | None:
    zone = calendar.zone_info
    for span in calendar.spans_on(wall.date()):
        start = max(wall, datetime.combine(wall.date(), span.start))
        at = resolve(start, zone)
        at = at if after is None or at >= after else after
        # A span can lie wholly in the hour that a clock change leaves out; at midnight that leads into the next day.
        if start.time() < span.end and calendar.is_open(at) and calendar.local_day(at) == wall.date():
            return Opening(calendar.local(at), at, resolve(datetime.combine(wall.date(), span.end), zone))
    return None


def _last_on(calendar: WorkCalendar, day: date) -> Opening | None:
    spans = calendar.spans_on(day)
    if not spans:
        return None
    closing = datetime.combine(day, spans[-1].end)
    start = max(closing - DEFAULT_WINDOW, datetime.combine(day, spans[-1].start))
    return first_opening(calendar, start, day)


def _next_minute(wall: datetime) -> time:
    later = wall.replace(second=0, microsecond=0) + MINUTE
    return later.time() if later.date() == wall.date() else time.max.replace(second=0, microsecond=0)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    # With fold 1 the offset after the change is used, which lies before it; with fold 0 the other way round.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return after.replace(microsecond=0)
