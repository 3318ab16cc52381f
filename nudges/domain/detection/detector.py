"""Week by week, who stands flagged: this module joins what groups did with what they said, seeing only the past.

Behaviour opens and closes by the filter's probability, with the expected share of false flags among a week's new ones
bounded (Müller, Parmigiani and Rice, 2006). Reports speak at the end of a period only; they give a flag its name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.filter import Floats, Stream, Week
from nudges.domain.detection.fitting import Joint, Natures
from nudges.domain.detection.history import Cell, Groups, History
from nudges.domain.detection.likes import company_rates, two_way_rates
from nudges.domain.detection.reported import USUAL_LIMITS, Limits, named_cells

Bools = NDArray[np.bool_]

LOW_RESPONSE = "low_response"
EARLY, CONFIRMED = "early", "confirmed"
FIRST_WEEK = 3  # the fourth week of a history is the first that can raise a flag
SURE, LIKELY = 0.5, 0.3  # least probability of a confirmed and of an early flag
FALSE_CONFIRMED, FALSE_EARLY = 0.2, 0.5  # expected share of false ones among a week's new flags
OVER_CONFIRMED, OVER_EARLY = 0.2, 0.15  # below this probability a flag is over
STREAMS: Mapping[str, tuple[Stream, Stream]] = {
    "team": (Stream(), Stream(reach=0.5, dispersion=2.5)),
    "department": (Stream(extra_sd=0.22), Stream(reach=0.5, dispersion=2.5, extra_sd=0.22)),
    "place": (Stream(extra_sd=0.20), Stream(reach=0.5, dispersion=2.5, extra_sd=0.20)),
}


@dataclass(frozen=True)
class Flag:
    """One group that stands flagged in one week; the category is a kind of barrier or `low_response`."""

    week: int
    scope_type: str
    scope_id: str
    category: str
    grade: str
    probability: float = 0.0
    by_reports: bool = False


def detect(history: History, limits: Limits = USUAL_LIMITS) -> Iterator[Flag]:
    """Yield every flag of every week, in order of weeks; `limits` are the company's k and least reporters."""
    watches = [_Watch(groups, limits) for groups in history.groups]
    periods = {period.week: period for period in history.periods}
    named: frozenset[Cell] = frozenset()
    for week in range(history.weeks):
        if week in periods:
            named = named_cells(periods[week], limits)
        for watch in watches:
            watch.advance(week)
        if week >= FIRST_WEEK:
            _open(watches, week)
        yield from _absorbed(list(_standing(watches, named, week)), history.parents)


class _Watch:
    """The groups of one sort: what the filters believe, and which flags stand."""

    def __init__(self, groups: Groups, limits: Limits) -> None:
        answers, use = STREAMS[groups.scope_type]
        self.groups = groups
        self._k = limits.k
        self._answers = Natures(len(groups.ids), answers)
        self._use = Natures(len(groups.ids), replace(use, reach=0.0))
        self._both = Joint(len(groups.ids), (answers, use))
        self.grades: NDArray[np.int8] = np.zeros(len(groups.ids), dtype=np.int8)  # 0 none, 1 early, 2 confirmed
        self.probability: Floats = np.zeros(len(groups.ids))

    def advance(self, week: int) -> None:
        """Learn from a week, and let flags end that are over."""
        groups = self.groups
        answers = _week(groups, groups.asked, groups.answered, week)
        self._answers.advance(answers)
        self.probability = self._answers.best.barrier
        if groups.usable is not None and groups.used is not None:
            self._add_use(answers, _week(groups, groups.usable, groups.used, week))
        floor = np.where(self.grades == 2, OVER_CONFIRMED, OVER_EARLY)
        self.grades[(self.probability < floor) | ~self._is_large(week)] = 0

    def _add_use(self, answers: Week | None, use: Week | None) -> None:
        self._use.advance(use)
        alone, in_use = self._answers.best, self._use.best
        joint = self._both.advance((answers, use), like=(alone, in_use))
        # Where barriers do not show in use, use only blurs: the company's own weeks tell which view foresees better.
        if joint.evidence > alone.evidence + in_use.evidence:
            self.probability = joint.barrier

    def may_open(self, week: int) -> Bools:
        """Return which groups have no confirmed flag and enough people to be spoken of."""
        return self._is_large(week) & (self.grades < 2)

    def _is_large(self, week: int) -> Bools:
        members = self.groups.members
        is_large: Bools = np.minimum(members[:, week], members[:, max(0, week - 3)]) >= self._k
        return is_large


def _week(groups: Groups, trials: Floats, successes: Floats, week: int) -> Week | None:
    asked, got = trials[:, week], successes[:, week]
    if not asked.sum():
        return None
    if groups.rows is not None and groups.columns is not None:
        return Week(asked, got, two_way_rates(asked, got, rows=groups.rows, columns=groups.columns))
    return Week(asked, got, company_rates(asked, got))


def _open(watches: Sequence[_Watch], week: int) -> None:
    """Open the week's new flags over all sorts of groups, the likeliest first."""
    for grade, least, false_share in ((2, SURE, FALSE_CONFIRMED), (1, LIKELY, FALSE_EARLY)):
        found = [
            (float(watch.probability[place]), watch, int(place))
            for watch in watches
            for place in np.nonzero(watch.may_open(week) & (watch.grades < grade) & (watch.probability >= least))[0]
        ]
        doubt = 0.0
        for count, (probability, watch, place) in enumerate(sorted(found, key=lambda one: -one[0]), start=1):
            doubt += 1 - probability
            if doubt / count > false_share:
                break
            watch.grades[place] = grade


def _standing(watches: Iterable[_Watch], named: frozenset[Cell], week: int) -> Iterator[Flag]:
    kinds: dict[tuple[str, str], list[str]] = {}
    for cell in sorted(named, key=lambda cell: (cell.scope_type, cell.scope_id, cell.kind)):
        kinds.setdefault((cell.scope_type, cell.scope_id), []).append(cell.kind)
    for watch in watches:
        scope_type = watch.groups.scope_type
        for place, scope_id in enumerate(watch.groups.ids):
            probability = float(watch.probability[place])
            for kind in kinds.get((scope_type, scope_id), ()):
                yield Flag(week, scope_type, scope_id, kind, CONFIRMED, probability, by_reports=True)
            if watch.grades[place] and (scope_type, scope_id) not in kinds:
                grade = CONFIRMED if watch.grades[place] == 2 else EARLY
                yield Flag(week, scope_type, scope_id, LOW_RESPONSE, grade, probability)


def _absorbed(flags: Sequence[Flag], parents: Mapping[str, tuple[str, ...]]) -> Iterator[Flag]:
    """Leave out what a named flag of the whole says already: a team's silence, and the same kind."""
    said = {(flag.scope_id, flag.category) for flag in flags if flag.scope_type != "team" and flag.by_reports}
    speaking = {scope_id for scope_id, _ in said}
    for flag in flags:
        above = parents.get(flag.scope_id, ()) if flag.scope_type == "team" else ()
        is_said = any((one, flag.category) in said for one in above)
        is_silence = flag.category == LOW_RESPONSE and any(one in speaking for one in above)
        if not (is_said or is_silence):
            yield flag
