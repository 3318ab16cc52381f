"""From who stands where to the detector's arrays and back: this module is the bridge between the app and the filter.

The app knows people by keyed hashes and groups by names; the detector knows both by numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from nudges.domain.barriers.barriers import Belonging, Memberships
from nudges.domain.barriers.weekly_counts import WeeklyCount
from nudges.domain.detection.closing import closed_period
from nudges.domain.detection.filter import Floats
from nudges.domain.detection.history import PERIOD_WEEKS, SCOPE_TYPES, ClosedPeriod, Groups
from nudges.domain.detection.records import NOWHERE, Places, Records, Report, groups_of
from nudges.domain.playbooks.comparing import plain

Said = tuple[str, str]  # who, and which kind


@dataclass(frozen=True)
class Doings:
    """What people were asked, answered and used in one week, by keyed hash; `used` is None where nothing is known."""

    asked: Mapping[str, int]
    answered: Mapping[str, int]
    used: Mapping[str, int] | None = None
    resting: frozenset[str] = field(default_factory=frozenset)  # places with an announced holiday, as they compare


@dataclass(frozen=True)
class Period:
    """A closed period: who stood where at its ends, and who said what in it."""

    at_start: Memberships
    at_end: Memberships
    said: Sequence[Said]


def count_week(week: int, *, at_start: Memberships, now: Memberships, did: Doings) -> list[WeeklyCount]:
    """Return what each group did in a week; `at_start` is where everybody stood when the week's period began."""
    people = list(at_start)
    names, member_of = _placed(people, (at_start, now))
    records = Records(
        names,
        member_of,
        _column(people, did.asked),
        _column(people, did.answered),
        _column(people, did.used) if did.used is not None else None,
        [],
        frozenset((1, number) for number, name in enumerate(names["place"]) if plain(name) in did.resting),
    )
    return [count for groups in groups_of(records) for count in _counts(week, groups, names)]


def close(periods: Sequence[Period]) -> ClosedPeriod:
    """Return what was said in these periods, the last of which has just ended."""
    people = sorted({key for one in periods for key in (*one.at_start, *one.at_end, *(who for who, _ in one.said))})
    weeks = [end for one in periods for end in (*[one.at_start] * (PERIOD_WEEKS - 1), one.at_end)]
    names, member_of = _placed(people, weeks)
    number = {key: place for place, key in enumerate(people)}
    reports = [
        Report(PERIOD_WEEKS * place, number[who], kind) for place, one in enumerate(periods) for who, kind in one.said
    ]
    nothing = np.zeros((len(people), len(weeks)), dtype=np.uint8)
    return closed_period(Records(names, member_of, nothing, nothing, None, reports), len(weeks))


def groups_from(counts: Iterable[WeeklyCount], *, first: int, weeks: int) -> list[Groups]:
    """Return the arrays of so many weeks from the `first` on."""
    found: dict[str, list[WeeklyCount]] = {one: [] for one in SCOPE_TYPES}
    for count in counts:
        found[count.scope_type].append(count)
    ids = {one: sorted({count.scope_id for count in found[one]}) for one in SCOPE_TYPES}
    homes = {one: {plain(name): number for number, name in enumerate(ids[one])} for one in ("department", "place")}
    return [_groups(one, ids[one], found[one], homes, first=first, weeks=weeks) for one in SCOPE_TYPES]


def _groups(
    scope_type: str,
    ids: Sequence[str],
    counts: Sequence[WeeklyCount],
    homes: Mapping[str, Mapping[str, int]],
    *,
    first: int,
    weeks: int,
) -> Groups:
    number = {scope_id: place for place, scope_id in enumerate(ids)}
    where = (np.array([number[one.scope_id] for one in counts], dtype=np.intp), np.array([one.week for one in counts]))
    cells = (where[0], (where[1] - first).astype(np.intp))

    def by_group(name: str) -> Floats:
        values = np.zeros((len(ids), weeks))
        values[cells] = np.fromiter(map(attrgetter(name), counts), dtype=np.float64, count=len(counts))
        return values

    def home(name: str) -> NDArray[np.intp]:
        numbers = np.full((len(ids), weeks), NOWHERE, dtype=np.intp)
        numbers[cells] = [homes[name].get(plain(getattr(one, name)), NOWHERE) for one in counts]
        return numbers

    is_team, has_usage = scope_type == "team", any(one.usable for one in counts)
    return Groups(
        scope_type,
        tuple(ids),
        members=by_group("members"),
        asked=by_group("asked"),
        answered=by_group("answered"),
        usable=by_group("usable") if has_usage else None,
        used=by_group("used") if has_usage else None,
        rows=home("department") if is_team else None,
        columns=home("place") if is_team else None,
    )


def _placed(people: Sequence[str], weeks: Sequence[Memberships]) -> tuple[dict[str, list[str]], dict[str, Places]]:
    """Return the names of all groups, and for each person and week the number of theirs."""
    names: dict[str, list[str]] = {}
    member_of: dict[str, Places] = {}
    for scope_type in SCOPE_TYPES:
        spelled = _spellings(weeks, scope_type)
        number = {key: place for place, key in enumerate(spelled)}
        names[scope_type] = list(spelled.values())
        columns = {id(one): _column_of(people, one, scope_type, number) for one in weeks}
        member_of[scope_type] = np.stack([columns[id(one)] for one in weeks], axis=1)
    return names, member_of


def _spellings(weeks: Sequence[Memberships], scope_type: str) -> dict[str, str]:
    """Return the groups as they compare, each with its name: written in two ways it is one, and the first names it."""
    written = {name for one in weeks for name in map(attrgetter(scope_type), one.values()) if name}
    found: dict[str, str] = {}
    for name in sorted(written):
        found.setdefault(plain(name), name)
    return dict(sorted(found.items()))


def _column_of(people: Sequence[str], where: Memberships, scope_type: str, number: Mapping[str, int]) -> Places:
    nowhere = Belonging()
    keys: dict[str, int] = {"": NOWHERE}
    column = np.empty(len(people), dtype=np.int32)
    for place, person in enumerate(people):
        name = getattr(where.get(person, nowhere), scope_type)
        if name not in keys:
            keys[name] = number[plain(name)]
        column[place] = keys[name]
    return column


def _column(people: Sequence[str], counts: Mapping[str, int]) -> NDArray[np.uint8]:
    """Return counts by person as the second of two weeks; the first one is only there to tell who has moved."""
    values = np.zeros((len(people), 2), dtype=np.uint8)
    values[:, 1] = [min(counts.get(person, 0), 255) for person in people]
    return values


def _counts(week: int, groups: Groups, names: Mapping[str, Sequence[str]]) -> Iterator[WeeklyCount]:
    for place in np.nonzero(groups.members[:, 1])[0]:
        yield WeeklyCount(
            week,
            groups.scope_type,
            groups.ids[place],
            int(groups.members[place, 1]),
            int(groups.asked[place, 1]),
            int(groups.answered[place, 1]),
            int(groups.usable[place, 1]) if groups.usable is not None else 0,
            int(groups.used[place, 1]) if groups.used is not None else 0,
            _name(names["department"], groups.rows, place),
            _name(names["place"], groups.columns, place),
        )


def _name(names: Sequence[str], homes: NDArray[np.intp] | None, place: np.intp) -> str:
    return names[homes[place, 1]] if homes is not None and homes[place, 1] != NOWHERE else ""
