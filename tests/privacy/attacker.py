"""Somebody who puts everything together: this module is an attacker who shares no code with what is attacked.

They know who works where, read every band, and solve integer programmes: the fewest and the most of any hidden people.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from nudges.domain.barriers.barriers import Belonging
from tests.privacy.companies import Standing

SPOKEN = {"5-9": (5, 9), "10-19": (10, 19), "20-49": (20, 49), "50+": (50, 10**6)}
LEVELS = {"company": (), "department": ("company",), "place": ("company",), "team": ("company", "department", "place")}
Name = tuple[str, str]  # what sort of group, and which
Members = frozenset[str]


@dataclass(frozen=True)
class Seen:
    """What somebody sees of one kind: the band of each visible group; and who stood in which group."""

    groups: Mapping[Name, Members]
    bands: Mapping[Name, str]
    r: int


def groups_of(at_start: Standing, at_end: Standing) -> dict[Name, Members]:
    """Return the groups with those who stood in them at both ends."""
    found: dict[Name, set[str]] = {}
    for person_key, before in at_start.items():
        after = at_end.get(person_key, Belonging())
        for name in names_of(before):
            if name in names_of(after):
                found.setdefault(name, set()).add(person_key)
    return {name: frozenset(people) for name, people in found.items()}


def names_of(belonging: Belonging) -> list[Name]:
    """Return the groups a person stands in."""
    if belonging == Belonging():
        return []
    found = [(level, getattr(belonging, level)) for level in ("department", "place", "team")]
    return [("company", ""), *(name for name in found if name[1])]


def partitions(groups: Mapping[Name, Members], whole: Name) -> Iterator[dict[Name, Members]]:
    """Yield each way of dividing a whole; those who stand in no part are one more."""
    for level, wholes in LEVELS.items():
        if whole[0] not in wholes:
            continue
        parts = {name: people for name, people in groups.items() if name[0] == level and people <= groups[whole]}
        rest = groups[whole].difference(*parts.values())
        yield parts | ({("rest", level): rest} if rest else {})


def hidden_unions(seen: Seen, most: int = 64) -> Iterator[tuple[Name, Members]]:
    """Yield each union of hidden parts of each visible whole, the small ones first."""
    for whole in seen.bands:
        for parts in partitions(seen.groups, whole):
            hidden = [people for name, people in parts.items() if name not in seen.bands and people]
            sizes = range(1, len(hidden) + 1)
            unions = (frozenset().union(*some) for size in sizes for some in combinations(hidden, size))
            for _, union in zip(range(most), unions, strict=False):
                if union != seen.groups[whole]:
                    yield whole, union


def bounds(
    looks: Sequence[Seen],
    people: Members,
    *,
    ways: Sequence[tuple[bool, ...]] = ((True,),),
    wanted: Sequence[tuple[bool, ...]] = ((True,),),
) -> tuple[int, int]:
    """Return the fewest and the most of these people who may have said it in one of the wanted ways.

    A way is in which of the looks somebody's word counts: whoever spoke in two spans that overlap counts in both.
    """
    rows = [(number, name, seen.groups[name]) for number, seen in enumerate(looks) for name in seen.bands]
    everybody = people.union(*(members for _, _, members in rows))
    sorts = Counter((one in people, *(one in members for _, _, members in rows)) for one in everybody)
    unknown = [(sort, way) for sort in sorts for way in ways]
    holds, least, most = [], [], []
    for place, (number, name, members) in enumerate(rows):
        low, high = SPOKEN[looks[number].bands[name]]
        holds.append([float(sort[place + 1] and way[number]) for sort, way in unknown])
        least.append(max(low, looks[number].r))
        most.append(min(high, len(members) - 2))
    for sort, count in sorts.items():  # nobody speaks in two ways
        holds.append([float(one == sort) for one, _ in unknown])
        least.append(0)
        most.append(count)
    aim = np.array([float(sort[0] and way in wanted) for sort, way in unknown])
    ends = [_solved(sign * aim, LinearConstraint(np.array(holds), least, most)) for sign in (1, -1)]
    return ends[0], -ends[1]


def _solved(aim: Any, constraint: LinearConstraint) -> int:
    found = milp(aim, integrality=np.ones(len(aim)), bounds=Bounds(0, np.inf), constraints=constraint)
    assert found.success, "what is shown contradicts itself"
    count: int = round(found.fun)
    return count
