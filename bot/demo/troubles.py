"""What stands in the way of some groups: this module is who says so and when, and how much less they answer till then.

The cure comes with the remedy: a week after a play's note has reached a group or who leads it, things are as elsewhere.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.cast import Trouble
from bot.sandbox.records import Posted
from nudges.domain.barriers.flag_kinds import FlagKind
from nudges.domain.plays.shipped import shipped_plays

WORKING_HOURS = (9, 16)
CURED_AFTER = timedelta(days=7)
WEEKEND = 5


@dataclass(frozen=True)
class Telling:
    """Somebody says what is in the way, at an instant."""

    person: str
    at: float
    kind: str


@dataclass(frozen=True)
class _Group:
    """One group with its trouble: who is in it, who leads it, and by which words a remedy is known."""

    trouble: Trouble
    members: frozenset[str]
    leaders: frozenset[str]
    titles: tuple[str, ...]


class Troubles:
    """All that was planted; `tellings` are who says what, and when."""

    def __init__(
        self, troubles: Sequence[Trouble], people: Sequence[Mapping[str, str]], *, begins: datetime, seed: int
    ) -> None:
        self._groups = [_group(trouble, people) for trouble in troubles]
        self._over_at = {one.kind: (begins + timedelta(weeks=one.ends - 1)).timestamp() for one in troubles if one.ends}
        self.tellings = [telling for group in self._groups for telling in _tellings(group, begins, seed)]

    def hush(self, person: str, at: float) -> float:
        """Return how much of what they would do somebody does now: 1 where nothing is in the way."""
        found = [
            group.trouble.hush
            for group in self._groups
            if person in group.members and at < self._over_at.get(group.trouble.kind, at + 1)
        ]
        return min(found, default=1.0)

    def is_over(self, kind: str, at: float) -> bool:
        """Return whether a trouble is over, so that nobody tells of it any more."""
        return at >= self._over_at.get(kind, at + 1)

    def hear(self, posted: Posted) -> None:
        """Notice a play's note to a group or its leader, which is where its remedy begins."""
        for group in self._groups:
            is_theirs = posted.user in group.members or posted.user in group.leaders
            if is_theirs and any(title in posted.text for title in group.titles):
                over_at = posted.at + CURED_AFTER.total_seconds()
                kind = group.trouble.kind
                self._over_at[kind] = min(over_at, self._over_at.get(kind, over_at))


def _group(trouble: Trouble, people: Sequence[Mapping[str, str]]) -> _Group:
    rows = [row for row in people if trouble.is_about(row)]
    plays = shipped_plays()
    titles = tuple(
        play.sends.title
        for kind in (FlagKind(trouble.kind), FlagKind.LOW_RESPONSE)
        if (known := plays.plays.get(kind)) is not None
        for play in (*known.early, *known.confirmed)
        if play.sends is not None
    )
    members = frozenset(row["slack_id"] for row in rows)
    return _Group(trouble, members, frozenset(row.get("manager", "") for row in rows) - {""}, titles)


def _tellings(group: _Group, begins: datetime, seed: int) -> list[Telling]:
    """Return so many of them, spread over the weeks in working hours of the company's own zone."""
    kind = group.trouble.kind
    luck = random.Random(f"{seed}:{kind}")
    tellers = luck.sample(sorted(group.members), min(group.trouble.tellers, len(group.members)))
    first, last = group.trouble.weeks
    days = [(last - first) * 7 * place // max(1, len(tellers) - 1) for place in range(len(tellers))]
    return [Telling(person, _at(begins, first, day, luck), kind) for person, day in zip(tellers, days, strict=True)]


def _at(begins: datetime, week: int, days: int, luck: random.Random) -> float:
    day = begins + timedelta(weeks=week - 1, days=days)
    while day.weekday() >= WEEKEND:
        day += timedelta(days=1)
    return (day + timedelta(hours=luck.randint(*WORKING_HOURS), minutes=luck.randint(0, 59))).timestamp()
