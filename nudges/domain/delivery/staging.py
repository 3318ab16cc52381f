"""A few people first, then the rest: this module is who may be reached at which stage, and when their week 1 begins.

A campaign with a pilot begins with the pilot's people. The rest wait, undecided, until it is widened; from then on
their week 1 is the seven days from a day of their own. Whoever entered as one of the pilot stays one.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from nudges.domain.measuring.disclosure import SMALLEST_K
from nudges.domain.playbooks.playbook import Pilot, Playbook

LEAST_ATTEMPTS = 10  # fewer messages say nothing about a share of errors


@dataclass(frozen=True)
class Wave:
    """People of one campaign who begin on the same day; `is_pilot` is None where nobody is told apart."""

    begins_on: date
    is_pilot: bool | None = None


@dataclass(frozen=True)
class Staging:
    """When the pilot begins and when the rest does; the rest waits while `rest_starts_on` is None."""

    starts_on: date
    rest_starts_on: date | None = None

    @classmethod
    def whole(cls, starts_on: date) -> Self:
        """Return the staging of a campaign that reaches everybody at once."""
        return cls(starts_on, starts_on)

    @property
    def is_piloting(self) -> bool:
        """Whether only the pilot's people may be reached."""
        return self.rest_starts_on is None

    @property
    def waves(self) -> tuple[Wave, ...]:
        """Who may be reached now, and from when: all in one, the pilot alone, or the pilot and then the rest."""
        if self.rest_starts_on is None:
            return (Wave(self.starts_on, is_pilot=True),)
        if self.rest_starts_on == self.starts_on:
            return (Wave(self.starts_on),)
        return (Wave(self.starts_on, is_pilot=True), Wave(self.rest_starts_on, is_pilot=False))

    @property
    def last_start(self) -> date | None:
        """The first day of those who begin last; None while somebody waits for a day."""
        return None if self.rest_starts_on is None else max(self.starts_on, self.rest_starts_on)

    def begins_on(self, *, is_pilot: bool) -> date | None:
        """Return the first day of this person's week 1, or None while they wait for the pilot."""
        return self.starts_on if is_pilot else self.rest_starts_on


def first_staging(playbook: Playbook, starts_on: date, *, is_whole: bool = False) -> Staging:
    """Return how a new campaign begins: with its pilot if it has one, unless everybody is wanted at once."""
    has_pilot = playbook.audience.pilot is not None and not is_whole
    return Staging(starts_on) if has_pilot else Staging.whole(starts_on)


@dataclass(frozen=True)
class PilotTally:
    """What came of a pilot so far; people are distinct, attempts and errors are messages."""

    reached: int = 0
    answered: int = 0  # tapped anything
    useful: int = 0
    not_for_me: int = 0
    stops: int = 0
    barrier_reports: int = 0
    attempts: int = 0
    errors: int = 0

    @property
    def useful_share(self) -> float | None:
        """Useful of all who said whether it was; None when nobody said."""
        return _share(self.useful, self.useful + self.not_for_me)


class Lack(StrEnum):
    """What a pilot still lacks before it may be widened."""

    ANSWERS = "answers"
    FEEDBACK = "feedback"
    USEFUL = "useful"


class StopRule(StrEnum):
    """What can stop a pilot; the words are the keys of `stop_when`."""

    NOT_FOR_ME = "not_for_me"
    STOPS = "stops"
    BARRIER_REPORTS = "barrier_reports"
    ERRORS = "errors"


@dataclass(frozen=True)
class Going:
    """The pilot goes on; this is what it lacks."""

    lack: Lack


@dataclass(frozen=True)
class Ready:
    """Enough people answered, and enough of them found it useful."""


@dataclass(frozen=True)
class Halted:
    """A stop rule holds: nothing more goes out until a person has looked."""

    reason: StopRule


PilotVerdict = Going | Ready | Halted


def pilot_verdict(
    tally: PilotTally, pilot: Pilot, *, k: int = SMALLEST_K, overruled: frozenset[StopRule] = frozenset()
) -> PilotVerdict:
    """Return how a pilot stands; rules that a person has overruled by resuming it are not asked again.

    What is about people is judged only once k of them are behind it: a verdict is told, so it must not point at
    anybody, and one grumble is not a reason to stop.
    """
    least = max(k, SMALLEST_K)
    broken = next((rule for rule in broken_rules(tally, pilot, k=k) if rule not in overruled), None)
    if broken is not None:
        return Halted(broken)
    lack = _lack(tally, pilot, least)
    return Ready() if lack is None else Going(lack)


def broken_rules(tally: PilotTally, pilot: Pilot, *, k: int = SMALLEST_K) -> list[StopRule]:
    """Return every stop rule that holds, in the order in which they are told."""
    return _broken(tally, pilot, max(k, SMALLEST_K))


def grows_too_much(*, present: int, added: int, most: float) -> bool:
    """Return whether so many new people want a second person's yes: a larger share of the present ones than allowed."""
    return added > 0 and added > present * most


def _broken(tally: PilotTally, pilot: Pilot, least: int) -> list[StopRule]:
    rules, feedback = pilot.stop_when, tally.useful + tally.not_for_me
    found = {
        StopRule.NOT_FOR_ME: _reaches(tally.not_for_me, feedback, rules.not_for_me, least),
        StopRule.STOPS: _reaches(tally.stops, tally.reached, rules.stops, least),
        StopRule.BARRIER_REPORTS: rules.barrier_reports is not None
        and tally.barrier_reports >= max(rules.barrier_reports, least),
        StopRule.ERRORS: tally.attempts >= LEAST_ATTEMPTS and _reaches(tally.errors, tally.attempts, rules.errors, 1),
    }
    return [rule for rule, holds in found.items() if holds]


def _reaches(count: int, of: int, limit: float | None, least: int) -> bool:
    return limit is not None and count >= least and of > 0 and count >= limit * of


def _lack(tally: PilotTally, pilot: Pilot, least: int) -> Lack | None:
    if tally.answered < max(pilot.answers, least):
        return Lack.ANSWERS
    if pilot.useful > 0 and tally.useful + tally.not_for_me < least:
        return Lack.FEEDBACK
    return Lack.USEFUL if (tally.useful_share or 0.0) < pilot.useful else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
