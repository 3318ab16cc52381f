"""A flag is a decision about a group that needs an owner: this module is its states, its owner and its remedies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nudges.domain.barriers.barriers import Proposal, Scope, ScopeType
from nudges.domain.barriers.flag_kinds import FlagKind
from nudges.domain.people.people import Person
from nudges.domain.people.segments import plain
from nudges.domain.people.teams import team_of, teams_of
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import BarrierKind, Playbook, Remedy

__all__ = ["FlagKind"]  # its home is small, so that Proposal may know it too

SENSITIVE = frozenset(
    {
        BarrierKind.MANAGER_DISCOURAGES,
        BarrierKind.NOT_COMFORTABLE_SHARING,
        BarrierKind.LANGUAGE_OR_ACCESSIBILITY,
    }
)
QUIET_PERIODS = 2  # closed periods without the kind at k before a flag may be resolved


class FlagState(StrEnum):
    """Where a flag stands; flag_life.py says how it gets from one to the next."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_REMEDY = "in_remedy"
    NOT_RESOLVED = "not_resolved"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    EXPIRED = "expired"  # an early one that came to nothing


UNSETTLED = (FlagState.OPEN, FlagState.ACKNOWLEDGED, FlagState.IN_REMEDY, FlagState.NOT_RESOLVED)
SETTLED = (FlagState.RESOLVED, FlagState.DISMISSED, FlagState.EXPIRED)


@dataclass(frozen=True)
class Step:
    """One thing to do about a flag, by whom and until when."""

    do: str
    by_id: str
    due_on: date


@dataclass(frozen=True)
class FlagPlan:
    """A flag to open, with who owns it and what is to be done; the owner is empty when nobody may have it."""

    proposal: Proposal
    owner_id: str
    steps: tuple[Step, ...]


def plan_flag(
    proposal: Proposal,
    *,
    playbook: Playbook | None,
    company: Company,
    admin_ids: Sequence[str],
    leader_ids: frozenset[str],
    opened_on: date,
) -> FlagPlan:
    """Return who owns the flag and what is to be done; `playbook` is the one of the proposal, None for the company."""
    wanted = (playbook.owner if playbook else "") or company.barriers.owner
    owner_id = owner_of(wanted, admin_ids, leader_ids)
    remedies = remedies_for(proposal.kind, playbook, company)
    return FlagPlan(proposal, owner_id, tuple(_step(remedy, owner_id, leader_ids, opened_on) for remedy in remedies))


def remedies_for(kind: str, playbook: Playbook | None, company: Company) -> tuple[Remedy, ...]:
    """Return the playbook's remedies when all evidence comes from it and it has some, else the company's."""
    if kind not in set(BarrierKind):
        return ()
    kind = BarrierKind(kind)
    own = playbook.remedies.get(kind, ()) if playbook else ()
    return own or company.barriers.remedies.get(kind, ())


def owner_of(wanted_id: str, admin_ids: Sequence[str], leader_ids: frozenset[str]) -> str:
    """Return the owner asked for, else the first admin, who does not lead the scope; empty when all of them do."""
    return next((id_ for id_ in (wanted_id, *admin_ids) if id_ and id_ not in leader_ids), "")


def may_see(viewer_id: str, kind: str, leader_ids: frozenset[str]) -> bool:
    """Return whether this person may see such a flag: a leader never sees a sensitive kind of what they lead."""
    return kind not in SENSITIVE or viewer_id not in leader_ids


def leaders_of(scope: Scope, people: Sequence[Person]) -> frozenset[str]:
    """Return everybody who leads somebody of the scope, directly or from further up."""
    managers = {person.person_id: person.manager_id for person in people}
    leaders: set[str] = set()
    for person in members_of(scope, people):
        above = person.manager_id
        # Seen before: everybody further up is there too, and a circle in the file ends.
        while above and above not in leaders:
            leaders.add(above)
            above = managers.get(above, "")
    return frozenset(leaders)


def members_of(scope: Scope, people: Sequence[Person]) -> list[Person]:
    """Return who counts in the scope today."""
    name = plain(scope.scope_id)
    if scope.type == ScopeType.DEPARTMENT:
        return [person for person in people if plain(person.department) == name]
    if scope.type == ScopeType.PLACE:
        return [person for person in people if plain(person.place) == name]
    teams = teams_of(people)
    return [person for person in people if (team := team_of(person, teams)) and plain(team.name) == name]


def _step(remedy: Remedy, owner_id: str, leader_ids: frozenset[str], opened_on: date) -> Step:
    by_id = owner_id if remedy.by == "owner" or remedy.by in leader_ids else remedy.by
    return Step(remedy.do, by_id, opened_on + remedy.within)
