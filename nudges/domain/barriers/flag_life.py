"""How a flag lives: this module is the table of its moves, and the dates after which one is due.

Nothing is lost on the way: a flag that was settled and comes back within twelve weeks is the same flag with its
history. That it is over is proposed by what is measured and agreed to by its owner, never decided by us alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flags import SETTLED, FlagState
from nudges.domain.times.workdays import WorkCalendar

DAY = timedelta(days=1)
DAYS_TO_ANSWER = 5  # working days of the owner, then somebody else is asked
LASTS_IN_REMEDY = timedelta(weeks=12)  # without an end it has not helped
COMES_BACK_WITHIN = timedelta(weeks=12)
DISMISSED_FOR = timedelta(weeks=8)
RISEN = 0.1  # so much more likely than when it was dismissed


class Effect(StrEnum):
    """What a look back says of a play; unclear is the usual, honest answer."""

    BETTER = "better"
    UNCLEAR = "unclear"
    WORSE = "worse"


class Move(StrEnum):
    """What can happen to a flag; each leaves a line in its history."""

    OPENED = "opened"
    REOPENED = "reopened"
    CONFIRMED = "confirmed"  # was early
    NAMED = "named"  # people have said what is in the way
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    ESCALATED = "escalated"
    PLAY_STARTED = "play_started"
    STEP_DONE = "step_done"
    MEASURED = "measured"
    SEEMS_OVER = "seems_over"  # the system's proposal
    NOT_OVER = "not_over"  # the owner knows better
    RESOLVED = "resolved"
    NOT_RESOLVED = "not_resolved"
    DISMISSED = "dismissed"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why an owner lets a flag go; a list, so that nothing about anybody is ever written down."""

    KNOWN_CAUSE = "known_cause"  # a holiday, a move, a broken line: it is over by itself
    ALREADY_HANDLED = "already_handled"
    NOT_OURS = "not_ours"  # nothing here can change it
    DOES_NOT_FIT = "does_not_fit"  # the group is not meant to use the tool
    SEEMS_WRONG = "seems_wrong"


_STAY = {Move.CONFIRMED, Move.NAMED, Move.ASSIGNED, Move.MEASURED, Move.SEEMS_OVER, Move.NOT_OVER}
_LEADS: Mapping[FlagState, Mapping[Move, FlagState]] = {
    FlagState.OPEN: {
        Move.ACKNOWLEDGED: FlagState.ACKNOWLEDGED,
        Move.ESCALATED: FlagState.OPEN,
        Move.DISMISSED: FlagState.DISMISSED,
        Move.EXPIRED: FlagState.EXPIRED,
        Move.RESOLVED: FlagState.RESOLVED,
    },
    FlagState.ACKNOWLEDGED: {
        Move.PLAY_STARTED: FlagState.IN_REMEDY,
        Move.ESCALATED: FlagState.ACKNOWLEDGED,
        Move.DISMISSED: FlagState.DISMISSED,
        Move.RESOLVED: FlagState.RESOLVED,
    },
    FlagState.IN_REMEDY: {
        Move.STEP_DONE: FlagState.IN_REMEDY,
        Move.ESCALATED: FlagState.IN_REMEDY,
        Move.NOT_RESOLVED: FlagState.NOT_RESOLVED,
        Move.RESOLVED: FlagState.RESOLVED,
    },
    FlagState.NOT_RESOLVED: {
        Move.PLAY_STARTED: FlagState.IN_REMEDY,
        Move.ESCALATED: FlagState.NOT_RESOLVED,
        Move.DISMISSED: FlagState.DISMISSED,
        Move.RESOLVED: FlagState.RESOLVED,
    },
    **{state: {Move.REOPENED: FlagState.OPEN, Move.MEASURED: state} for state in SETTLED},
}


@dataclass(frozen=True)
class Life:
    """Where a flag stands and since when; `probability` is the latest one where behaviour raised it."""

    state: FlagState
    grade: Grade
    moved_at: datetime  # since when it is in this state
    asked_at: datetime  # since when the present owner is asked
    started_at: datetime | None = None  # of the present play
    over_at: datetime | None = None  # since when it seems over
    probability: float | None = None


