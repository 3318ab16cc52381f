"""Questions that come back: this module is one card for a person and a question; an answer in, the next day out.

What is left in memory is reckoned by FSRS, and nothing of that package is seen outside. A card counts in whole days,
so that an answer in the morning and one in the evening come to the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from nudges.domain.delivery.responses import Confidence

if TYPE_CHECKING:  # the package takes a while to load, and most commands ask no question
    import fsrs

DAY = timedelta(days=1)
# Tuned on made-up learners (tests/bench_recall.py), none of whom forgets by FSRS's own law.
RETENTION = 0.97  # how likely somebody still knows it on the day it comes back
LONGEST = timedelta(weeks=3)  # between two returns: what is reckoned may be wrong about this person
LEARNED_AFTER = timedelta(days=120)  # of stability: time until it would be forgotten by one in ten
LEARNED_STREAK = 2  # right so often in a row, at least once when it came back
DEFAULT_RETURNS = 6
LEAST_WHEN_RIGHT = timedelta(days=3)  # asked again sooner, a right answer feels ignored
SPAN = timedelta(weeks=16)  # after the first answer; nothing comes back later


class Grade(IntEnum):
    """How an answer went; the numbers are those of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


# What nobody asked for is taken for a plain answer.
_GRADES: Mapping[str, Grade] = {Confidence.GUESS: Grade.HARD, Confidence.SURE: Grade.EASY}


class Ending(StrEnum):
    """Why a question does not come back any more."""

    LEARNED = "learned"  # right several times, and long in memory
    KNOWN = "known"  # the person said so
    USED_UP = "used_up"  # it came back as often as its playbook allows
    UNWANTED = "unwanted"  # marked as not for the person
    OVER = "over"  # its campaign is over, or the first answer is long ago


@dataclass(frozen=True)
class Card:
    """What is reckoned of one question in one person's memory; stability is in days."""

    stability: float
    difficulty: float
    answered_at: datetime
    due_at: datetime
    streak: int  # right so often in a row
    is_sure_error: bool = False  # the latest answer was wrong, and the person had been sure of it


@dataclass(frozen=True)
class Met:
    """A question that a person has answered, and whether it comes back."""

    person_id: str
    campaign_id: int
    nudge_key: str
    card: Card
    met_at: datetime
    look_at: datetime | None = None  # when to look whether it can be planned; None once it has ended
    occurrence: int = 1  # of the delivery that brought it last
    ended: str = ""  # an Ending, or empty while it comes back


def grade(*, is_right: bool, confidence: str) -> Grade:
    """Return the grade of an answer: wrong, right by guessing, right, or right and sure."""
    if not is_right:
        return Grade.AGAIN
    return _GRADES.get(confidence, Grade.GOOD)


def answered(card: Card | None, *, is_right: bool, confidence: str = "", now: datetime) -> Card:
    """Return the card after an answer; None is a question met for the first time.

    Somebody who was sure and wrong is graded twice: what they are told after it sticks at first, and the old conviction
    comes back within a week or two, so the question is taken for a harder one and returns more often.
    """
    is_sure_error = not is_right and confidence == Confidence.SURE
    graded = grade(is_right=is_right, confidence=confidence)
    reckoned = _reviewed(_known(card, now), graded, now)
    if is_sure_error:
        reckoned = _reviewed(reckoned, graded, now)
    if reckoned.stability is None or reckoned.difficulty is None:
        raise ValueError("FSRS gave a card without a memory")
    streak = (card.streak if card else 0) + 1 if is_right else 0
    due_at = now + max(reckoned.due - _day(now), LEAST_WHEN_RIGHT if is_right else DAY)
    return Card(reckoned.stability, reckoned.difficulty, now, due_at, streak, is_sure_error)


def chance(card: Card, now: datetime) -> float:
    """Return how likely the person still knows it, from 0 to 1."""
    return _scheduler().get_card_retrievability(_known(card, now), _day(now))


def urgency(card: Card, now: datetime) -> tuple[bool, float]:
    """Return what questions of one person are sorted by: sure errors first, since people act on them; then the least
    remembered.
    """
    return not card.is_sure_error, chance(card, now)


def is_learned(card: Card) -> bool:
    """Return whether it was right several times and will stay in memory for long."""
    return card.streak >= LEARNED_STREAK and card.stability >= LEARNED_AFTER / DAY


def ending(card: Card, *, returned: int, most: int, met_at: datetime, now: datetime) -> Ending | None:
    """Return why the question does not come back any more, or None when it does."""
    if is_learned(card):
        return Ending.LEARNED
    if returned >= most:
        return Ending.USED_UP
    return Ending.OVER if max(card.due_at, now) > met_at + SPAN else None


def postponed(card: Card, until: datetime) -> Card:
    """Return the card due later, its memory as it was."""
    return replace(card, due_at=max(card.due_at, until))


@lru_cache(maxsize=1)
def _scheduler() -> "fsrs.Scheduler":
    from fsrs import Scheduler

    # No steps of minutes: the next day is the soonest. No fuzz: the same answers give the same days.
    return Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST // DAY,
        enable_fuzzing=False,
    )


def _reviewed(card: "fsrs.Card", graded: Grade, now: datetime) -> "fsrs.Card":
    from fsrs import Rating

    return _scheduler().review_card(card, Rating(graded), _day(now))[0]


def _known(card: Card | None, now: datetime) -> "fsrs.Card":
    import fsrs

    # Every field is given: what is left out is read from the wall clock.
    if card is None:
        return fsrs.Card(card_id=1, due=now)
    return fsrs.Card(
        card_id=1,
        state=fsrs.State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due_at,
        last_review=_day(card.answered_at),
    )


def _day(instant: datetime) -> datetime:
    return datetime.combine(instant.astimezone(UTC).date(), time.min, UTC)
