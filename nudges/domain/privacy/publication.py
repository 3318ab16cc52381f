"""What is published of a closed period, once: this module joins the rules of size, complement, time and moves.

A publication is for good: a later one tells of other weeks, never the same ones again, so what two of them differ by is
whole bands of different evidence (P7). A group that lost or gained one to four people meanwhile is left at what was
last published of it, since the difference would be about them, until these moves have added up to k people (P8).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nudges.domain.barriers.barriers import Memberships, Proposal, Report, Scope
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.groups import COMPANY, Groups, groups_of, plain_scope
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.suppression import counted

_KINDS = frozenset(BarrierKind)  # what people can say; a flag may also be about what a group does


@dataclass(frozen=True)
class Published:
    """So many people of a group said this in these four weeks; `period` is older where the group was left as it was."""

    scope: Scope
    kind: BarrierKind
    band: str
    period: int


@dataclass(frozen=True)
class Publication:
    """All that may be seen of a period: the counts, and the groups that are large enough to be spoken of at all."""

    period: int
    cells: tuple[Published, ...] = ()
    groups: tuple[Scope, ...] = ()
    moved: Mapping[Scope, int] = field(default_factory=dict)  # since a group was counted, where it was left as it was

    def band_of(self, scope: Scope, kind: BarrierKind) -> str:
        """Return what stands in a cell; hidden and nobody look the same."""
        where = plain_scope(scope)
        found = (cell.band for cell in self.cells if cell.kind == kind and plain_scope(cell.scope) == where)
        return next(found, "")

    def speaks_of(self, scope: Scope) -> bool:
        """Return whether the group was large enough at both ends of the period."""
        return plain_scope(scope) in {plain_scope(one) for one in self.groups}


def publish(
    period: int,
    *,
    at_start: Memberships,
    at_end: Memberships,
    reports: Iterable[Report],
    before: Publication | None = None,
    limits: Limits,
) -> Publication:
    """Return what may be seen of a closed period; the limits are those it began with (P15)."""
    groups = groups_of(at_start, at_end)
    large = [scope for scope in groups.members if len(groups.members[scope]) >= limits.k]
    moved = _moved(groups, large, before, limits.k) if before else {}
    cells = _counts(reports, groups, among=[scope for scope in large if scope not in moved], limits=limits)
    fresh = [Published(groups.shown_as[scope], kind, band, period) for (scope, kind), band in cells.items()]
    kept = [cell for cell in before.cells if plain_scope(cell.scope) in moved] if before else []
    return Publication(
        period,
        tuple(sorted([*fresh, *kept], key=lambda cell: (_order(cell.scope), cell.kind))),
        tuple(sorted((groups.shown_as[scope] for scope in large), key=_order)),
        {groups.shown_as[scope]: count for scope, count in moved.items()},
    )


def raisable(
    found: Iterable[Proposal],
    *,
    at_start: Memberships,
    at_end: Memberships,
    reports: Iterable[Report],
    limits: Limits,
) -> list[Proposal]:
    """Return the flags that may be opened at the end of a period, each with the band that it keeps.

    What people said must pass as a count would; what groups did needs only a group that is large enough. Flags are
    never about the whole company, so nothing is subtracted from it.
    """
    groups = groups_of(at_start, at_end)
    large = [scope for scope in groups.members if len(groups.members[scope]) >= limits.k and scope != COMPANY]
    # Whoever moved does not count, so that the opening of a flag is about nobody who came or left.
    bands = _counts(reports, groups, among=large, limits=limits)
    passed = []
    for proposal in found:
        scope = plain_scope(proposal.scope)
        if proposal.kind not in _KINDS and scope in large:
            passed.append(proposal)
        elif band := bands.get((scope, BarrierKind(proposal.kind.value)), ""):
            passed.append(replace(proposal, band=band))
    return passed


def _moved(groups: Groups, large: Sequence[Scope], before: Publication, k: int) -> dict[Scope, int]:
    """Return the groups to leave as they were, each with how many people moved since it was counted."""
    # Only where something was published before is there a difference that a few people could explain.
    known = {plain_scope(scope) for scope in before.groups}
    earlier = {plain_scope(scope): count for scope, count in before.moved.items()}
    few = (scope for scope in large if scope in known and 0 < groups.changed[scope] < k)
    since = {scope: groups.changed[scope] + earlier.get(scope, 0) for scope in few}
    return {scope: count for scope, count in since.items() if count < k}


def _counts(
    reports: Iterable[Report], groups: Groups, *, among: Sequence[Scope], limits: Limits
) -> dict[tuple[Scope, BarrierKind], str]:
    """Return the band of each count that may be shown; one person counts once, however often they said it."""
    said: dict[BarrierKind, set[str]] = {}
    for report in reports:
        said.setdefault(report.kind, set()).add(report.person_key)
    found = {kind: counted(people, groups, among=among, limits=limits) for kind, people in said.items()}
    return {
        (scope, kind): limits.band(len(groups.members[scope] & one.speakers))
        for kind, one in found.items()
        for scope in one.visible
    }


def _order(scope: Scope) -> tuple[str, str]:
    return scope.type.value, scope.scope_id
