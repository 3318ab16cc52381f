"""Barrier signals: this module is the step from what people reported in a closed period to proposals of flags.

Only closed periods are looked at: a decision at the click would point at the last person who clicked. Whoever moved,
came or left within the period counts only where they stood at both its ends. Counts stay in here; bands leave.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nudges.domain.barriers.flag_kinds import AnyKind
from nudges.domain.measuring.disclosure import SMALLEST_K, band, may_show
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.domain.people.segments import plain
from nudges.domain.people.teams import Team, team_of
from nudges.domain.playbooks.playbook import BarrierKind

PERIOD = timedelta(days=28)
BACKGROUND_FACTOR = 4  # a department or a place always has some reports: it must stand out from the rest


class ScopeType(StrEnum):
    """What sort of group a flag or a count is about; flags are never about the whole company."""

    COMPANY = "company"
    TEAM = "team"
    DEPARTMENT = "department"
    PLACE = "place"


class Grade(StrEnum):
    """How sure we are."""

    EARLY = "early"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Scope:
    """A group; the id is its name as the people file writes it, or `manager:<id>` for a team without a name."""

    type: ScopeType
    scope_id: str


@dataclass(frozen=True)
class Belonging:
    """Where a person stood at one end of a period; empty where they counted for nothing."""

    team: str = ""
    department: str = ""
    place: str = ""


@dataclass(frozen=True)
class Report:
    """One person's own word; the playbook is empty when it was not said under a nudge."""

    person_key: str
    kind: BarrierKind
    playbook: str = ""


@dataclass(frozen=True)
class Proposal:
    """A flag that the evidence asks for; the band is empty where it is what a group did."""

    scope: Scope
    kind: AnyKind
    grade: Grade
    band: str
    playbook: str = ""  # where all of the evidence comes from, if it is one


Memberships = Mapping[str, Belonging]
_Key = tuple[ScopeType, str]  # a scope as it is compared


def period_of(instant: datetime, epoch: datetime) -> int:
    """Return the number of the four-week period that holds the instant; the one from the epoch is 0."""
    return (instant - epoch) // PERIOD


def period_bounds(period: int, epoch: datetime) -> tuple[datetime, datetime]:
    """Return when the period starts, and when it ends and the next one starts."""
    return epoch + PERIOD * period, epoch + PERIOD * (period + 1)


def belonging_of(person: Person, teams: Mapping[str, Team]) -> Belonging:
    """Return where a person counts today; whoever leads a team does not count in it, and no bot or leaver anywhere."""
    if person.kind in NEVER_SENDABLE:
        return Belonging()
    team = team_of(person, teams)
    return Belonging(team.name if team else "", person.department.strip(), person.place.strip())


@dataclass(frozen=True)
class _Period:
    """Who counted where in one closed period."""

    members: Mapping[_Key, frozenset[str]]  # at both ends
    names: Mapping[_Key, str]
    everybody: frozenset[str]
    k: int


def proposals(reports: Iterable[Report], *, at_start: Memberships, at_end: Memberships, k: int) -> list[Proposal]:
    """Return the flags that a closed period asks for, in a fixed order.

    A department's absorbs those of its teams; a wider group of which only one team said it is no flag of its own.
    """
    period = _period(at_start, at_end, k)
    said: dict[BarrierKind, list[Report]] = {}
    for report in reports:
        if report.person_key in period.everybody:
            said.setdefault(report.kind, []).append(report)
    return [proposal for kind in sorted(said) for proposal in _proposals_of_kind(kind, said[kind], period)]


def _proposals_of_kind(kind: BarrierKind, said: Sequence[Report], period: _Period) -> list[Proposal]:
    found = {
        key: proposal
        for key in sorted(period.members)
        if (proposal := _proposal(key, kind, said, period=period)) is not None
    }
    speakers = {report.person_key for report in said}
    teams = [period.members[key] & speakers for key in found if key[0] == ScopeType.TEAM]
    kept = [
        key for key in found if key[0] == ScopeType.TEAM or _is_more_than(period.members[key], teams, speakers, period)
    ]
    departments = [key for key in kept if key[0] == ScopeType.DEPARTMENT]
    return [found[key] for key in kept if not _lies_in_one(key, departments, period)]


def _is_more_than(
    members: frozenset[str], teams: Sequence[frozenset[str]], speakers: set[str], period: _Period
) -> bool:
    """Return whether enough people said it without any one flagged team; otherwise the team is what it is about."""
    mine = members & speakers
    return all(len(mine - team) >= max(period.k, SMALLEST_K) for team in teams if team & mine)


def _proposal(key: _Key, kind: BarrierKind, said: Sequence[Report], *, period: _Period) -> Proposal | None:
    members = period.members[key]
    mine = [report for report in said if report.person_key in members]
    reporters = len({report.person_key for report in mine})
    # k who said it and two who did not: a team of fewer than k + 2 never gets here.
    if not may_show(members=len(members), reporters=reporters, k=period.k):
        return None
    rest = len({report.person_key for report in said}) - reporters
    if key[0] != ScopeType.TEAM and not _stands_out(reporters, len(members), rest, len(period.everybody)):
        return None
    playbooks = {report.playbook for report in mine}
    only = playbooks.pop() if len(playbooks) == 1 else ""
    return Proposal(Scope(key[0], period.names[key]), kind, Grade.CONFIRMED, band(reporters, period.k), only)


def _stands_out(reporters: int, members: int, rest_reporters: int, everybody: int) -> bool:
    rest = everybody - members
    # Multiplied out, so that a rest in which nobody said it needs no division; without a rest nothing stands out.
    return rest > 0 and reporters * rest >= BACKGROUND_FACTOR * rest_reporters * members


def _lies_in_one(key: _Key, departments: Sequence[_Key], period: _Period) -> bool:
    """Return whether most members of a team are in one of these departments."""
    if key[0] != ScopeType.TEAM:
        return False
    team = period.members[key]
    return any(2 * len(team & period.members[department]) > len(team) for department in departments)


def _period(at_start: Memberships, at_end: Memberships, k: int) -> _Period:
    steady = {key: _common(at_start[key], at_end[key]) for key in at_start.keys() & at_end.keys()}
    return _Period(_members_by_scope(steady), _names_of(steady), frozenset(steady), k)


def _common(start: Belonging, end: Belonging) -> Belonging:
    pairs = ((start.team, end.team), (start.department, end.department), (start.place, end.place))
    return Belonging(*(after if plain(before) == plain(after) else "" for before, after in pairs))


def _members_by_scope(memberships: Memberships) -> dict[_Key, frozenset[str]]:
    groups: dict[_Key, set[str]] = {}
    for person_key, belonging in memberships.items():
        for type_, name in _scopes(belonging):
            groups.setdefault((type_, plain(name)), set()).add(person_key)
    return {key: frozenset(group) for key, group in groups.items()}


def _names_of(memberships: Memberships) -> dict[_Key, str]:
    names: dict[_Key, str] = {}
    for belonging in memberships.values():
        for type_, name in _scopes(belonging):
            # Written in two ways it is one group; the first in order names it.
            names[(type_, plain(name))] = min(name, names.get((type_, plain(name)), name))
    return names


def _scopes(belonging: Belonging) -> Iterator[tuple[ScopeType, str]]:
    named = ((ScopeType.TEAM, belonging.team), (ScopeType.DEPARTMENT, belonging.department))
    return (pair for pair in (*named, (ScopeType.PLACE, belonging.place)) if pair[1])
