"""One sort of groups under watch: this module is what the filters believe of each, and which of them stand flagged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.filter import Floats, Stream, Told, Week
from nudges.domain.detection.fitting import DOUBLED, Joint, Natures
from nudges.domain.detection.history import PERIOD_WEEKS, Groups
from nudges.domain.detection.likes import company_rates, two_way_rates
from nudges.domain.detection.reported import Limits

Bools = NDArray[np.bool_]

NONE, EARLY_GRADE, CONFIRMED_GRADE = 0, 1, 2
SURE, LIKELY = 0.5, 0.25  # least probability of a confirmed and of an early flag
FALSE_CONFIRMED, FALSE_EARLY = 0.22, 0.55  # expected share of false ones among a week's new flags
OVER_CONFIRMED, OVER_EARLY = 0.2, 0.15  # below this probability a flag is over
EXPIRES_WEEKS = 4  # so long an early flag must have been unlikely
STREAMS: Mapping[str, tuple[Stream, Stream]] = {
    "team": (Stream(), Stream(reach=0.5, dispersion=2.5)),
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
        self._both = Joint(count, (answers, use))
        self._wary = Joint(count, (answers, use), doubled=DOUBLED)
        self.grades: NDArray[np.int8] = np.zeros(count, dtype=np.int8)
        self.probability: Floats = np.zeros(count)
        self.calm_weeks: NDArray[np.intp] = np.zeros(count, dtype=np.intp)  # in a row, until now, below OVER_CONFIRMED
        self._unlikely_weeks: NDArray[np.intp] = np.zeros(count, dtype=np.intp)  # the same below OVER_EARLY

    def advance(self, week: int) -> None:
        """Learn from a week, and let flags end that are over."""
        answers = answers_of(self.groups, week)
        self._answers.advance(Told(self._answers.stream, answers) if answers else None)
        self.probability = self._answers.best.barrier
        if self.groups.usable is not None:
            self._add_use(answers, use_of(self.groups, week))
        self.calm_weeks = np.where(self.probability < OVER_CONFIRMED, self.calm_weeks + 1, 0)
        self._unlikely_weeks = np.where(self.probability < OVER_EARLY, self._unlikely_weeks + 1, 0)
        has_expired = (self.grades == EARLY_GRADE) & (self._unlikely_weeks >= EXPIRES_WEEKS)
        is_over = (self.grades == CONFIRMED_GRADE) & (self.calm_weeks > 0)
        self.grades[has_expired | is_over | ~self._is_large(week)] = NONE

    def _add_use(self, answers: Week | None, use: Week | None) -> None:
        self._use.advance(Told(self._use.stream, use) if use else None)
        alone, in_use = self._answers.best, self._use.best
        joint = self._both.advance((answers, use), like=(alone, in_use))
        # Where barriers do not show in use, use only blurs: the company's own weeks tell which view foresees better.
        # That is asked of the plain view: one that lets each say less cannot be compared with those that do not.
        wary = self._wary.advance((answers, use), like=(alone, in_use))
        if joint.evidence > alone.evidence + in_use.evidence:
            self.probability = wary.barrier

    def candidates(self, week: int, grade: int, least: float) -> NDArray[np.intp]:
        """Return the groups without a flag of this grade that are likely enough and have enough people."""
        return np.nonzero(self._is_large(week) & (self.grades < grade) & (self.probability >= least))[0]

    def _is_large(self, week: int) -> Bools:
        members = self.groups.members
        is_large: Bools = np.minimum(members[:, week], members[:, max(0, week - PERIOD_WEEKS + 1)]) >= self._k
        return is_large


def open_flags(watches: Sequence[Watch], week: int) -> None:
    """Open the week's new flags over all sorts of groups, the likeliest first."""
    for grade, least, false_share in (
        (CONFIRMED_GRADE, SURE, FALSE_CONFIRMED),
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
