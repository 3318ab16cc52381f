"""In which order a playbook's nudges come: this module counts days from the start, as far as the file can tell."""

from datetime import time

from nudges.domain.playbook import AfterNudge, Playbook


def earliest_days(playbook: Playbook) -> dict[str, int]:
    """Return for each nudge the day, counted from the first week's Monday, on which it can come first."""
    by_key = {nudge.key: nudge for nudge in playbook.nudges}
    days: dict[str, int] = {}
    for nudge in playbook.nudges:
        chain = []
        step = nudge
        while isinstance(step.when, AfterNudge) and step.key not in days and step.key not in chain:
            chain.append(step.key)
            step = by_key[step.when.after]
        day = days.get(step.key, 0) if isinstance(step.when, AfterNudge) else (step.when.week - 1) * 7 + step.when.day
        days[step.key] = day
        for key in reversed(chain):
            when = by_key[key].when
            day += when.days if isinstance(when, AfterNudge) else 0
            days[key] = day
    return days


def minutes_of(clock: time) -> int:
    """Return the minutes since midnight."""
    return clock.hour * 60 + clock.minute
