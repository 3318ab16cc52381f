"""Teams: this module is who works with whom and who leads them, read from the people file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nudges.domain.people.people import Person
from nudges.domain.people.segments import plain


@dataclass(frozen=True)
class Team:
    """A team without those who lead it: leaders are not counted among the members."""

    team_key: str
    name: str
    member_ids: frozenset[str]
    leader_ids: frozenset[str]


def team_key_of(person: Person) -> str:
    """Return what names the person's team: `team`, else the direct reports of their manager, else empty."""
    if person.team.strip():
        return f"team:{plain(person.team)}"
    return f"manager:{person.manager_id}" if person.manager_id else ""


def teams_of(people: Iterable[Person]) -> Mapping[str, Team]:
    """Return every team by its key; a person who leads a team is none of its members."""
    grouped: dict[str, list[Person]] = {}
    for person in people:
        if key := team_key_of(person):
            grouped.setdefault(key, []).append(person)
    return {key: _team(key, group) for key, group in grouped.items()}


def team_of(person: Person, teams: Mapping[str, Team]) -> Team | None:
    """Return the team that counts this person as a member, or None."""
    team = teams.get(team_key_of(person))
    return team if team is not None and person.person_id in team.member_ids else None


def _team(key: str, group: list[Person]) -> Team:
    leaders = frozenset(person.manager_id for person in group if person.manager_id)
    ids = frozenset(person.person_id for person in group)
    return Team(key, _name(key, group), ids - leaders, leaders)


def _name(key: str, group: list[Person]) -> str:
    # Written in two ways it is one team; the first in order names it.
    return min(person.team.strip() for person in group) if key.startswith("team:") else key
