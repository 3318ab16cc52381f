"""Follow-ups by answer: this module says what `when: {after: x, if: wrong, days: 2}` waits for, and for how long.

An answer is waited for until twelve hours before the days are over, as if a day had no hours of its own: with `days: 2`
for a day and a half. Who has said nothing by then counts as unanswered, whatever comes later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.playbooks.nudge_parts import AfterNudge, NudgeBase
from nudges.domain.playbooks.quizzes import Quiz, keys_of

DAYS_MIN = 1  # an answer takes time
SPARE = timedelta(hours=12)  # from the last answer that counts to the follow-up: the evening before, for most


class If(StrEnum):
    """The words that may stand there; a quiz's choice or a poll's option may be named as well, by its key."""

    RIGHT = "right"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    USEFUL = "useful"
    NOT_FOR_ME = "not_for_me"


@dataclass(frozen=True)
class Given:
    """What somebody answered to the nudge before."""

    value: str
    is_right: bool | None
    at: datetime


@dataclass(frozen=True)
class Predecessor:
    """How the nudge stands that has to come first, and what was answered to it, where anything hangs on that."""

    status: DeliveryStatus
    sent_at: datetime | None = None
    given: Given | None = None


def asked_kind(when: object, before: NudgeBase | None) -> ResponseKind | None:
    """Return which response to the nudge before decides; None where none does."""
    if not isinstance(when, AfterNudge) or when.only_if is None:
        return None
    if when.only_if in (If.USEFUL, If.NOT_FOR_ME):
        return ResponseKind.FEEDBACK
    if before is not None and when.only_if in before.taps:
        return ResponseKind.TAP
    if isinstance(before, Quiz):
        return ResponseKind.ANSWER
    return ResponseKind.TAP if before is not None and before.taps else ResponseKind.FEEDBACK


def answer_until(when: AfterNudge, sent_at: datetime) -> datetime:
    """Return the last instant at which an answer to the nudge before counts."""
    return sent_at + timedelta(days=when.days) - SPARE


def is_meant(when: AfterNudge, before: Predecessor, now: datetime) -> bool | None:
    """Return whether the answer is the one that the follow-up is for; None while it may still come."""
    if when.only_if is None or before.sent_at is None:
        return True
    until = answer_until(when, before.sent_at)
    given = before.given if before.given is not None and before.given.at <= until else None
    if given is None and now < until:
        return None
    return holds(when.only_if, given)


def holds(condition: str, given: Given | None) -> bool:
    """Return whether an answer is the one that is asked for."""
    if given is None:
        return condition == If.UNANSWERED
    if condition in (If.RIGHT, If.WRONG):
        return given.is_right is (condition == If.RIGHT)
    return condition in keys_of(given.value)


def is_for_silence(when: object) -> bool:
    """Return whether an answer would still keep it back when it is posted: it must not ignore what was just said."""
    return isinstance(when, AfterNudge) and when.only_if == If.UNANSWERED