def leads_to(life: Life, move: Move) -> FlagState | None:
    """Return the state that a move leads to, or None where it cannot be made."""
    if _says_nothing_new(life, move):
        return None
    if move in _STAY and life.state not in SETTLED:
        return life.state
    if move is Move.RESOLVED and life.over_at is None:
        return None  # agreed to, never claimed
    if move is Move.EXPIRED and life.grade is not Grade.EARLY:
        return None
    return _LEADS[life.state].get(move)


def _says_nothing_new(life: Life, move: Move) -> bool:
    match move:
        case Move.CONFIRMED:
            return life.grade is Grade.CONFIRMED
        case Move.SEEMS_OVER:
            return life.over_at is not None
        case Move.NOT_OVER:
            return life.over_at is None
        case _:
            return False


def moved(life: Life, move: Move, now: datetime) -> Life | None:
    """Return the flag's life after a move, or None where it cannot be made."""
    state = leads_to(life, move)
    if state is None:
        return None
    changed = replace(life, state=state, moved_at=life.moved_at if state == life.state else now)
    match move:
        case Move.REOPENED:
            return replace(changed, asked_at=now, started_at=None, over_at=None)
        case Move.CONFIRMED:
            return replace(changed, grade=Grade.CONFIRMED, asked_at=now, over_at=None)
        case Move.NAMED:
            return replace(changed, over_at=None)
        case Move.ASSIGNED | Move.ESCALATED:
            return replace(changed, asked_at=now)
        case Move.PLAY_STARTED:
            return replace(changed, started_at=now, over_at=None)
        case Move.SEEMS_OVER:
            return replace(changed, over_at=now)
        case Move.NOT_OVER:
            return replace(changed, over_at=None)
        case _:
            return changed


def waits_too_long(life: Life, calendar: WorkCalendar, now: datetime) -> bool:
    """Return whether somebody else is to be asked: five working days have passed over a confirmed flag.

    An early one may wait, and so may one that a play is running for.
    """
    is_waiting = life.state is FlagState.NOT_RESOLVED or (
        life.state is FlagState.OPEN and life.grade is Grade.CONFIRMED
    )
    if not is_waiting or life.over_at is not None:
        return False
    since = max(life.asked_at, life.moved_at)
    return working_days_between(calendar.local_day(since), calendar.local_day(now), calendar) > DAYS_TO_ANSWER


def working_days_between(first: date, last: date, calendar: WorkCalendar) -> int:
    """Return how many working days come after the first day, up to the last; 60 days are looked at."""
    days = (first + DAY * step for step in range(1, min((last - first).days, 60) + 1))
    return sum(calendar.is_working_day(day) for day in days)


def working_day_after(first: date, calendar: WorkCalendar, count: int = DAYS_TO_ANSWER) -> date:
    """Return the working day that is so many after a day; for somebody who never works, as many calendar days."""
    days = [day for day in (first + DAY * step for step in range(1, 61)) if calendar.is_working_day(day)]
    return days[count - 1] if len(days) >= count else first + DAY * count


def has_not_helped(life: Life, now: datetime) -> bool:
    """Return whether a play has run for twelve weeks and nothing says that it is over."""
    is_running = life.state is FlagState.IN_REMEDY and life.started_at is not None and life.over_at is None
    return is_running and now - (life.started_at or now) >= LASTS_IN_REMEDY


def comes_back(
    life: Life, *, grade: Grade, probability: float | None, has_more_people: bool, now: datetime
) -> bool | None:
    """Return whether evidence for a settled flag opens it again; None: too long ago, it is a flag of its own.

    What was dismissed stays so for eight weeks, unless it has become surer, more likely, or is said by more people.
    """
    if now - life.moved_at > COMES_BACK_WITHIN:
        return None
    if life.state is not FlagState.DISMISSED or now - life.moved_at >= DISMISSED_FOR:
        return True
    is_surer = grade is Grade.CONFIRMED and life.grade is Grade.EARLY
    return is_surer or has_more_people or (probability or 0.0) >= (life.probability or 0.0) + RISEN


def fewest_in(band: str) -> int:
    """Return how many people a band stands for at least."""
    digits = band.rstrip("+").partition("-")[0]
    return int(digits) if digits.isdigit() else 0
