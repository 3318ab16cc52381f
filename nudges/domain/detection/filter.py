"""How likely a barrier is: this module is a Bayesian filter over the weeks of many groups at once.

The hidden state of a group is the level of its barrier, none or one of four, and how much it differs from its likes
anyway. Both move slowly. A week's count is binomial around the rate of the likes, shifted by the difference and cut by
the level. Seeing only the past it is the forward recursion of a hidden Markov model (Rabiner, 1989) on a grid; what two
streams say is joined at the level, as if their differences were independent once the level is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS = np.array([0.0, 0.3, 0.45, 0.6, 0.75])  # the share of what would be answered that a barrier takes away
OFFSETS = np.arange(-12, 13) * 0.15  # log-odds by which a group may differ from its likes for good
BEGINS = 0.0015  # the share of groups where a barrier begins in a week
ENDS = 0.02  # the share of barriers that end in a week
AT_FIRST = 0.01  # the share of groups with a barrier when we begin to look
OUTLIERS = 0.08  # weeks of a large group that follow no rule
OUTLIER_SD = 1.5


@dataclass(frozen=True)
class Stream:
    """One kind of count: how many of how many in a week, and how a barrier shows in it.

    `reach` is the part of the level that cuts this count; `dispersion` divides what a count says, because people of one
    week are not independent; `extra_sd` above nothing makes it a normal on the log-odds with outliers, for groups so
    large that chance is the smallest part of what moves them. `spread` is how much groups differ for good, in log-odds,
    and `walk` how far such a difference wanders in a week.
    """

    reach: float = 1.0
    dispersion: float = 1.0
    extra_sd: float = 0.0
    spread: float = 0.45
    walk: float = 0.06


@dataclass(frozen=True)
class Week:
    """One week of a stream: for each group the trials, the successes and the rate of its likes."""

    trials: Floats
    successes: Floats
    rates: Floats


class Filter:
    """The belief about each group, moved on week by week."""

    def __init__(self, groups: int, streams: Sequence[Stream]) -> None:
        prior = np.full(len(LEVELS), AT_FIRST / (len(LEVELS) - 1))
        prior[0] = 1 - AT_FIRST
        self.streams = tuple(streams)
        self._levels = np.tile(prior, (groups, 1))
        shape = (groups, len(LEVELS), len(OFFSETS))
        self._offsets = [np.broadcast_to(_normal(stream.spread), shape).copy() for stream in streams]
        self.evidence = 0.0  # log of how well the weeks so far were foreseen

    @property
    def barrier(self) -> Floats:
        """Return for each group the probability from 0 to 1 that there is a barrier now."""
        return 1 - self._levels[:, 0]

    def advance(self, weeks: Sequence[Week | None]) -> None:
        """Move on by one week and learn from it; None where a stream has nothing to say this week."""
        self._move()
        told = np.zeros_like(self._levels)
        for place, (stream, week) in enumerate(zip(self.streams, weeks, strict=True)):
            if week is None:
                continue
            likelihood = _likelihood(stream, week)
            top = likelihood.max(axis=(1, 2), keepdims=True)
            joint = self._offsets[place] * np.exp(likelihood - top)
            share = joint.sum(axis=2)
            told += np.log(np.maximum(share, 1e-300)) + top[:, :, 0]
            self._offsets[place] = joint / np.maximum(share, 1e-300)[:, :, None]
        self._learn(told)

    def _learn(self, told: Floats) -> None:
        top = told.max(axis=1, keepdims=True)
        joint = self._levels * np.exp(told - top)
        total = joint.sum(axis=1, keepdims=True)
        self._levels = joint / total
        self.evidence += float((np.log(total) + top).sum())

    def _move(self) -> None:
        old = self._levels
        moved = _transition()[None, :, :] * old[:, :, None]  # from level, to level
        self._levels = moved.sum(axis=1)
        shares = moved / np.maximum(self._levels, 1e-300)[:, None, :]
        # Where a level is entered from several others, the differences that were believed there mix.
        self._offsets = [
            _wander(np.einsum("gfo,gft->gto", offsets, shares), stream.walk)
            for stream, offsets in zip(self.streams, self._offsets, strict=True)
        ]


def _normal(spread: float) -> Floats:
    density = np.exp(-0.5 * (OFFSETS / spread) ** 2)
    return np.asarray(density / density.sum())


def _transition() -> Floats:
    size = len(LEVELS)
    moves = np.diag(np.full(size, 1 - ENDS))
    moves[1:, 0] = ENDS
    moves[0, 1:] = BEGINS / (size - 1)
    moves[0, 0] = 1 - BEGINS
    return moves


def _wander(offsets: Floats, walk: float) -> Floats:
    step = float(OFFSETS[1] - OFFSETS[0])
    move = walk**2 / (2 * step**2)
    wandered = (1 - 2 * move) * offsets
    wandered[..., 1:] += move * offsets[..., :-1]
    wandered[..., :-1] += move * offsets[..., 1:]
    wandered[..., 0] += move * offsets[..., 0]
    wandered[..., -1] += move * offsets[..., -1]
    return wandered


def _likelihood(stream: Stream, week: Week) -> Floats:
    """Return the log-likelihood by group, level and difference."""
    odds = _logit(week.rates)[:, None, None] + OFFSETS[None, None, :]
    rate = np.clip(_expit(odds) * (1 - stream.reach * LEVELS)[None, :, None], 1e-4, 1 - 1e-4)
    trials, successes = week.trials[:, None, None], week.successes[:, None, None]
    if not stream.extra_sd:
        return (successes * np.log(rate) + (trials - successes) * np.log1p(-rate)) / stream.dispersion
    seen = _logit((successes + 0.5) / (trials + 1))
    noise = stream.dispersion / np.maximum(trials * rate * (1 - rate), 1e-9) + stream.extra_sd**2
    usual = np.exp(-0.5 * (seen - _logit(rate)) ** 2 / noise) / np.sqrt(noise)
    odd = np.exp(-0.5 * (seen - _logit(rate)) ** 2 / (noise + OUTLIER_SD**2)) / np.sqrt(noise + OUTLIER_SD**2)
    return np.where(trials > 0, np.log((1 - OUTLIERS) * usual + OUTLIERS * odd + 1e-300), 0.0)


def _logit(rate: Floats) -> Floats:
    return np.log(rate) - np.log1p(-rate)


def _expit(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))
