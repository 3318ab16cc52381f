"""What a pause keeps: this module says, apart from the app, when somebody is back and what waits for that day."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import dropwhile

from tests.simulation.world.humans import Human, wall_of, works_at

NOON = 12
HALF_HOUR = timedelta(minutes=30)
MOVED = timedelta(hours=1)  # what a new edition of a zone moves; the day may have been taken from the one before
SEARCHED = 48 * 14  # half hours


def is_kept(human: Human, asked: Iterable[datetime], *, due: datetime, fresh: datetime) -> bool:
    """Return whether it falls into one of the pauses, asked for until these, and is kept for the day after it."""
    backs = [back for until in asked if (back := _back_at(human, until)) is not None]
    return any(due < back and abs(_end_of_day(human, back) - fresh) <= MOVED for back in backs)


def _back_at(human: Human, until: datetime) -> datetime | None:
    """Return when somebody is back who asked to rest until then: in a morning of theirs."""
    half_hours = iter([until + HALF_HOUR * step for step in range(SEARCHED)])
    is_begun = works_at(human, until) and works_at(human, until - timedelta(seconds=1))
    is_late = is_begun and wall_of(human, until).hour >= NOON
    resting = dropwhile(lambda one: works_at(human, one), half_hours) if is_late else half_hours
    return next((one for one in resting if works_at(human, one)), None)


def _end_of_day(human: Human, at: datetime) -> datetime:
    wall = wall_of(human, at)
    return at.replace(second=0, microsecond=0) + timedelta(minutes=24 * 60 - wall.hour * 60 - wall.minute)
