"""What stands in the way of some groups: this module is who says so and when, and how much less they answer till then.

The cure comes with the remedy: some weeks after whoever leads the group was sent a play, things are as elsewhere.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.demo.cast import Trouble
from bot.sandbox.records import Posted

WORKING_HOURS = (9, 16)
CURED_AFTER = timedelta(days=7)


class Troubles:
    """All that was planted; `tellings` are who says what, and the instants of it."""

    def __init__(
        self, troubles: Sequence[Trouble], people: Sequence[Mapping[str, str]], *, begins: datetime, seed: int
    ) -> None:
        self._groups = [(trouble, _members(trouble, people)) for trouble in troubles]
        self._begins = begins
        self._cured_at: dict[str, float] = {}
        self.tellings = [
            telling for trouble, members in self._groups for telling in _tellings(trouble, members, begins, seed)
        ]

    def hush(self, person: str, at: float) -> float:
        """Return how much of what they would do somebody does now: 1 where nothing is in the way."""
        found = [
            trouble.hush
            for trouble, members in self._groups
            if person in members and at < self._cured_at.get(trouble.kind, at + 1)
        ]
        return min(found, default=1.0)

    def cure(self, kind: str, at: float) -> None:
        """Note that a remedy has begun; the trouble is over a while later."""
        self._cured_at.setdefault(kind, at + CURED_AFTER.total_seconds())

    def hear(self, person: str, posted: Posted) -> None:
        """Notice a remedy by what is posted; nothing tells it by itself yet."""


def _members(trouble: Trouble, people: Sequence[Mapping[str, str]]) -> frozenset[str]:
    return frozenset(row["slack_id"] for row in people if trouble.is_about(row))


def _tellings(trouble: Trouble, members: frozenset[str], begins: datetime, seed: int) -> list[tuple[str, float, str]]:
    """Return so many of them, spread over the weeks in working hours of the company's own zone."""
    luck = random.Random(f"{seed}:{trouble.kind}")
    tellers = luck.sample(sorted(members), min(trouble.tellers, len(members)))
    first, last = trouble.weeks
    days = [(last - first) * 7 * place // max(1, len(tellers) - 1) for place in range(len(tellers))]
    return [(person, _at(begins, first, days[place], luck), trouble.kind) for place, person in enumerate(tellers)]


def _at(begins: datetime, week: int, days: int, luck: random.Random) -> float:
    day = begins + timedelta(weeks=week - 1, days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return (day + timedelta(hours=luck.randint(*WORKING_HOURS), minutes=luck.randint(0, 59))).timestamp()
