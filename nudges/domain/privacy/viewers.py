"""Who may look at what is known of a group: this module is the rule for viewers (P10).

What is shown of a group may be about those who lead it. A sensitive kind therefore goes to nobody who leads a team of
the group, and further up only to people who lead another team of k too: else they are as good as its only leader.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.barriers.flags import SENSITIVE
from nudges.domain.people.people import Person
from nudges.domain.people.teams import Team, team_of, teams_of
from nudges.domain.playbooks.comparing import plain

LEAST_TEAMS = 2
LEAST_OTHERS = 2  # with one other member, what is said of the team is said of that one


class Viewer:
    """One person who asks, and the company they stand in."""

    def __init__(self, viewer_id: str, people: Iterable[Person], *, k: int) -> None:
        self._viewer_id = viewer_id
        self._people = list(people)
        self._k = k

    def may_see(self, scope: Scope, kind: str) -> bool:
        """Return whether this person may see what is known of this group about this kind."""
        members = self._members_of(scope)
        if self._viewer_id in members and len(members) - 1 < LEAST_OTHERS:
            return False
        if kind not in SENSITIVE or not members & self._led:
            return True
        return not self._leads_a_team_in(members) and self._leads_others_too(members)

    def _leads_a_team_in(self, members: frozenset[str]) -> bool:
        mine = (team for team in self._teams.values() if self._viewer_id in team.leader_ids)
        return any(_is_mostly_in(team, members) for team in mine)

    def _leads_others_too(self, members: frozenset[str]) -> bool:
        large = [team for team in self._teams.values() if len(team.member_ids & self._led) >= self._k]
        return len(large) >= LEAST_TEAMS and not all(_is_mostly_in(team, members) for team in large)

    @cached_property
    def _teams(self) -> Mapping[str, Team]:
        return teams_of(self._people)

    @cached_property
    def _led(self) -> frozenset[str]:
        """Everybody below this person, however far; whoever is seen twice ends a circle in the people file."""
        reports: dict[str, list[str]] = {}
        for person in self._people:
            reports.setdefault(person.manager_id, []).append(person.person_id)
        found: set[str] = set()
        ahead = [self._viewer_id]
        while ahead:
            below = [one for one in reports.get(ahead.pop(), []) if one not in found]
            found.update(below)
            ahead.extend(below)
        return frozenset(found - {self._viewer_id})

    def _members_of(self, scope: Scope) -> frozenset[str]:
        return frozenset(one.person_id for one in self._people if self._stands_in(one, scope))

    def _stands_in(self, person: Person, scope: Scope) -> bool:
        if scope.type == ScopeType.COMPANY:
            return True
        if scope.type == ScopeType.DEPARTMENT:
            return plain(person.department) == plain(scope.scope_id)
        if scope.type == ScopeType.PLACE:
            return plain(person.place) == plain(scope.scope_id)
        team = team_of(person, self._teams)
        return team is not None and plain(team.name) == plain(scope.scope_id)


def _is_mostly_in(team: Team, members: frozenset[str]) -> bool:
    return 2 * len(team.member_ids & members) > len(team.member_ids)
