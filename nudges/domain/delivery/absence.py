"""Coming back: this module ends a pause on a morning, and keeps what falls into it for that day."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from nudges.domain.delivery.deliveries import Planned
from nudges.domain.times.cadence import DAY, SEARCH_DAYS, end_of_local_day, first_opening, next_opening
from nudges.domain.times.workdays import WorkCalendar

NOON = time(12)
KEPT_FOR = timedelta(days=21)  # what was due longer ago than this is not worth catching up on


def rests_until(asked_until: datetime, calendar: WorkCalendar) -> datetime:
    """Return when a pause ends: in the first morning of the person's own week that is not before what they asked for.

    A pause that ran out on a Friday at half past four would else be over with a message that very minute; one that
    runs out in a morning is over then, so that "a day" is no longer than that.
    """
    if calendar.is_open(asked_until) and calendar.local(asked_until).time() < NOON:
        return asked_until
    first = calendar.local_day(asked_until)
    for day in (first + DAY * step for step in range(SEARCH_DAYS)):
        morning = first_opening(calendar, datetime.combine(day, time.min), day)
        if morning is not None and morning.at >= asked_until:
            return morning.at
    return asked_until


def kept_for_return(planned: Planned, paused_until: datetime | None, calendar: WorkCalendar) -> Planned:
    """Return the nudge, fresh until the end of the first working day after the pause when it falls into it.

    Where that day comes too late the nudge stays as it was.
    """
    if paused_until is None or paused_until <= planned.due_at:
        return planned
    back_at = next_opening(calendar, paused_until)
    if back_at is None or back_at < planned.fresh_until or back_at - planned.due_at > KEPT_FOR:
        return planned
    return replace(planned, fresh_until=end_of_local_day(back_at, calendar))


def came_back(paused_until: datetime | None, back_at: datetime | None, now: datetime) -> datetime | None:
    """Return when the person's latest absence ended; None while it lasts, or when there was none."""
    ends = [at for at in (paused_until, back_at) if at is not None]
    last = max(ends, default=None)
    return last if last is not None and last <= now else None
