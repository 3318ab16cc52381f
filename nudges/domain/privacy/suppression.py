"""What stands beside what: this module chooses the counts of one kind that may be shown together (P1 to P5).

A whole and its parts are subtracted by anybody who reads both. So the people who are left of a visible whole when its
visible parts are taken away do not count at all while they are too few, or too few of them said it: everything shown is
then the same as if they had said nothing. What all counts together would still give away is found by the audit; there
the whole is hidden.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.measuring.disclosure import UNNAMED_LEFT
from nudges.domain.privacy.audit import exposed_in
from nudges.domain.privacy.groups import Groups
from nudges.domain.privacy.limits import Limits

# Each way in which people divide a whole in their heads; teams beside departments, where one of the latter is hidden.
DIVISIONS = (
    (ScopeType.DEPARTMENT,),
    (ScopeType.PLACE,),
    (ScopeType.TEAM,),
    (ScopeType.DEPARTMENT, ScopeType.TEAM),
    (ScopeType.PLACE, ScopeType.TEAM),
)


@dataclass(frozen=True)
class Counted:
    """The groups of which a count is shown, and whose word is in these counts."""

    visible: frozenset[Scope]
    speakers: frozenset[str]


def counted(reporters: Iterable[str], groups: Groups, *, among: Iterable[Scope], limits: Limits) -> Counted:
    """Return which of these groups are shown for one kind, and who counts; showing fewer of them does no harm."""
    everybody = frozenset().union(*groups.members.values())
    speakers = everybody.intersection(reporters)
    # Looked at before anybody is left out: nothing is shown of a group in which nearly everybody said it.
    possible = candidates = frozenset(scope for scope in among if len(groups.members[scope] - speakers) >= UNNAMED_LEFT)
    while True:
        visible = frozenset(
            scope
            for scope in candidates
            if limits.may_show(len(groups.members[scope]), len(groups.members[scope] & speakers))
        )
        left = list(_left(visible, groups, limits.k))
        if too_few := _too_few(left, speakers, limits):
            # From the beginning: what was hidden because of them must not tell of them.
            speakers, candidates = speakers - too_few, possible
            continue
        below = frozenset(scope for scope in candidates - visible if len(groups.members[scope] & speakers) < limits.r)
        exposed = exposed_in(visible, speakers, groups, below=below, left=left, limits=limits)
        if exposed is None:
            return Counted(visible, speakers)
        candidates -= {exposed}


def _too_few(left: Iterable[frozenset[str]], speakers: frozenset[str], limits: Limits) -> frozenset[str]:
    """Return who said it and is left over in too small a number."""
    heard = ((people, people & speakers) for people in left)
    return next((few for people, few in heard if few and not limits.is_harmless(len(people), len(few))), frozenset())


def _left(visible: frozenset[Scope], groups: Groups, k: int) -> Iterator[frozenset[str]]:
    """Yield who is left of each visible whole without its visible parts, the widest first, divided in each way."""
    for whole in sorted(visible, key=lambda scope: (-len(groups.members[scope]), scope.type, scope.scope_id)):
        inside = groups.members[whole]
        for types in DIVISIONS:
            parts = [groups.members[scope] for scope in visible if scope.type in types and scope != whole]
            if taken := [part for part in parts if _lies_in(part, inside, k)]:
                yield inside.difference(*taken)


def _lies_in(part: frozenset[str], whole: frozenset[str], k: int) -> bool:
    """Return whether it would be subtracted: all of it is in the whole, or so much that nobody minds the others.

    A part that holds its whole leaves nothing over: it is the wider of the two.
    """
    return bool(part & whole) and not part >= whole and len(part - whole) < k
