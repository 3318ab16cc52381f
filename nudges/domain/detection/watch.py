"""One sort of groups under watch: this module is what the filters believe of each, and which of them stand flagged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.filter import Filter, Floats, Stream, Told, View, Week
from nudges.domain.detection.fitting import Natures, Together
from nudges.domain.detection.history import PERIOD_WEEKS, Groups
from nudges.domain.detection.likes import company_rates, two_way_rates
from nudges.domain.detection.pair import PairFilter
from nudges.domain.detection.reported import Limits

Bools = NDArray[np.bool_]

NONE, EARLY_GRADE, CONFIRMED_GRADE = 0, 1, 2
SURE, LIKELY = 0.5, 0.25  # least probability of a confirmed and of an early flag
FALSE_CONFIRMED, FALSE_EARLY = 0.36, 0.6  # expected share of false ones among a week's new flags
FALSE_BY_USE = 0.26  # the same of confirmed ones where use is read too: two streams are surer than they are right
OVER_CONFIRMED, OVER_EARLY = 0.2, 0.15  # below this probability a flag is over
EXPIRES_WEEKS = 4  # so long an early flag must have been unlikely
WOBBLE = 0.15  # log-odds by which a team's week strays beyond chance; without it large teams are believed too readily
STREAMS: Mapping[str, tuple[Stream, Stream]] = {
    "team": (Stream(wobble=WOBBLE), Stream(reach=0.5, dispersion=2.0, wobble=WOBBLE)),
    "department": (Stream(extra_sd=0.22), Stream(reach=0.5, dispersion=2.5, extra_sd=0.22)),
    "place": (Stream(extra_sd=0.20), Stream(reach=0.5, dispersion=2.5, extra_sd=0.20)),
}


class Watch:
    """The groups of one sort, week after week."""

    def __init__(self, groups: Groups, limits: Limits) -> None:
        answers, use = STREAMS[groups.scope_type]
        count = len(groups.ids)
        self.groups = groups
        self._k = limits.k
        self._answers = Natures(count, answers)
        self._use = Natures(count, replace(use, reach=0.0))
        self._both = Together(count, (answers, use))
        self.grades: NDArray[np.int8] = np.zeros(count, dtype=np.int8)
        self.probability: Floats = np.zeros(count)
        self._seen_by: Filter | PairFilter = self._answers.best
        self.calm_weeks: NDArray[np.intp] = np.zeros(count, dtype=np.intp)  # in a row, until now, below OVER_CONFIRMED
        self._unlikely_weeks: NDArray[np.intp] = np.zeros(count, dtype=np.intp)  # the same below OVER_EARLY

    def advance(self, week: int) -> None:
        """Learn from a week, and let flags end that are over."""
        answers = answers_of(self.groups, week)
        self._answers.advance(Told(self._answers.stream, answers) if answers else None)
        self._seen_by = self._answers.best
        self.probability = self._seen_by.barrier
        if self.groups.usable is not None:
            self._add_use(answers, use_of(self.groups, week))
        self.calm_weeks = np.where(self.probability < OVER_CONFIRMED, self.calm_weeks + 1, 0)
        self._unlikely_weeks = np.where(self.probability < OVER_EARLY, self._unlikely_weeks + 1, 0)
        has_expired = (self.grades == EARLY_GRADE) & (self._unlikely_weeks >= EXPIRES_WEEKS)
        is_over = (self.grades == CONFIRMED_GRADE) & (self.calm_weeks > 0)
        self.grades[has_expired | is_over | ~self._is_large(week)] = NONE

    @property
    def is_seen_by_use(self) -> bool:
        """Return whether the last week was judged by use as well."""
        return isinstance(self._seen_by, PairFilter)

    @property
    def view(self) -> View:
        """Return what is believed after the last week, by answers or, where that foresees better, by use as well."""
        return self._seen_by.view

    def _add_use(self, answers: Week | None, use: Week | None) -> None:
        self._use.advance(Told(self._use.stream, use) if use else None)
        both = self._both.advance((answers, use), like=(self._answers.best, self._use.best))
        # Where barriers do not show in use, use only blurs: the company's own weeks tell which view foresees better.
        if self._both.is_use_touched:
            self._seen_by = both
            self.probability = both.barrier

    def candidates(self, week: int, grade: int, least: float) -> NDArray[np.intp]:
        """Return the groups without a flag of this grade that are likely enough and have enough people."""
        return np.nonzero(self._is_large(week) & (self.grades < grade) & (self.probability >= least))[0]

    def _is_large(self, week: int) -> Bools:
        members = self.groups.members
        is_large: Bools = np.minimum(members[:, week], members[:, max(0, week - PERIOD_WEEKS + 1)]) >= self._k
        return is_large


def open_flags(watches: Sequence[Watch], week: int) -> None:
    """Open the week's new flags over all sorts of groups, the likeliest first."""
    confirmed = FALSE_BY_USE if any(watch.is_seen_by_use for watch in watches) else FALSE_CONFIRMED
    for grade, least, false_share in (
        (CONFIRMED_GRADE, SURE, confirmed),
        (EARLY_GRADE, LIKELY, FALSE_EARLY),
    ):
        found = [
            (float(watch.probability[place]), watch, int(place))
            for watch in watches
            for place in watch.candidates(week, grade, least)
        ]
        doubt = 0.0
        for count, (probability, watch, place) in enumerate(sorted(found, key=lambda one: -one[0]), start=1):
            doubt += 1 - probability
            if doubt / count > false_share:
                break
            watch.grades[place] = grade


def answers_of(groups: Groups, week: int) -> Week | None:
    """Return what was asked and answered in a week, with the rates of the likes; None where nothing was asked."""
    return _week(groups, groups.asked[:, week], groups.answered[:, week], week)


def use_of(groups: Groups, week: int) -> Week | None:
    """Return on how many days the tool was used in a week; None where nothing is known of it."""
    if groups.usable is None or groups.used is None:
        return None
    return _week(groups, groups.usable[:, week], groups.used[:, week], week)


def _week(groups: Groups, trials: Floats, successes: Floats, week: int) -> Week | None:
    if not trials.sum():
        return None
    if groups.rows is None or groups.columns is None:
        return Week(trials, successes, company_rates(trials, successes))
    rates = two_way_rates(trials, successes, rows=groups.rows[:, week], columns=groups.columns[:, week])
    return Week(trials, successes, rates)
