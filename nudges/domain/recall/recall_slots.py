"""A day for a question that comes back: this module finds one that takes nothing from what is new.

What is new goes first: a question comes back only on a day that is left over, beside everything that is planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nudges.domain.delivery.deliveries import Planned
from nudges.domain.delivery.eligibility import CAP_WEEK_DAYS
from nudges.domain.playbooks.company import Caps
from nudges.domain.times.cadence import rederive
from nudges.domain.times.workdays import WorkCalendar

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
AHEAD = timedelta(days=1)  # planning writes a week ahead, so all that is new around tomorrow is known


@dataclass(frozen=True)
class Taken:
    """A local day on which the person got something, or is to get it."""

    day: date
    is_review: bool = False


def reviews_a_week(caps: Caps) -> int:
    """Return how many of a person's nudges in seven days may be questions that come back: half, rounded up."""
    return (caps.week + 1) // 2


def slot(
    *, due_at: datetime, at: time, calendar: WorkCalendar, caps: Caps, taken: Sequence[Taken], now: datetime
) -> Planned | None:
    """Return when it may come back, today or tomorrow, or None when there is no room on these days or it is not due."""
    today = calendar.local_day(now)
    due_on = calendar.local_day(due_at)
    for day in (today, today + AHEAD):
        if day < due_on or not calendar.is_working_day(day) or not has_room(day, caps, taken):
            continue
        planned = rederive(_wall(day, at, calendar, now), calendar=calendar)
        if isinstance(planned, Planned) and calendar.local_day(planned.due_at) == day:
            return planned
    return None


def has_room(day: date, caps: Caps, taken: Sequence[Taken]) -> bool:
    """Return whether one more fits on this day, and into every seven days that hold it."""
    if sum(one.day == day for one in taken) >= caps.day:
        return False
    reviews = [one.day for one in taken if one.is_review]
    return _fits(day, [one.day for one in taken], caps.week) and _fits(day, reviews, reviews_a_week(caps))


def _fits(day: date, days: Sequence[date], most: int) -> bool:
    begins = (day - DAY * back for back in range(CAP_WEEK_DAYS))
    return all(sum(begin <= one < begin + DAY * CAP_WEEK_DAYS for one in days) < most for begin in begins)


def _wall(day: date, at: time, calendar: WorkCalendar, now: datetime) -> str:
    wall = calendar.local(now).replace(second=0, microsecond=0) + MINUTE
    return max(datetime.combine(day, at), wall).isoformat(timespec="minutes")
