"""Who joins while a campaign runs: this module says from which day on they are counted in, by the playbook's rule."""

from datetime import UTC, date, datetime, timedelta

from nudges.domain.playbooks.playbook import FixedDay, Newcomers
from nudges.domain.times.cadence import next_monday


def own_start(rule: Newcomers, begins_on: date, joined_at: datetime | None) -> date:
    """Return the first day of this person's week 1: their own Monday where newcomers begin from the start.

    The day of joining is taken in UTC, so that it does not hang on anybody's zone.
    """
    if rule != Newcomers.FROM_START or joined_at is None or joined_at <= on_time_until(begins_on):
        return begins_on
    return next_monday(joined_at.date())


def on_time_until(begins_on: date) -> datetime:
    """Return the last instant of joining at which one begins with all the others."""
    return datetime.combine(begins_on, datetime.min.time(), UTC)


def joined_before(when: FixedDay, near_until: date) -> datetime:
    """Return before when those must have joined, who begin on a Monday of their own, for this nudge to be near."""
    last_start = near_until - timedelta(days=7 * (when.week - 1) + when.day)
    return datetime.combine(last_start - timedelta(days=last_start.weekday()), datetime.min.time(), UTC)
