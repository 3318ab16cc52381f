"""In which order a playbook's nudges come: this module counts days from the start, as far as the file can tell."""

from collections.abc import Callable
from datetime import date, time, timedelta

from nudges.domain.playbooks.playbook import AfterNudge, AroundSession, FixedDay, Playbook, When


def earliest_days(playbook: Playbook) -> dict[str, int]:
    """Return for each nudge the day, counted from the first week's Monday, on which it can come first."""
    return _counted(playbook, lambda when: (when.week - 1) * 7 + when.day)


def earliest_dates(playbook: Playbook, starts_on: date) -> dict[str, date]:
    """Return for each nudge the date on which it can come first when the campaign starts on this day."""
    from nudges.domain.times.cadence import (
        nominal_day,  # brings the holiday calendars along, which most checks do without
    )

    days = _counted(playbook, lambda when: (nominal_day(when, starts_on) - starts_on).days)
    return {key: starts_on + timedelta(days=day) for key, day in days.items()}


def minutes_of(clock: time) -> int:
    """Return the minutes since midnight."""
    return clock.hour * 60 + clock.minute


def _counted(playbook: Playbook, day_of: Callable[[FixedDay], int]) -> dict[str, int]:
    by_key = {nudge.key: nudge for nudge in playbook.nudges}
    days: dict[str, int] = {}
    for nudge in playbook.nudges:
        chain = []
        step = nudge
        while not isinstance(fixed := _fixed(step.when), FixedDay) and step.key not in days and step.key not in chain:
            chain.append(step.key)
            step = by_key[fixed]
        day = day_of(fixed) if isinstance(fixed, FixedDay) else days.get(step.key, 0)
        days[step.key] = day
        for key in reversed(chain):
            when = by_key[key].when
            day += when.days if isinstance(when, AfterNudge | AroundSession) else 1
            days[key] = day
    return days


def _fixed(when: When) -> FixedDay | str:
    """Return the day in a week that a nudge is near to, or else the nudge that it follows."""
    if isinstance(when, FixedDay):
        return when
    if isinstance(when, AroundSession) and when.session.week is not None and when.session.day is not None:
        return FixedDay(week=when.session.week, day=when.session.day, at=when.at)
    return when.after
