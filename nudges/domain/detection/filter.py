"""How likely a barrier is: this module is a Bayesian filter over the weeks of many groups at once.

The hidden state of a group is the level of its barrier, none or one of four, and how much it differs from its likes
anyway. Both move slowly. A week's count is binomial around the rate of the likes, shifted by the difference and cut by
the level. Seeing only the past it is the forward recursion of a hidden Markov model (Rabiner, 1989) on a grid.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Grid = NDArray[np.float32]  # by group, level and difference; half the memory, and quicker

LEVELS = np.array([0.0, 0.3, 0.45, 0.6, 0.75])  # the share of what would be answered that a barrier takes away
OFFSETS = np.arange(-9, 10) * 0.2  # log-odds by which a group may differ from its likes for good
BEGINS = 0.0015  # the share of groups where a barrier begins in a week
ENDS = 0.02  # the share of barriers that end in a week
AT_FIRST = 0.01  # the share of groups with a barrier when we begin to look
OUTLIERS = 0.08  # weeks of a large group that follow no rule
OUTLIER_SD = 1.5
TINY = 1e-37
T = TypeVar("T", bound=np.floating[Any])


@dataclass(frozen=True)
class Stream:
    """One kind of count: how many of how many in a week, and how a barrier shows in it.

    `reach` is the part of the level that cuts this count; `dispersion` divides what a count says, because people of one
    week are not independent; `wobble` is how far a group's week strays from the rule beyond chance, in log-odds, which
    large groups feel and small ones do not; `extra_sd` above nothing makes it a normal on the log-odds with outliers,
    for groups so large that chance is the smallest part of what moves them. `spread` is how much groups differ for
    good, in log-odds, and `walk` how far such a difference wanders in a week.
    """

    reach: float = 1.0
    dispersion: float = 1.0
    wobble: float = 0.0
    extra_sd: float = 0.0
    spread: float = 0.45
    walk: float = 0.06


@dataclass(frozen=True)
class Week:
    """One week of a stream: for each group the trials, the successes and the rate of its likes."""

    trials: Floats
    successes: Floats
    rates: Floats


@dataclass(frozen=True)
class View:
    """What is believed of each group: how likely each level is and, by stream, how far the group differs at a level."""

    streams: tuple[Stream, ...]
    levels: Floats  # groups x levels
    differences: tuple[Grid, ...]  # groups x levels x OFFSETS, each adding up to one


class Told:
    """What one week says of each group, by level and difference: a likelihood, up to a factor whose log is `top`."""

    def __init__(self, stream: Stream, week: Week) -> None:
        logs = _likelihood(stream, week)
        top = logs.max(axis=(1, 2), keepdims=True)
        self.likelihood: Grid = np.exp(logs - top)
        self.top: Floats = top[:, 0, 0].astype(np.float64)


class Filter:
    """The belief about each group by one stream, moved on week by week."""

    def __init__(self, groups: int, stream: Stream) -> None:
        self.stream = stream
        self._belief: Grid = np.tile(at_first()[:, None] * _normal(stream.spread), (groups, 1, 1)).astype(np.float32)
        self.evidence = 0.0  # log of how well the weeks so far were foreseen

    @property
    def barrier(self) -> Floats:
        """Return for each group the probability from 0 to 1 that there is a barrier now."""
        return np.asarray(1 - self._belief[:, 0].sum(axis=1, dtype=np.float64))

    @property
    def difference(self) -> Floats:
        """Return for each group by how much it is believed to differ from its likes for good, in log-odds."""
        return np.asarray(self._belief.sum(axis=1, dtype=np.float64) @ OFFSETS)

    @property
    def view(self) -> View:
        """Return all that is believed."""
        levels = np.maximum(self._belief.sum(axis=2), np.float32(TINY))
        return View((self.stream,), levels.astype(np.float64), (self._belief / levels[:, :, None],))

    def advance(self, told: Told | None) -> None:
        """Move on by one week and learn from it; None where nothing is known of this week."""
        self._belief = wander(begun_and_ended(self._belief), self.stream.walk)
        if told is None:
            return
        joint = self._belief * told.likelihood
        total = joint.sum(axis=(1, 2), dtype=np.float64)
        self._belief = joint / np.maximum(total, TINY)[:, None, None].astype(np.float32)
        self.evidence += float((np.log(np.maximum(total, TINY)) + told.top).sum())


def at_first() -> Floats:
    """Return how likely each level is before anything is known."""
    prior = np.full(len(LEVELS), AT_FIRST / (len(LEVELS) - 1))
    prior[0] = 1 - AT_FIRST
    return prior


def _normal(spread: float) -> Floats:
    density = np.exp(-0.5 * (OFFSETS / spread) ** 2)
    return np.asarray(density / density.sum())


def begun_and_ended(belief: NDArray[T]) -> NDArray[T]:
    """Return a belief by group, level and more after one week in which barriers may begin and end."""
    flat = belief.reshape(len(belief), len(LEVELS), prod(belief.shape[2:]))
    return np.asarray(np.matmul(_beginnings().astype(belief.dtype), flat)).reshape(belief.shape)


def _beginnings() -> Floats:
    """Return how likely each level leads to each in a week; the row is where it leads."""
    found = (1 - ENDS) * np.eye(len(LEVELS))
    found[1:, 0] = BEGINS / (len(LEVELS) - 1)
    found[0] = ENDS
    found[0, 0] = 1 - BEGINS
    return found


def wander(belief: Grid, walk: float) -> Grid:
    """Return a belief after one week in which the difference of the last axis has wandered."""
    # Quicker than adding neighbours one after the other; many small products, because a large one is shared out to all
    # processors, which then wait for each other.
    return np.asarray(np.matmul(belief, steps(walk)))


@lru_cache(maxsize=64)
def steps(walk: float) -> Grid:
    """Return how likely a difference is to wander from each to each in a week; symmetric."""
    step = float(OFFSETS[1] - OFFSETS[0])
    move = walk**2 / (2 * step**2)
    count = len(OFFSETS)
    found = (1 - 2 * move) * np.eye(count) + move * (np.eye(count, k=1) + np.eye(count, k=-1))
    found[0, 0] += move
    found[-1, -1] += move
    return found.astype(np.float32)


def _likelihood(stream: Stream, week: Week) -> Grid:
    """Return the log-likelihood by group, level and difference; one level only where a barrier does not show."""
    levels = LEVELS if stream.reach else LEVELS[:1]
    odds = (logit(week.rates)[:, None, None] + OFFSETS[None, None, :]).astype(np.float32)
    kept = (1 - stream.reach * levels).astype(np.float32)[None, :, None]
    rate = np.clip(kept / (1 + np.exp(-odds)), 1e-4, 1 - 1e-4)
    trials = week.trials[:, None, None].astype(np.float32)
    successes = week.successes[:, None, None].astype(np.float32)
    if not stream.extra_sd:
        chance = week.trials * week.rates * (1 - week.rates)
        less = (stream.dispersion + chance * stream.wobble**2).astype(np.float32)[:, None, None]
        return np.asarray((successes * np.log(rate) + (trials - successes) * np.log1p(-rate)) / less)
    seen = logit((successes + 0.5) / (trials + 1))
    noise = stream.dispersion / np.maximum(trials * rate * (1 - rate), 1e-9) + stream.extra_sd**2
    far = (seen - logit(rate)) ** 2
    usual = np.exp(-0.5 * far / noise) / np.sqrt(noise)
    odd = np.exp(-0.5 * far / (noise + OUTLIER_SD**2)) / np.sqrt(noise + OUTLIER_SD**2)
    return np.where(trials > 0, np.log((1 - OUTLIERS) * usual + OUTLIERS * odd + TINY), 0.0)


def logit(rate: NDArray[T]) -> NDArray[T]:
    """Return the log-odds of a rate."""
    return np.asarray(np.log(rate) - np.log1p(-rate))
