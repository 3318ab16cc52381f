"""The comparison group against the rest: this module is a difference of shares with its honest uncertainty.

Whole teams are spared, so whole teams are what varies: five teams of ten are five draws, not fifty.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nudges.domain.measuring.disclosure import SMALLEST_K

FEWEST_TEAMS = 5  # on each side; below, an interval would promise more than it knows
_T_95 = ((5, 2.78), (7, 2.45), (10, 2.26), (15, 2.14), (20, 2.09), (30, 2.05), (60, 2.0))


@dataclass(frozen=True)
class TeamCount:
    """One team: how many people, and how many of them used the tool."""

    people: int
    active: int


@dataclass(frozen=True)
class Contrast:
    """By how many points more of those reached use the tool than of those spared: from, to, in 19 cases of 20."""

    low: int
    high: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out that there is no difference."""
        return self.low > 0 or self.high < 0


def contrast(reached: Sequence[TeamCount], spared: Sequence[TeamCount], k: int) -> Contrast | None:
    """Return the difference, or None where teams or people are too few to say anything."""
    sides = (reached, spared)
    if any(len(side) < FEWEST_TEAMS or not _is_enough(side, max(k, SMALLEST_K)) for side in sides):
        return None
    (first, first_error), (second, second_error) = (_share(side) for side in sides)
    reach = _t_value(min(len(side) for side in sides)) * math.hypot(first_error, second_error)
    middle = first - second
    return Contrast(math.floor(100 * (middle - reach)), math.ceil(100 * (middle + reach)))


def _is_enough(teams: Sequence[TeamCount], least: int) -> bool:
    active, people = sum(team.active for team in teams), sum(team.people for team in teams)
    return active >= least and people - active >= least


def _share(teams: Sequence[TeamCount]) -> tuple[float, float]:
    """Return the share of active people and its standard error, from how the teams differ."""
    people = sum(team.people for team in teams)
    share = sum(team.active for team in teams) / people
    spread = sum((team.active - share * team.people) ** 2 for team in teams)
    return share, math.sqrt(spread * len(teams) / (len(teams) - 1)) / people


def _t_value(teams: int) -> float:
    """Return Student's quantile for so few teams, rounded up."""
    return next(value for most, value in reversed(_T_95) if teams >= most)
