"""Filters that fit the company at hand: this module keeps several natures side by side and goes by the best so far.

How much groups differ anyway, and how fast that changes, is not known beforehand; what foresaw a company's weeks best
until now is believed (empirical Bayes on a grid, by marginal likelihood). Only the past is ever asked.
"""

from collections.abc import Sequence
from dataclasses import replace

from nudges.domain.detection.filter import Filter, Stream, Week

NATURES = ((0.3, 0.03), (0.45, 0.06), (0.65, 0.06), (0.65, 0.12))  # spread and walk


class Natures:
    """One stream, seen by a filter for each nature."""

    def __init__(self, groups: int, stream: Stream) -> None:
        streams = [replace(stream, spread=spread, walk=walk) for spread, walk in NATURES]
        self._filters = [Filter(groups, (one,)) for one in streams]

    def advance(self, week: Week | None) -> None:
        """Move all of them on by one week."""
        for one in self._filters:
            one.advance((week,))

    @property
    def best(self) -> Filter:
        """Return the filter that has foreseen the weeks best."""
        return max(self._filters, key=lambda one: one.evidence)


class Joint:
    """Several streams seen together, each by the nature that fits it best; begun anew when another fits better."""

    def __init__(self, groups: int, streams: Sequence[Stream]) -> None:
        self._groups = groups
        self._streams = tuple(streams)
        self._past: list[tuple[Week | None, ...]] = []
        self._filter = Filter(groups, streams)

    def advance(self, weeks: tuple[Week | None, ...], *, like: Sequence[Filter]) -> Filter:
        """Return the filter after this week; `like` are the best filters of the streams alone."""
        self._past.append(weeks)
        fitted = tuple(
            replace(stream, spread=one.streams[0].spread, walk=one.streams[0].walk)
            for stream, one in zip(self._streams, like, strict=True)
        )
        if fitted == self._filter.streams:
            self._filter.advance(weeks)
            return self._filter
        self._filter = Filter(self._groups, fitted)
        for past in self._past:
            self._filter.advance(past)
        return self._filter
