"""Why a flag was raised: this module is what can be said of it in words, in steps and never in exact counts.

A reason is a list of keys and values; nudges/domain/barriers/flag_reasons.py makes sentences of them.
"""

from enum import StrEnum

import numpy as np

from nudges.domain.detection.filter import Floats, Week
from nudges.domain.detection.history import Groups
from nudges.domain.detection.watch import answers_of, use_of

Why = tuple[tuple[str, str], ...]

LOOKS_BACK = 26  # weeks
RECENT = 8  # weeks that are told together where there is no row of them
WEEKS_TOLD = (3, 4, 6, 8, 12, 20)  # "for six weeks or more": a group should not be known by its exact week
BEHIND = 0.9  # of what their likes answer: a week nearer than that is no week behind them
USES_LESS = 0.85  # of what their likes use


class Key(StrEnum):
    """What a reason tells."""

    SHARE = "share"  # of what their likes answer: a Share
    IN_A_ROW = "in_a_row"  # for at least so many weeks
    MOSTLY = "mostly"  # in most of so many weeks
    LIKES = "likes"  # who they are compared with: those of a team, or the company
    USE = "use"  # less, or as much
    SAID = "said"  # at least so many people said so themselves
    TIMES = "times"  # so many times as often as in the rest of the company


class Share(StrEnum):
    """How much of what their likes answer."""

    HARDLY = "hardly"
    QUARTER = "quarter"
    THIRD = "third"
    HALF = "half"
    TWO_THIRDS = "two_thirds"
    LESS = "less"


_UP_TO = (
    (0.18, Share.HARDLY),
    (0.29, Share.QUARTER),
    (0.41, Share.THIRD),
    (0.58, Share.HALF),
    (0.72, Share.TWO_THIRDS),
)


def why_silent(groups: Groups, scope_id: str, week: int) -> Why:
    """Return why a group was flagged for what it did until this week; empty where no week tells anything."""
    place = groups.ids.index(scope_id)
    weeks = range(max(0, week - LOOKS_BACK + 1), week + 1)
    seen = [one for number in reversed(weeks) if (one := _seen(answers_of(groups, number), place)) is not None]
    if not seen:
        return ()
    row = next((count for count, (_, got, expected) in enumerate(seen) if got >= BEHIND * expected), len(seen))
    told = row if row >= WEEKS_TOLD[0] else min(len(seen), RECENT)
    # Longer rows are told by their recent part: a barrier of today should not be weighed down by a good spring.
    share = _share(seen[: min(told, RECENT)])
    weeks_told = max((one for one in WEEKS_TOLD if one <= told), default=WEEKS_TOLD[0])
    likes = "company" if groups.rows is None else "team"
    how_long = (Key.IN_A_ROW if told == row else Key.MOSTLY, str(weeks_told))
    return ((Key.SHARE, share), how_long, (Key.LIKES, likes), *_use(groups, place, weeks))


def why_said(least: int, times: float) -> Why:
    """Return why a group was flagged for what its people said; `least` is the company's least number of reporters."""
    return ((Key.SAID, str(least)), (Key.TIMES, f"{times:.0f}"))


def _use(groups: Groups, place: int, weeks: range) -> Why:
    recent = [one for week in weeks[-RECENT:] if (one := _seen(use_of(groups, week), place)) is not None]
    if not recent:
        return ()
    return ((Key.USE, "less" if _ratio(recent) < USES_LESS else "as_much"),)


def _seen(week: Week | None, place: int) -> tuple[float, float, float] | None:
    """Return how many were asked, how many answered and how many would have at the rate of their likes."""
    if week is None or not week.trials[place]:
        return None
    asked = float(week.trials[place])
    return asked, float(week.successes[place]), asked * float(week.rates[place])


def _share(seen: list[tuple[float, float, float]]) -> Share:
    ratio = _ratio(seen)
    return next((share for most, share in _UP_TO if ratio < most), Share.LESS)


def _ratio(seen: list[tuple[float, float, float]]) -> float:
    sums: Floats = np.sum(seen, axis=0)
    return float(sums[1] / max(sums[2], 1e-9))
