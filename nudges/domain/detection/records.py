"""From people and weeks to counts of groups: this module and `closing` are where the detector's data name persons.

Whoever moves, comes or leaves within a period counts only in the groups that hold them since its beginning, so that
what differs between two weeks is never about the few who changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.filter import Floats
from nudges.domain.detection.history import PERIOD_WEEKS, SCOPE_TYPES, Groups
from nudges.domain.measuring.disclosure import SMALLEST_K

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


def groups_of(records: Records) -> list[Groups]:
    """Return what each sort of group did in each week."""
    since = {one: _since_the_beginning(records.member_of[one]) for one in SCOPE_TYPES}
    return [_groups(records, one, since) for one in SCOPE_TYPES]


def _since_the_beginning(member_of: Places) -> Places:
    """Return who belongs where, without those who did not stand there when the week's period began."""
    weeks = np.arange(member_of.shape[1])
    at_first = member_of[:, weeks - weeks % PERIOD_WEEKS]
    return np.where(member_of == at_first, member_of, np.int32(NOWHERE))


def _groups(records: Records, scope_type: str, since: Mapping[str, Places]) -> Groups:
    is_team = scope_type == "team"
    works = np.ones(records.asked.shape, dtype=bool) if is_team else ~_resting(records)
    member_of, count = since[scope_type], len(records.names[scope_type])

    def by_group(values: NDArray[np.generic]) -> Floats:
        return np.stack(list(_by_week(member_of, values, count)), axis=1)

    members = by_group(np.ones(records.asked.shape, dtype=np.uint8))
    is_large = members >= SMALLEST_K  # of fewer people nothing is counted at all
    asked = by_group(records.asked * works) * is_large
    return Groups(
        scope_type,
        tuple(records.names[scope_type]),
        members=members * is_large,
        asked=asked,
        # What is answered a week late counts in its own week, which then may have more answers than questions.
        answered=np.minimum(by_group(records.answered * works), asked),
        usable=by_group(works * DAYS) * is_large if records.used is not None else None,
        used=by_group(np.minimum(records.used, DAYS) * works) * is_large if records.used is not None else None,
        rows=_homes(records, since, "department") if is_team else None,
        columns=_homes(records, since, "place") if is_team else None,
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


def _homes(records: Records, since: Mapping[str, Places], scope_type: str) -> NDArray[np.intp]:
    """Return for each team and week the department or the place of most of its people; -1 where they have none."""
    teams, count, size = since["team"], len(records.names["team"]), max(len(records.names[scope_type]), 1)
    homes = np.full((count, records.weeks), NOWHERE, dtype=np.intp)
    for week in range(records.weeks):
        there = records.member_of[scope_type][:, week]
        both = (teams[:, week] != NOWHERE) & (there != NOWHERE)
        pairs = teams[both, week].astype(np.int64) * size + there[both]
        counts = np.bincount(pairs, minlength=count * size).reshape(count, size)
        homes[:, week] = np.where(counts.sum(axis=1) > 0, counts.argmax(axis=1), NOWHERE)
    return homes
