"""A plan to be read: this module is what a forecast says of one playbook, counted and in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nudges.domain.delivery.effort import EffortShare
from nudges.domain.forecasts.forecast import Foreseen, Happening
from nudges.domain.measuring.views import Draft

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class LocalTime:
    """When a nudge is due in one zone, on the wall there: `2027-01-12T10:00`."""

    zone: str
    local_due: str
    people: int


@dataclass(frozen=True)
class NudgePlan:
    """What becomes of one nudge."""

    key: str
    kind: str
    when: str  # in words
    window: str  # in words
    people: int  # for whom it is decided
    sent: int
    by_segment: Counts
    times: tuple[LocalTime, ...]
    first_at: datetime | None
    last_at: datetime | None
    skipped: Counts  # SkipReason and how many
    put_off: int  # sent, but on a later day than planned, because other nudges had the slot
    late: int  # sent after its window, because posting takes time
    missed: int  # not sent in time, because posting takes time
    unsettled: int  # beyond the weeks looked at, or waiting for the pilot to be widened
    languages: Counts
    fallback: int  # people who read it in the playbook's language for want of their own


@dataclass(frozen=True)
class Clash:
    """One nudge whose slot is taken by another: how many people lose it, and how many get it on a later day."""

    campaign: str
    nudge: str
    taken_by: str  # the other campaign, or the same
    by_nudge: str  # empty: any of its nudges
    lost: int
    put_off: int


@dataclass(frozen=True)
class CalendarClash:
    """Nudges that fall on days on which comms has something else to say."""

    nudge: str
    what: str
    starts_on: date
    ends_on: date
    people: int


@dataclass(frozen=True)
class WeekLoad:
    """How many people get so many nudges in one week, over all campaigns."""

    starts_on: date
    people: tuple[int, ...]  # by number of nudges: none, one, two ...

    @property
    def most(self) -> int:
        """The most that anybody gets."""
        return len(self.people) - 1


@dataclass(frozen=True)
class Plan:
    """The whole plan of one playbook."""

    draft: Draft
    campaign_id: int
    weeks: int
    posts_per_second: float
    nudges: tuple[NudgePlan, ...]
    effort: tuple[EffortShare, ...]
    clashes: tuple[Clash, ...]
    calendar: tuple[CalendarClash, ...]
    load: tuple[WeekLoad, ...]
    first_ever: int
    reactions: int
    unused_reactions: int
    is_private: bool  # the audience hangs on what people did: nobody is named, and figures are bands
    k: int
    notes: tuple[str, ...] = ()
    decisions: Sequence[Foreseen] = ()  # empty where the plan is private
    campaigns: Counts = ()  # name and number of every campaign in the forecast

    @property
    def sent(self) -> int:
        """How many messages go out."""
        return sum(nudge.sent for nudge in self.nudges)

    @property
    def fits(self) -> bool:
        """Whether every nudge goes out inside its window."""
        return not any(nudge.late or nudge.missed for nudge in self.nudges)


@dataclass(frozen=True)
class PersonPlan:
    """One person's weeks, line by line."""

    person_id: str
    zone: str
    segment: str
    is_held_out: bool
    is_pilot: bool
    lines: tuple[Happening, ...]
    campaigns: Counts
