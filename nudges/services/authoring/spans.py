"""How long a campaign lasts: this module is the last day of each nudge, for showing and for looking away."""

from datetime import date, timedelta

from nudges.domain.playbooks.playbook import AroundSession, FixedDay, Newcomers, Nudge, Playbook
from nudges.domain.times.session_times import session_day

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MARGIN = timedelta(days=30)  # zones, hours that change, a pause: beyond it nothing of a nudge can still come


def last_day(playbook: Playbook, starts_on: date) -> date:
    """Return the day on which the campaign's last nudge can be due."""
    days = [_latest_day(playbook, nudge, starts_on) for nudge in playbook.nudges]
    return playbook.ends_on or starts_on + max(days)


def is_over(playbook: Playbook, nudge_key: str, *, starts_on: date, today: date) -> bool:
    """Return whether nobody can get this nudge any more; one that was taken out of the playbook is over."""
    nudge = playbook.nudge(nudge_key)
    return nudge is None or today > over_after(playbook, nudge, starts_on)


def over_after(playbook: Playbook, nudge: Nudge, starts_on: date) -> date:
    """Return the last day on which somebody might still get this nudge, with a margin."""
    begins_last = starts_on if (until := newcomers_until(playbook, starts_on)) is None else until + WEEK
    return begins_last + _latest_end(playbook, nudge, starts_on) + MARGIN


def newcomers_until(playbook: Playbook, starts_on: date) -> date | None:
    """Return the last day on which somebody may join and get it all; None where newcomers do not begin anew."""
    return last_day(playbook, starts_on) if playbook.newcomers == Newcomers.FROM_START else None


def is_finished(playbook: Playbook, *, starts_on: date, today: date) -> bool:
    """Return whether nobody can get anything of this campaign any more."""
    return all(is_over(playbook, nudge.key, starts_on=starts_on, today=today) for nudge in playbook.nudges)


def is_done_with(playbook: Playbook, nudge_key: str, *, starts_on: date, today: date) -> bool:
    """Return whether neither this nudge nor one that waits for it can come any more."""
    following = [nudge.key for nudge in playbook.nudges if _first(nudge) == nudge_key]
    if not is_over(playbook, nudge_key, starts_on=starts_on, today=today):
        return False
    return all(is_done_with(playbook, key, starts_on=starts_on, today=today) for key in following)


def _latest_day(playbook: Playbook, nudge: Nudge, starts_on: date) -> timedelta:
    if isinstance(nudge.when, FixedDay):
        return WEEK * nudge.when.week - DAY
    if isinstance(nudge.when, AroundSession):
        return _around(nudge.when, starts_on)
    before = playbook.nudge(nudge.when.after)
    return timedelta(days=nudge.when.days) + (_latest_day(playbook, before, starts_on) if before else timedelta(0))


def _latest_end(playbook: Playbook, nudge: Nudge, starts_on: date) -> timedelta:
    """How long after the start the nudge can still be fresh: moved off holidays, counted from a late sending."""
    fresh = nudge.when.valid_for or DAY
    if isinstance(nudge.when, FixedDay):
        return WEEK * nudge.when.week + fresh
    if isinstance(nudge.when, AroundSession):
        return _around(nudge.when, starts_on) + fresh
    before = playbook.nudge(nudge.when.after)
    earlier = _latest_end(playbook, before, starts_on) if before else timedelta(0)
    return timedelta(days=nudge.when.days) + WEEK + fresh + earlier


def _around(when: AroundSession, starts_on: date) -> timedelta:
    return max(session_day(when.session, starts_on) - starts_on, timedelta(0)) + WEEK + DAY * (when.days - 1)


def _first(nudge: Nudge) -> str:
    return "" if isinstance(nudge.when, FixedDay) else nudge.when.after
