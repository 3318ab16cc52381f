"""A reader who replays the program for every possible world: this module looks at all worlds of small companies.

Whoever knows the rules can ask of each world whether it would have been published like this, and what all of those
that would have in common: then they know it. Nobody may be known to be among a few.
"""

from collections import defaultdict
from itertools import combinations, product

import pytest

from nudges.domain.barriers.barriers import Belonging
from nudges.domain.privacy.groups import groups_of as groups_in
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.suppression import counted
from tests.privacy.attacker import Name, groups_of, partitions
from tests.soak import IS_LONG

LIMITS = Limits()
Sort = tuple[str, str, str, int]  # team, department, place, how many people
World = tuple[int, ...]  # how many of each sort said it
Told = frozenset[tuple[Name, str]]  # the visible groups with their bands

SMALL: list[list[Sort]] = [[("a", "d", "", 8), ("b", "d", "", 8)]]
LARGER: list[list[Sort]] = [
    [("a", "d", "", 8), ("b", "d", "", 8), ("", "d", "", 2)],
    [("a", "d", "", 8), ("b", "d", "", 8), ("c", "e", "", 7)],
    [("a", "d", "p", 5), ("a", "d", "q", 4), ("b", "d", "p", 3), ("b", "d", "q", 6)],
]


@pytest.mark.parametrize("sorts", [*SMALL, *(LARGER if IS_LONG else [])])
def test_no_reader_of_the_program_knows_a_few_who_said_it(sorts: list[Sort]) -> None:
    people = [[f"{place}-{number}" for number in range(sort[3])] for place, sort in enumerate(sorts)]
    where = {one: Belonging(*sort[:3]) for sort, group in zip(sorts, people, strict=True) for one in group}
    places = {one: place for place, group in enumerate(people) for one in group}
    groups = groups_of(where, where)
    for told, worlds in _published(where, people).items():
        visible = frozenset(name for name, _ in told)
        hidden = (part for whole in visible for part in _hidden(whole, visible, groups))
        for part in {frozenset(places[one] for one in union) for union in hidden}:
            counts = [sum(world[place] for place in part) for world in worlds]
            size = sum(sorts[place][3] for place in part)
            assert not 1 <= min(counts) <= max(counts) < LIMITS.r, (visible, part)
            assert min(counts) < size, (visible, part)


def _published(where: dict[str, Belonging], people: list[list[str]]) -> dict[Told, list[World]]:
    """Return what would be published, and in which worlds; like people are told apart by nobody."""
    groups, found = groups_in(where, where), defaultdict[Told, list[World]](list)
    among = [scope for scope, members in groups.members.items() if len(members) >= LIMITS.k]
    for world in product(*(range(len(group) + 1) for group in people)):
        said = [one for group, count in zip(people, world, strict=True) for one in group[:count]]
        one = counted(said, groups, among=among, limits=LIMITS)
        told = ((scope, LIMITS.band(len(groups.members[scope] & one.speakers))) for scope in one.visible)
        found[frozenset(((scope.type.value, scope.scope_id), band) for scope, band in told)].append(world)
    return found


def _hidden(whole: Name, visible: frozenset[Name], groups: dict[Name, frozenset[str]]) -> list[frozenset[str]]:
    found = []
    for parts in partitions(groups, whole):
        hidden = [members for name, members in parts.items() if name not in visible]
        unions = (frozenset().union(*some) for size in range(1, 4) for some in combinations(hidden, size))
        found += [union for union in unions if union and union != groups[whole]]
    return found
