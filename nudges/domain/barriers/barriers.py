"""Barrier signals: this module is periods, groups and who belongs where: the words in which reports and flags are told.

Only closed periods are looked at: a decision at the click would point at the last person who clicked. Whoever moved,
came or left within the period counts only where they stood at both its ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nudges.domain.barriers.flag_kinds import AnyKind
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.domain.people.teams import Team, team_of
from nudges.domain.playbooks.playbook import BarrierKind

PERIOD = timedelta(days=28)


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
