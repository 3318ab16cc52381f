"""Filters that fit the company at hand: this module keeps several natures side by side and goes by the best so far.

How much groups differ anyway, and how fast that changes, is not known beforehand; what foresaw a company's weeks best
until now is believed (empirical Bayes on a grid, by marginal likelihood). Only the past is ever asked.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nudges.domain.detection.filter import Filter, JointFilter, Stream, Told, Week

STEP = 0.25  # of kinship: a finer one would begin the joint look anew too often
LEAST_SD = 0.01
DOUBLED = 0.6  # of what two streams say together has been said once, where they go together wholly
NATURES = ((0.3, 0.03), (0.45, 0.06), (0.65, 0.06), (0.65, 0.12))  # spread and walk


class Natures:
    """One stream, seen by a filter for each nature."""

    def __init__(self, groups: int, stream: Stream) -> None:
        self.stream = stream
        streams = [replace(stream, spread=spread, walk=walk) for spread, walk in NATURES]
        self._filters = [Filter(groups, one) for one in streams]

    def advance(self, told: Told | None) -> None:
        """Move all of them on by one week."""
        for one in self._filters:
            one.advance(told)

    @property
    def best(self) -> Filter:
        """Return the filter that has foreseen the weeks best."""
        return max(self._filters, key=lambda one: one.evidence)


class Joint:
    """Several streams seen together, each by the nature that fits it best; begun anew when another fits better."""

    def __init__(self, groups: int, streams: Sequence[Stream], *, doubled: float = 0.0) -> None:
        self._groups = groups
        self._doubled = doubled
        self._streams = tuple(streams)
        self._past: list[tuple[Week | None, ...]] = []
        self._filter = JointFilter(groups, streams)

    def advance(self, weeks: tuple[Week | None, ...], *, like: Sequence[Filter]) -> JointFilter:
        """Return the filter after this week; `like` are the best filters of the streams alone."""
        less = 1 + self._doubled * _kinship(*like)
        fitted = tuple(
            replace(stream, spread=one.stream.spread, walk=one.stream.walk, dispersion=less * stream.dispersion)
            for stream, one in zip(self._streams, like, strict=True)
        )
        self._past.append(weeks)
        if fitted == self._filter.streams:
            self._learn(weeks)
            return self._filter
        self._filter = JointFilter(self._groups, fitted)
        for past in self._past:
            self._learn(past)
        return self._filter

    def _learn(self, weeks: tuple[Week | None, ...]) -> None:
        # What a week says is reckoned anew for another nature: kept for a year it would fill the memory.
        streams = self._filter.streams
        self._filter.advance([Told(one, week) if week else None for one, week in zip(streams, weeks, strict=True)])


def _kinship(one: Filter, other: Filter) -> float:
    """Return how much the differences of two streams go together, from 0 to 1 in steps.

    Who answers much also uses much: then two streams tell less than two witnesses would, and each says less.
    """
    differences = (one.difference, other.difference)
    if min(difference.std() for difference in differences) < LEAST_SD:
        return 0.0
    together = float(np.corrcoef(*differences)[0, 1])
    return float(np.clip(np.round(together / STEP) * STEP, 0, 1))
