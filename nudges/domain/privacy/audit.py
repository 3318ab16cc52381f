"""What all that is visible together gives away: this module is the audit before a publication (P5).

Whoever reads the bands, knows who works where and knows these rules can work out the fewest and the most of any hidden
people who may have said it: between nobody and all of each sort of like people, such that every visible band holds and
every group that is not shown stays below r, and that what is left of a whole beside its visible parts is nobody or
enough. Hidden people are exposed when they must hold somebody and cannot hold r,
or when all of them must have said it. The bounds are found by linear programmes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.measuring.disclosure import UNNAMED_LEFT
from nudges.domain.privacy.groups import Groups
from nudges.domain.privacy.limits import Limits, spoken_limits

PARTING = (ScopeType.DEPARTMENT, ScopeType.PLACE, ScopeType.TEAM)
NEARLY = 1e-6

Sort = frozenset[Scope]  # all groups a person stands in: within a sort nobody can tell people apart
Sorts = tuple[int, ...]  # by their places in the list


@dataclass(frozen=True)
class _Crowd:
    """How many people of each sort there are, and how many of them said it."""

    sorts: Sequence[Sort]
    people: Sequence[int]
    speakers: Sequence[int]
    sort_of: Mapping[str, Sort]

    def of(self, scope: Scope) -> Sorts:
        return tuple(place for place, sort in enumerate(self.sorts) if scope in sort)


@dataclass(frozen=True)
class _Known:
    """What is known of how many said it among some sorts of people."""

    sorts: Sorts
    least: int
    most: int


@dataclass(frozen=True)
class _Hidden:
    """People of a visible whole who are not shown: those of one part, or of no part."""

    whole: Scope
    sorts: Sorts


def exposed_in(
    visible: frozenset[Scope],
    speakers: frozenset[str],
    groups: Groups,
    *,
    below: Iterable[Scope],
    left: Iterable[frozenset[str]],
    limits: Limits,
) -> Scope | None:
    """Return a visible whole of which hidden people are given away, or None.

    The groups `below` are known to stay below r, and those who are `left` beside visible parts to be enough.
    """
    crowd = _crowd(speakers, groups)
    # The narrowest first: it is the one that gives its parts away.
    shown = sorted(visible, key=lambda scope: (len(groups.members[scope]), scope.type, scope.scope_id))
    hidden = [one for whole in shown for one in _hidden_of(whole, visible, crowd) if _sum(crowd.speakers, one.sorts)]
    if not hidden:
        return None
    known = [_spoken(scope, crowd, limits) for scope in shown]
    silent = [_Known(crowd.of(scope), 0, limits.r - 1) for scope in below]
    enough = [_enough(people, crowd, limits) for people in left if people & speakers]
    reader = _Reader(crowd.people, [*known, *silent, *enough])
    for one in () if reader.finds_nobody(hidden) else reader.never_nobody(hidden):
        least, most = reader.bounds(one.sorts)
        if 0 < least <= most < limits.r or least >= _sum(crowd.people, one.sorts):
            return one.whole
    return None


class _Reader:
    """Somebody who puts together all that is known."""

    def __init__(self, people: Sequence[int], known: Sequence[_Known]) -> None:
        self._people = people
        self._known = known

    def finds_nobody(self, hidden: Sequence[_Hidden]) -> bool:
        """Return whether none of them need have said it, by one simple case; that it does not agree proves nothing.

        The narrowest that is known is filled first, without those who are hidden, and what comes out is held against
        everything: most publications need no linear programme.
        """
        spared = {place for one in hidden for place in one.sorts}
        case = [0] * len(self._people)
        for known in sorted(self._known, key=lambda one: len(one.sorts)):
            missing = known.least - _sum(case, known.sorts)
            for place in known.sorts:
                more = 0 if place in spared else max(0, min(missing, self._people[place] - case[place]))
                case[place], missing = case[place] + more, missing - more
        return all(known.least <= _sum(case, known.sorts) <= known.most for known in self._known)

    def never_nobody(self, hidden: Sequence[_Hidden]) -> Sequence[_Hidden]:
        """Return those who hold somebody in every case that was tried; each case clears as many as it can."""
        while hidden:
            weights = Counter(place for one in hidden for place in one.sorts)
            case = self._least(weights)
            left = [one for one in hidden if _sum(case, one.sorts) > NEARLY]
            if len(left) == len(hidden):
                break
            hidden = left
        return hidden

    def bounds(self, sorts: Sorts) -> tuple[int, int]:
        """Return the fewest and the most of these people who may have said it."""
        least = self._least(dict.fromkeys(sorts, 1))
        most = self._least(dict.fromkeys(sorts, -1))
        return ceil(_sum(least, sorts) - NEARLY), floor(_sum(most, sorts) + NEARLY)

    def _least(self, weights: Mapping[int, int]) -> Sequence[float]:
        """Return the case in which the weighted sum is smallest, as people of each sort who said it."""
        import numpy as np
        from scipy.optimize import linprog  # takes a second to load, and is seldom asked

        wanted = np.zeros(len(self._people))
        for place, weight in weights.items():
            wanted[place] = weight
        rows, least, most = self._rows()
        limits = {"A_ub": _stacked(rows), "b_ub": np.concatenate([most, -least])}
        found = linprog(wanted, **limits, bounds=np.array([(0, count) for count in self._people]), method="highs")
        return list(found.x)

    def _rows(self) -> Any:
        import numpy as np
        from scipy.sparse import csr_array

        where = [(row, place) for row, known in enumerate(self._known) for place in known.sorts]
        rows, places = zip(*where, strict=True)
        shape = (len(self._known), len(self._people))
        matrix = csr_array((np.ones(len(where)), (rows, places)), shape=shape)
        return matrix, np.array([one.least for one in self._known]), np.array([one.most for one in self._known])


def _stacked(rows: Any) -> Any:
    from scipy.sparse import vstack

    return vstack([rows, -rows])


def _crowd(speakers: frozenset[str], groups: Groups) -> _Crowd:
    standing: dict[str, list[Scope]] = {}
    for scope, members in groups.members.items():
        for person_key in members:
            standing.setdefault(person_key, []).append(scope)
    sort_of = {person_key: frozenset(scopes) for person_key, scopes in standing.items()}
    people = Counter(sort_of.values())
    heard = Counter(sort_of[one] for one in speakers if one in sort_of)
    return _Crowd(list(people), list(people.values()), [heard[sort] for sort in people], sort_of)


def _hidden_of(whole: Scope, visible: frozenset[Scope], crowd: _Crowd) -> Iterator[_Hidden]:
    """Yield, for each way of dividing it, the parts of a whole that are not shown; those in no part are one more."""
    inside = crowd.of(whole)
    for type_ in PARTING:
        parts: dict[Scope | None, list[int]] = {}
        for place in inside:
            part = next((scope for scope in crowd.sorts[place] if scope.type == type_), None)
            parts.setdefault(part, []).append(place)
        hidden = (places for part, places in parts.items() if part not in visible and len(places) < len(inside))
        yield from (_Hidden(whole, tuple(places)) for places in hidden)


def _spoken(scope: Scope, crowd: _Crowd, limits: Limits) -> _Known:
    sorts = crowd.of(scope)
    words = limits.band(_sum(crowd.speakers, sorts))
    return _Known(sorts, *spoken_limits(words, limits, _sum(crowd.people, sorts)))


def _enough(left: frozenset[str], crowd: _Crowd, limits: Limits) -> _Known:
    found = {crowd.sort_of[one] for one in left}
    sorts = tuple(place for place, sort in enumerate(crowd.sorts) if sort in found)
    return _Known(sorts, limits.r, len(left) - UNNAMED_LEFT)


def _sum(counts: Sequence[Any], sorts: Sorts) -> Any:
    return sum(counts[place] for place in sorts)
