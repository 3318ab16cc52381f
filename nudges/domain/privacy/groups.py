"""Who counts where: this module is the fixed list of groups of a company in one closed period.

A group is the company, a department, a team or a place, and nothing else: no crossing of two and no filter, since a cut
of one's own choice can be moved until it holds one person (P9). Whoever moved, came or left within the period counts
only where they stood at both its ends (P8).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nudges.domain.barriers.barriers import Belonging, Memberships, Scope, ScopeType
from nudges.domain.playbooks.comparing import plain

COMPANY = Scope(ScopeType.COMPANY, "")
NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Groups:
    """The groups of a period by their plain names, and how many people each lost or gained meanwhile."""

    members: Mapping[Scope, frozenset[str]]  # who stood there at both ends
    changed: Mapping[Scope, int]
    shown_as: Mapping[Scope, Scope]

    def of_type(self, *types: ScopeType) -> list[Scope]:
        """Return the groups of these types, in a fixed order."""
        return sorted((scope for scope in self.members if scope.type in types), key=_order)


def groups_of(at_start: Memberships, at_end: Memberships) -> Groups:
    """Return the groups of a period from where everybody stood at its ends; written in two ways it is one group."""
    before, after = _by_scope(at_start), _by_scope(at_end)
    scopes = sorted(before.keys() | after.keys(), key=_order)
    names = _names({**at_start, **at_end})
    return Groups(
        members={scope: before.get(scope, NOWHERE) & after.get(scope, NOWHERE) for scope in scopes},
        changed={scope: len(before.get(scope, NOWHERE) ^ after.get(scope, NOWHERE)) for scope in scopes},
        shown_as={scope: names.get(scope, scope) for scope in scopes},
    )


def plain_scope(scope: Scope) -> Scope:
    """Return the group as it is compared: however its name is written."""
    return Scope(scope.type, plain(scope.scope_id))


def scopes_of(belonging: Belonging) -> Iterator[Scope]:
    """Yield each group a person stands in, as it is written."""
    if belonging == Belonging():
        return
    yield COMPANY
    for type_ in (ScopeType.DEPARTMENT, ScopeType.PLACE, ScopeType.TEAM):
        if name := str(getattr(belonging, type_.value)):
            yield Scope(type_, name)


def _by_scope(memberships: Memberships) -> dict[Scope, frozenset[str]]:
    found: dict[Scope, set[str]] = {}
    plain_of: dict[Belonging, tuple[Scope, ...]] = {}  # thousands of people stand in the same few groups
    for person_key, belonging in memberships.items():
        if belonging not in plain_of:
            plain_of[belonging] = tuple(plain_scope(scope) for scope in scopes_of(belonging))
        for scope in plain_of[belonging]:
            found.setdefault(scope, set()).add(person_key)
    return {scope: frozenset(group) for scope, group in found.items()}


def _names(memberships: Memberships) -> dict[Scope, Scope]:
    # The first in order names a group that is written in two ways.
    written = sorted({scope for one in Counter(memberships.values()) for scope in scopes_of(one)}, key=_order)
    return {plain_scope(scope): scope for scope in reversed(written)}


def _order(scope: Scope) -> tuple[str, str]:
    return scope.type.value, scope.scope_id
