"""Filters that fit the company at hand: this module keeps several natures side by side and goes by the best so far.

How much groups differ anyway, and how fast that changes, is not known beforehand; what foresaw a company's weeks best
until now is believed (empirical Bayes on a grid, by marginal likelihood). Only the past is ever asked.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.filter import Filter, Stream, Told, Week
from nudges.domain.detection.history import PERIOD_WEEKS
from nudges.domain.detection.measured import dispersion_of, kinship_of
from nudges.domain.detection.pair import Pair, PairFilter

KINSHIP = 0.4  # of answers and use, until the company's own weeks tell
SETTLED_WEEKS = 8  # until then what fits is asked every week, later once a period: each change begins the look anew
SAMPLE = 600  # groups that are enough to tell whether barriers show in use
Weeks = tuple[Week | None, Week | None]
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


class Together:
    """Answers and use seen at once, by what fits the company; begun anew when something else fits better."""

    def __init__(self, groups: int, streams: Pair) -> None:
        self._streams = streams
        self._past: list[Weeks] = []
        self._sample = np.unique(np.linspace(0, groups - 1, min(groups, SAMPLE)).astype(np.intp))
        self._groups = groups
        self._begin(streams, KINSHIP)

    def advance(self, weeks: Weeks, *, like: tuple[Filter, Filter]) -> PairFilter:
        """Return the filter after this week; `like` are the best filters of the streams alone."""
        self._past.append(weeks)
        new = weeks
        if len(self._past) <= SETTLED_WEEKS or len(self._past) % PERIOD_WEEKS == 0:
            streams, kinship = self._fitting(like)
            if (streams, kinship) != (self.filter.streams, self.filter.kinship):
                self._begin(streams, kinship)
                for past in self._past[:-1]:
                    self._learn(past)
        self._learn(new)
        return self.filter

    @property
    def is_use_touched(self) -> bool:
        """Return whether the weeks are foreseen better by barriers that show in use than by such that do not.

        Both views know how answers and use go together, so that nothing else is compared; some of the groups suffice.
        """
        return float(self.filter.evidence[self._sample].sum()) > float(self._untouched.evidence.sum())

    def _fitting(self, like: tuple[Filter, Filter]) -> tuple[Pair, float]:
        answers, use = ([week[place] for week in self._past] for place in (0, 1))
        dispersion = dispersion_of(use, self._streams[1].dispersion)
        fitted = [
            replace(stream, spread=one.stream.spread, walk=one.stream.walk)
            for stream, one in zip(self._streams, like, strict=True)
        ]
        return (fitted[0], replace(fitted[1], dispersion=dispersion)), kinship_of(answers, use, KINSHIP)

    def _begin(self, streams: Pair, kinship: float) -> None:
        self.filter = PairFilter(self._groups, streams, kinship)
        self._untouched = PairFilter(len(self._sample), (streams[0], replace(streams[1], reach=0.0)), kinship)

    def _learn(self, weeks: Weeks) -> None:
        # What a week says is reckoned anew for another nature: kept for a year it would fill the memory.
        self.filter.advance(*_told(self.filter.streams, weeks))
        some = (_of(weeks[0], self._sample), _of(weeks[1], self._sample))
        self._untouched.advance(*_told(self._untouched.streams, some))


def _told(streams: Pair, weeks: Weeks) -> tuple[Told | None, Told | None]:
    first, second = (Told(stream, week) if week else None for stream, week in zip(streams, weeks, strict=True))
    return first, second


def _of(week: Week | None, groups: NDArray[np.intp]) -> Week | None:
    return Week(week.trials[groups], week.successes[groups], week.rates[groups]) if week else None
