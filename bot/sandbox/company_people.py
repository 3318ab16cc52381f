"""The employees of the demo company, drawn from a seed: this module is who they are and whom they report to."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.sandbox.company_places import LISBON, PLACES, Place
from bot.sandbox.company_teams import DEPARTMENTS, Department, Team, planned_teams

_ID_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LOCAL_NAMES = 0.86  # the others came from another office's country
_ENGLISH_PREFERRED = 0.12
LEADERSHIP = "Leadership"


@dataclass(frozen=True, slots=True)
class Employee:
    """One person as the people file and the directory know them; empty text means the file leaves it blank."""

    id: str
    first_name: str
    last_name: str
    department: str
    place: Place
    role: str
    title: str
    team: str
    manager_id: str
    language: str
    hours: str = ""
    working_days: str = ""
    shift: str = "day"
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Known:
    """A person whom the playbooks and the demo know by name."""

    id: str
    first_name: str
    last_name: str
    title: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""  # where they read another than their office


HEADS = {
    "Customer service": Known("U0DANA", "Dana", "Ortiz", tags=("sponsor",)),
    "Field operations": Known("U0SAMUEL", "Samuel", "Okoro", tags=("sponsor",)),
    "Engineering": Known("U0HENRIK", "Henrik", "Vogt", tags=("sponsor",)),
    "Sales": Known("U0CAMILA", "Camila", "Rocha"),
}
LEADS = {
    "Billing Lisbon": Known("U0RUI", "Rui", "Almeida", tags=("manager",)),
    "Technical support Bengaluru": Known("U0MEERA", "Meera", "Iyer", tags=("manager",)),
    "Maintenance Nairobi": Known("U0GRACE", "Grace", "Wambui"),
    "Internal communications London": Known("U0AMIR", "Amir", "Haddad", "Head of internal communications", ("admin",)),
}
MEMBERS = {
    "Billing Lisbon": (Known("U0MAYA", "Maya", "Fernandes", tags=("employee", "keen")),),
    "Billing Berlin": (Known("U0ANJA", "Anja", "Schneider", tags=("German",), language="de"),),
    "Technical support Bengaluru": (Known("U0ARJUN", "Arjun", "Rao"),),
    "Service desk Tokyo": (Known("U0KEIKO", "Keiko", "Sato"),),
    "Service desk Dubai": (Known("U0NOOR", "Noor", "Mansour", tags=("newcomer",)),),
    "Installation Porto": (Known("U0TIAGO", "Tiago", "Moreira"),),
    "Parts Lisbon": (Known("U0HELENA", "Helena", "Pinto"),),
    "Firmware Bengaluru": (Known("U0SANDEEP", "Sandeep", "Kulkarni"),),
    "Projects Dubai": (Known("U0AISHA", "Aisha", "Rahman"),),
    "Accounts Lisbon": (Known("U0INES", "Inês", "Tavares"),),
    "Learning Berlin": (Known("U0GRETA", "Greta", "Neumann"),),
    "Internal communications London": (Known("U0PRIYA", "Priya", "Nair", "Communications manager", ("author",)),),
    "Workplace tools London": (Known("U0LEE", "Lee", "Osborne", "Collaboration tools owner", ("approver",)),),
}
# Somebody drawn like everybody else, who then gets this name: nobody else in the company changes for it.
RENAMED = {
    "Orders New York": Known("U0LUCIA", "Lucía", "Rivera", "Orders agent", ("Spanish",), "es"),
    "Technical support Lisbon": Known("U0NUNO", "Nuno", "Falcão", "Senior support engineer", ("sceptical",), "en"),
    "Accounts Lisbon": Known("U0TERESA", "Teresa", "Valente", "Payables clerk", ("busy",), "en"),
    "Complaints London": Known("U0RUTH", "Ruth", "Ellery", "Service agent", ("away",), "en"),
}
CHIEF = Known("U0MARTA", "Marta", "Figueiredo", "Chief executive officer")
KNOWN_IDS = frozenset(
    known.id
    for known in (
        *HEADS.values(),
        *LEADS.values(),
        *(known for group in MEMBERS.values() for known in group),
        *RENAMED.values(),
        CHIEF,
    )
)


@dataclass(slots=True)
class Names:
    """Draws ids and names that nobody in the company has yet."""

    rng: random.Random
    taken: set[str] = field(default_factory=lambda: {f"{k.first_name} {k.last_name}" for k in _all_known()})

    def id(self) -> str:
        return "U0" + "".join(self.rng.choices(_ID_LETTERS, k=9))

    def name(self, place: Place) -> tuple[str, str]:
        """Return a first and a last name, mostly of that place."""
        while True:
            home = place if self.rng.random() < _LOCAL_NAMES else self.rng.choice(PLACES)
            first, last = self.rng.choice(home.first_names), self.rng.choice(home.last_names)
            if f"{first} {last}" not in self.taken:
                self.taken.add(f"{first} {last}")
                return first, last


def drawn_employees(rng: random.Random, size: int) -> list[Employee]:
    """Return that many employees, the chief first, then each department: head, leads and their teams."""
    names = Names(rng)
    chief = _leader(
        names, CHIEF, "Executive office", LISBON, role="executive", title=CHIEF.title, team="", manager_id=""
    )
    teams = planned_teams(size)
    return [chief, *(person for dept in DEPARTMENTS for person in _department(names, dept, teams, chief.id))]


def _department(names: Names, department: Department, teams: Iterable[Team], chief_id: str) -> Iterator[Employee]:
    head = _leader(
        names,
        HEADS.get(department.name),
        department.name,
        department.place,
        role="executive",
        title=department.head_title,
        team=LEADERSHIP,
        manager_id=chief_id,
    )
    yield head
    for team in teams:
        if team.department == department.name:
            yield from _team(names, team, head.id)


def _team(names: Names, team: Team, head_id: str) -> Iterator[Employee]:
    lead = _leader(
        names,
        LEADS.get(team.name),
        team.department,
        team.place,
        role="manager",
        title=f"{team.craft} team lead",
        team=f"{team.department} leads",
        manager_id=head_id,
    )
    yield lead
    cast = MEMBERS.get(team.name, ())
    yield from (_member(names, team, lead.id, known) for known in cast)
    drawn = [_member(names, team, lead.id, None) for _ in range(team.members - len(cast))]
    yield from (
        _renamed(person, RENAMED.get(team.name)) if place == 0 else person for place, person in enumerate(drawn)
    )


def _renamed(person: Employee, known: Known | None) -> Employee:
    if known is None:
        return person
    return replace(
        person,
        id=known.id,
        first_name=known.first_name,
        last_name=known.last_name,
        role="employee",
        title=known.title,
        language=known.language,
        working_days="",
        tags=known.tags,
    )


def _leader(
    names: Names,
    known: Known | None,
    department: str,
    place: Place,
    *,
    role: str,
    title: str,
    team: str,
    manager_id: str,
) -> Employee:
    known = known or _somebody(names, place)
    return Employee(
        id=known.id,
        first_name=known.first_name,
        last_name=known.last_name,
        department=department,
        place=place,
        role=role,
        title=known.title or title,
        team=team,
        manager_id=manager_id,
        language=place.language,
        tags=known.tags,
    )


def _member(names: Names, team: Team, lead_id: str, known: Known | None) -> Employee:
    rng = names.rng
    person = known or _somebody(names, team.place)
    role = "employee" if known else rng.choices(("employee", "contractor", "intern"), (92, 5, 3))[0]
    shift, hours = ("day", "") if known else _shift(rng, team)
    return Employee(
        id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        department=team.department,
        place=team.place,
        role=role,
        title=person.title or rng.choice(team.titles),
        team=team.name,
        manager_id=lead_id,
        language=_language(rng, team, person),
        hours=hours,
        working_days="" if known else _working_days(rng, team),
        shift=shift,
        tags=person.tags,
    )


def _language(rng: random.Random, team: Team, known: Known) -> str:
    drawn = "en" if rng.random() < _ENGLISH_PREFERRED else team.place.language
    return known.language or drawn


def _somebody(names: Names, place: Place) -> Known:
    first, last = names.name(place)
    return Known(names.id(), first, last)


def _shift(rng: random.Random, team: Team) -> tuple[str, str]:
    """Return the shift and the hours it means; blank hours are those of the country."""
    if team.department == "Field operations" and team.place.country != "AE":
        return "early", "07:00-15:00"
    if team.craft == "Technical support" and rng.random() < 0.3:
        return "late", "12:00-20:00"
    return "day", ""


def _working_days(rng: random.Random, team: Team) -> str:
    if team.name == "Service desk Dubai" and rng.random() < 0.5:
        return "sun-thu"
    return rng.choice(("mon-thu", "tue-fri", "mon-wed")) if rng.random() < 0.05 else ""


def _all_known() -> Iterator[Known]:
    yield CHIEF
    yield from HEADS.values()
    yield from LEADS.values()
    for group in MEMBERS.values():
        yield from group
