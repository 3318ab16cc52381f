"""From people and weeks to counts of groups: this module is the only place where the detector's data name persons."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.filter import Floats
from nudges.domain.detection.history import (
    PERIOD_WEEKS,
    SCOPE_TYPES,
    WINDOW_PERIODS,
    Cell,
    ClosedPeriod,
    Groups,
    History,
)

NOWHERE = -1
DAYS = 5.0  # a working week
Places = NDArray[np.int32]
Counts = NDArray[np.uint8]


@dataclass(frozen=True)
class Report:
    """One person's own word in one week: a tap, or a guess that they confirmed."""

    week: int
    person: int
    kind: str


@dataclass(frozen=True)
class Records:
    """People x weeks: which team, department and place each belonged to (-1: to none), and what was counted.

    `names` gives for each sort of group the names in the order of those numbers; `rest` are announced holiday weeks as
    (week, place), `used` the active days of a week, None where no usage is known.
    """

    names: Mapping[str, Sequence[str]]
    member_of: Mapping[str, Places]
    asked: Counts
    answered: Counts
    used: Counts | None
    reports: Sequence[Report]
    rest: frozenset[tuple[int, int]] = frozenset()

    @property
    def weeks(self) -> int:
        """Return how many weeks there are."""
        return int(self.asked.shape[1])


def history_of(records: Records) -> History:
    """Return what the detector may see."""
    homes = _homes(records)
    groups = [_groups(records, scope_type, homes) for scope_type in SCOPE_TYPES]
    ends = range(PERIOD_WEEKS, records.weeks + 1, PERIOD_WEEKS)
    periods = [_closed(records, end) for end in ends]
    department, place = (records.names[one] for one in ("department", "place"))
    parents = {
        team: tuple(names[home] for names, home in ((department, row), (place, column)) if home != NOWHERE)
        for team, row, column in zip(records.names["team"], homes["department"], homes["place"], strict=True)
    }
    return History(records.weeks, groups, periods, parents)


def _homes(records: Records) -> Mapping[str, NDArray[np.intp]]:
    """Return the department and the place where most of each team's people belong, over all weeks."""
    teams = records.member_of["team"]
    is_in_team = teams != NOWHERE
    homes = {}
    for scope_type in ("department", "place"):
        size = max(len(records.names[scope_type]), 1)
        both = is_in_team & (records.member_of[scope_type] != NOWHERE)
        pairs = teams[both].astype(np.int64) * size + records.member_of[scope_type][both]
        counts = np.bincount(pairs, minlength=len(records.names["team"]) * size).reshape(-1, size)
        homes[scope_type] = np.where(counts.sum(axis=1) > 0, counts.argmax(axis=1), NOWHERE)
    return homes


def _groups(records: Records, scope_type: str, homes: Mapping[str, NDArray[np.intp]]) -> Groups:
    is_team = scope_type == "team"
    works = np.ones(records.asked.shape, dtype=bool) if is_team else ~_resting(records)
    member_of, count = records.member_of[scope_type], len(records.names[scope_type])

    def by_group(values: NDArray[np.generic]) -> Floats:
        return np.stack(list(_by_week(member_of, values, count)), axis=1)

    asked = by_group(records.asked * works)
    return Groups(
        scope_type,
        tuple(records.names[scope_type]),
        members=by_group(np.ones(records.asked.shape, dtype=np.uint8)),
        asked=asked,
        # What is answered a week late counts in its own week, which then may have more answers than questions.
        answered=np.minimum(by_group(records.answered * works), asked),
        usable=by_group(works * DAYS) if records.used is not None else None,
        used=by_group(np.minimum(records.used, DAYS) * works) if records.used is not None else None,
        rows=np.maximum(homes["department"], 0) if is_team else None,
        columns=np.maximum(homes["place"], 0) if is_team else None,
    )


def _by_week(member_of: Places, values: NDArray[np.generic], count: int) -> Iterator[Floats]:
    for week in range(member_of.shape[1]):
        belongs = member_of[:, week] != NOWHERE
        yield np.bincount(member_of[belongs, week], values[belongs, week], count).astype(np.float64)


def _resting(records: Records) -> NDArray[np.bool_]:
    """Return who has an announced holiday in which week; departments and places are judged by the others."""
    resting = np.zeros(records.asked.shape, dtype=bool)
    for week, place in records.rest:
        if week < records.weeks:
            resting[records.member_of["place"][:, week] == place, week] = True
    return resting


def _closed(records: Records, end: int) -> ClosedPeriod:
    begin = max(0, end - PERIOD_WEEKS * WINDOW_PERIODS)
    told = [report for report in records.reports if begin <= report.week < end]
    company: dict[str, set[int]] = defaultdict(set)
    for report in told:
        company[report.kind].add(report.person)
    reporters: dict[Cell, set[int]] = defaultdict(set)
    for scope_type in SCOPE_TYPES:
        for report, group in _placed(records, scope_type, told):
            reporters[Cell(scope_type, records.names[scope_type][group], report.kind)].add(report.person)
    members = {
        (scope_type, records.names[scope_type][group]): int(size)
        for scope_type in SCOPE_TYPES
        for group, size in enumerate(_stayed(records, scope_type, end))
    }
    return ClosedPeriod(
        end,
        {cell: len(people) for cell, people in reporters.items()},
        members,
        {kind: len(people) for kind, people in company.items()},
        int((records.member_of["team"][:, end - 1] != NOWHERE).sum()),
    )


def _placed(records: Records, scope_type: str, told: Iterable[Report]) -> Iterator[tuple[Report, int]]:
    """Give each report its group: the one that held the person at both ends of the report's period."""
    member_of = records.member_of[scope_type]
    for report in told:
        first = report.week - report.week % PERIOD_WEEKS
        at_first, at_last = member_of[report.person, [first, min(first + PERIOD_WEEKS, records.weeks) - 1]]
        if at_first == at_last != NOWHERE:
            yield report, int(at_first)


def _stayed(records: Records, scope_type: str, end: int) -> NDArray[np.intp]:
    member_of = records.member_of[scope_type]
    last = member_of[:, end - 1]
    stayed = (last != NOWHERE) & (last == member_of[:, end - PERIOD_WEEKS])
    return np.bincount(last[stayed], minlength=len(records.names[scope_type]))
