"""Who works with whom in the demo company: this module is its departments, its teams and their sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.sandbox.company_places import (
    BENGALURU,
    BERLIN,
    DUBAI,
    LISBON,
    LONDON,
    NAIROBI,
    NEW_YORK,
    PORTO,
    SAO_PAULO,
    TOKYO,
    Place,
)

USUAL_SIZE = 400
SMALLEST_SIZE, LARGEST_SIZE = 200, 4_000
SMALLEST_TEAM, LARGEST_TEAM = 3, 40
_SPLIT_ABOVE = 40  # a larger group becomes several numbered teams


@dataclass(frozen=True, slots=True)
class Team:
    """One team: its members (the lead comes on top) and the titles they bear."""

    department: str
    craft: str
    place: Place
    members: int
    titles: tuple[str, ...]
    number: int = 1
    smallest: int = SMALLEST_TEAM

    @property
    def name(self) -> str:
        number = f" {self.number}" if self.number > 1 else ""
        return f"{self.craft} {self.place.name}{number}"


@dataclass(frozen=True, slots=True)
class Department:
    """A department, the person at its head, and that head's place."""

    name: str
    head_title: str
    place: Place


DEPARTMENTS = (
    Department("Customer service", "VP Service", NEW_YORK),
    Department("Field operations", "VP Field operations", LONDON),
    Department("Engineering", "VP Engineering", BERLIN),
    Department("Sales", "VP Sales", SAO_PAULO),
    Department("Finance", "Chief financial officer", LISBON),
    Department("People", "Chief people officer", LISBON),
    Department("Marketing", "VP Marketing", LONDON),
    Department("IT", "Head of IT", BENGALURU),
)

_AGENT = ("Service agent", "Service agent", "Senior service agent")
_BILLING = ("Billing agent", "Billing agent", "Senior billing agent")
_TECH = ("Support engineer", "Support engineer", "Senior support engineer")
_FITTER = ("Installer", "Installer", "Senior installer", "Electrician")
_TECHNICIAN = ("Service technician", "Senior service technician")
_ENGINEER = ("Engineer", "Senior engineer", "Principal engineer")
_SELLER = ("Account manager", "Senior account manager", "Sales consultant")
_ACCOUNTANT = ("Accountant", "Senior accountant", "Payables clerk")
_PEOPLE = ("People partner", "People coordinator")
_MARKETER = ("Marketing manager", "Content designer")
_IT = ("IT support analyst", "Systems administrator")

TEAMS = (
    Team("Customer service", "Billing", LISBON, 12, _BILLING, smallest=8),
    Team("Customer service", "Billing", BERLIN, 7, _BILLING),
    Team("Customer service", "Billing", BENGALURU, 10, _BILLING),
    Team("Customer service", "Technical support", LISBON, 9, _TECH),
    Team("Customer service", "Technical support", BENGALURU, 26, _TECH),
    Team("Customer service", "Orders", SAO_PAULO, 9, _AGENT),
    Team("Customer service", "Orders", NEW_YORK, 8, _AGENT),
    Team("Customer service", "Complaints", LONDON, 5, _AGENT),
    Team("Customer service", "Service desk", DUBAI, 7, _AGENT),
    Team("Customer service", "Service desk", TOKYO, 6, _AGENT),
    Team("Field operations", "Installation", PORTO, 38, _FITTER),
    Team("Field operations", "Installation", BERLIN, 15, _FITTER),
    Team("Field operations", "Installation", LONDON, 12, _FITTER),
    Team("Field operations", "Maintenance", DUBAI, 9, _TECHNICIAN),
    Team("Field operations", "Maintenance", SAO_PAULO, 11, _TECHNICIAN),
    Team("Field operations", "Maintenance", NEW_YORK, 8, _TECHNICIAN),
    Team("Field operations", "Maintenance", NAIROBI, 7, _TECHNICIAN),
    Team("Field operations", "Parts", LISBON, 5, ("Parts specialist", "Stores coordinator")),
    Team("Engineering", "Controls", BERLIN, 10, _ENGINEER),
    Team("Engineering", "Firmware", BENGALURU, 14, _ENGINEER),
    Team("Engineering", "Apps", LISBON, 8, ("Developer", "Senior developer", "Product designer")),
    Team("Engineering", "Platform", LONDON, 6, _ENGINEER),
    Team("Engineering", "Data", BENGALURU, 8, ("Data analyst", "Data engineer")),
    Team("Engineering", "Test lab", TOKYO, 5, ("Test engineer", "Senior test engineer")),
    Team("Sales", "Partner sales", LONDON, 6, _SELLER),
    Team("Sales", "Partner sales", NEW_YORK, 8, _SELLER),
    Team("Sales", "Home sales", BERLIN, 7, _SELLER),
    Team("Sales", "Home sales", SAO_PAULO, 6, _SELLER),
    Team("Sales", "Projects", DUBAI, 7, _SELLER),
    Team("Sales", "Projects", TOKYO, 4, _SELLER),
    Team("Finance", "Accounts", LISBON, 7, _ACCOUNTANT),
    Team("Finance", "Accounts", BENGALURU, 6, _ACCOUNTANT),
    Team("Finance", "Treasury", LONDON, 3, ("Treasury analyst",)),
    Team("People", "People partners", LISBON, 4, _PEOPLE),
    Team("People", "Recruiting", BENGALURU, 4, ("Recruiter", "Senior recruiter")),
    Team("People", "Learning", BERLIN, 3, ("Learning designer",)),
    Team("Marketing", "Internal communications", LONDON, 4, ("Communications manager", "Editor")),
    Team("Marketing", "Brand", BERLIN, 5, _MARKETER),
    Team("Marketing", "Web", LISBON, 4, _MARKETER),
    Team("IT", "Workplace tools", LONDON, 4, ("Workplace tools specialist",)),
    Team("IT", "IT support", LISBON, 5, _IT),
    Team("IT", "IT support", BENGALURU, 5, _IT),
)


def planned_teams(size: int) -> list[Team]:
    """Return the teams of a company of that many employees, leads and heads included; ValueError if out of reach."""
    if not SMALLEST_SIZE <= size <= LARGEST_SIZE:
        raise ValueError(f"a demo company has {SMALLEST_SIZE} to {LARGEST_SIZE} people, not {size}")
    teams = [part for team in TEAMS for part in _scaled(team, size / USUAL_SIZE)]
    return _filled(teams, size - 1 - len(DEPARTMENTS) - len(teams))


def _scaled(team: Team, factor: float) -> list[Team]:
    wanted = max(team.smallest, round(team.members * factor))
    parts = -(-wanted // _SPLIT_ABOVE)
    shares = [wanted // parts + (number < wanted % parts) for number in range(parts)]
    return [replace(team, members=share, number=number) for number, share in enumerate(shares, start=1)]


def _filled(teams: list[Team], members: int) -> list[Team]:
    """Return the teams with a member more or less each, the largest with room first, until they add up."""
    sizes = [team.members for team in teams]
    while missing := members - sum(sizes):
        step = 1 if missing > 0 else -1
        movable = [i for i, team in enumerate(teams) if team.smallest <= sizes[i] + step <= LARGEST_TEAM]
        for index in sorted(movable, key=lambda i: -sizes[i])[: abs(missing)]:
            sizes[index] += step
    return [replace(team, members=size) for team, size in zip(teams, sizes, strict=True)]
