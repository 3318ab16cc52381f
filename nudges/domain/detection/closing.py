"""The end of a period: this module counts who said what in which group, from people and weeks.

A person counts in the group that held them at both ends of the period in which they said it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.history import (
    PERIOD_WEEKS,
    SCOPE_TYPES,
    WINDOW_PERIODS,
    Cell,
    ClosedPeriod,
    History,
    Loudest,
)
from nudges.domain.detection.records import NOWHERE, Places, Records, Report, groups_of


def history_of(records: Records) -> History:
    """Return what the detector may see."""
    ends = range(PERIOD_WEEKS, records.weeks + 1, PERIOD_WEEKS)
    return History(records.weeks, groups_of(records), [closed_period(records, end) for end in ends])


def closed_period(records: Records, end: int) -> ClosedPeriod:
    """Return what was said in the last three periods before the week `end`, with which the last of them is over."""
    begin = max(0, end - PERIOD_WEEKS * WINDOW_PERIODS)
    told = [report for report in records.reports if begin <= report.week < end]
    company: dict[str, set[int]] = defaultdict(set)
    for report in told:
        company[report.kind].add(report.person)
    stayed = {one: _stayed(records.member_of[one], end) for one in SCOPE_TYPES}
    reporters: dict[Cell, set[int]] = defaultdict(set)
    for scope_type in SCOPE_TYPES:
        for report, group in _placed(records.member_of[scope_type], told):
            reporters[Cell(scope_type, records.names[scope_type][group], report.kind)].add(report.person)
    return ClosedPeriod(
        end,
        {cell: len(people) for cell, people in reporters.items()},
        {key: size for one in SCOPE_TYPES for key, size in _sizes(records, one, stayed[one])},
        {kind: len(people) for kind, people in company.items()},
        int(np.any([where != NOWHERE for where in stayed.values()], axis=0).sum()),
        {
            cell: _loudest(sorted(people), stayed["team"], _inside(records, cell, stayed[cell.scope_type]))
            for cell, people in reporters.items()
            if cell.scope_type != "team"
        },
    )


def _placed(member_of: Places, told: Iterable[Report]) -> Iterator[tuple[Report, int]]:
    """Give each report its group: the one that held the person at both ends of the report's period."""
    weeks = member_of.shape[1]
    for report in told:
        first = report.week - report.week % PERIOD_WEEKS
        at_first, at_last = member_of[report.person, [first, min(first + PERIOD_WEEKS, weeks) - 1]]
        if at_first == at_last != NOWHERE:
            yield report, int(at_first)


def _stayed(member_of: Places, end: int) -> Places:
    """Return for each person the group that held them at both ends of the last period, or -1."""
    last = member_of[:, end - 1]
    return np.where(last == member_of[:, end - PERIOD_WEEKS], last, np.int32(NOWHERE))


def _sizes(records: Records, scope_type: str, stayed: Places) -> Iterator[tuple[tuple[str, str], int]]:
    names = records.names[scope_type]
    counts = np.bincount(stayed[stayed != NOWHERE], minlength=len(names))
    return (((scope_type, name), int(size)) for name, size in zip(names, counts, strict=True))


def _inside(records: Records, cell: Cell, stayed: Places) -> NDArray[np.bool_]:
    return np.asarray(stayed == list(records.names[cell.scope_type]).index(cell.scope_id))


def _loudest(people: list[int], team_of: Places, is_inside: NDArray[np.bool_]) -> Loudest:
    teams = team_of[people]
    if not (teams != NOWHERE).any():
        return Loudest(0, 0)
    counts = np.bincount(teams[teams != NOWHERE])
    team = int(counts.argmax())
    return Loudest(int(counts[team]), int((is_inside & (team_of == team)).sum()))
