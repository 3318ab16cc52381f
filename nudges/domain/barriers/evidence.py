"""What counts as said: this module weighs what people tap and write, and says when to ask whether we heard them right.

Only a person's own tap names a kind: a button with the kind on it, or a yes to "sounds like ...?". A guess from words
weighs less and never counts towards k; it waits for the answer to our question. What people do (stopping,
keeping silent, answering wrongly, using a tool less) is behaviour: it is no evidence of a kind, and has no weight here.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nudges.domain.barriers.barriers import PERIOD
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.classify import ASK_BACK, ENOUGH, Guess, Reader, classify
from nudges.domain.told.languages import language_of

SAID = 1.0  # by one's own tap
LIKELY, POSSIBLE = 0.6, 0.3  # what a guess from words weighs; below POSSIBLE_FROM it is dropped
LIKELY_FROM, POSSIBLE_FROM = 0.75, ENOUGH
ASKED_AT_MOST_EVERY = timedelta(days=7)
WEEK = timedelta(days=7)
WEEKS_A_PERIOD = PERIOD // WEEK


class AskAnswer(StrEnum):
    """What may be answered to "sounds like ...: right?"."""

    RIGHT = "right"
    SOMETHING_ELSE = "something_else"
    BETWEEN_US = "between_us"


class Answering(StrEnum):
    """What an answer came to: counted, made way for the list, erased, or it had been answered before."""

    COUNTED = "counted"
    CHOOSE = "choose"
    ERASED = "erased"
    LATE = "late"


@dataclass(frozen=True)
class Heard:
    """The kind that a text sounds like, and how much so, from 0 to 1."""

    kind: BarrierKind
    score: float

    @property
    def is_worth_asking(self) -> bool:
        """Return whether to ask the person if that is what they meant."""
        return self.score >= ASK_BACK

    @property
    def weight(self) -> float:
        """Return what the guess weighs as long as nobody has confirmed it."""
        if self.score >= LIKELY_FROM:
            return LIKELY
        return POSSIBLE if self.score >= POSSIBLE_FROM else 0.0


@dataclass(frozen=True)
class AskBack:
    """One question back: its id, which is all that its buttons carry, and the kind that it asks about."""

    ask_id: str
    kind: BarrierKind


def heard_in(text: str, language: str = "", read: Reader = classify) -> Heard | None:
    """Return what a text sounds like most, read in the person's language and in the one it seems to be written in."""
    own = language.partition("-")[0]
    guesses = [read(text, one) for one in dict.fromkeys((own, language_of(text))) if one]
    best = max(guesses, key=_top_score)
    return Heard(BarrierKind(best.top), best.scores[best.top]) if best.top in set(BarrierKind) else None


def may_ask(asked_at: datetime | None, now: datetime) -> bool:
    """Return whether the person may be asked back; once a week is enough, whatever they write."""
    return asked_at is None or now - asked_at >= ASKED_AT_MOST_EVERY


def ask_id_of(*, key: bytes, workspace_id: str, person_id: str, text_id: str) -> str:
    """Return the id of the question about one text; the same text, told again by Slack, gives the same."""
    told = hmac.new(key, f"ask:{workspace_id}:{person_id}:{text_id}".encode(), hashlib.sha256)
    return told.hexdigest()[:32]


def week_counted(week: int, period: int) -> int:
    """Return the week that stands with a report of a period: a late one is put into the first week of its period."""
    return max(week, period * WEEKS_A_PERIOD)


def _top_score(guess: Guess) -> float:
    return max(guess.scores.values(), default=0.0)
