"""Who came to a workshop: this module says whose word counts, and until when it may be corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from nudges.domain.delivery.taps import SeatState, Tap
from nudges.domain.playbooks.nudge_parts import AroundSession

CORRECTED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Presence:
    """What is said of somebody who had a seat: by themselves and by the host, each `came`, `missed` or nothing."""

    own: str = ""
    host: str = ""

    @property
    def word(self) -> str:
        """Return what counts: the host's word, which saw everybody; before it the person's own."""
        return self.host or self.own


def is_wanted(when: AroundSession, state: SeatState | None, said: Presence, *, is_question: bool) -> bool:
    """Return whether somebody gets what stands round a workshop: who has no seat does not, and nobody is asked twice.

    `is_question` is for the one question afterwards; the host's word answers it too.
    """
    if state != SeatState.SEATED:
        return False
    if when.only_if is not None:
        return said.word == when.only_if
    return not (is_question and said.word)


class Marking(StrEnum):
    """What becomes of a host's look or word."""

    OPEN = "open"
    NOTED = "noted"
    NOT_YOURS = "not_yours"
    TOO_EARLY = "too_early"
    CLOSED = "closed"
    GONE = "gone"


UNSAID = Presence()


def closes_at(ended_at: datetime) -> datetime:
    """Return until when the host may correct who came; from then on it is counted."""
    return ended_at + CORRECTED_FOR


def marking_at(ended_at: datetime, now: datetime) -> Marking:
    """Return whether the host can say who came at this instant."""
    if now < ended_at:
        return Marking.TOO_EARLY
    return Marking.OPEN if now < closes_at(ended_at) else Marking.CLOSED


def word_for(*, is_ticked: bool) -> str:
    """Return the word that stands for a tick, or for none."""
    return Tap.CAME.value if is_ticked else Tap.MISSED.value


@dataclass(frozen=True)
class Sheet:
    """The list of one workshop as the host sees it: who had a seat, in the order of their first names."""

    marking: Marking
    title: str = ""
    ended_at: datetime | None = None
    closes_at: datetime | None = None
    seated: Mapping[str, Presence] = field(default_factory=dict)

    @property
    def came(self) -> int:
        """Return how many came, as far as is known."""
        return sum(said.word == word_for(is_ticked=True) for said in self.seated.values())
