"""A whole company from one seed: this module is the sandbox's directory and the people file that goes with it."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.company_people import KNOWN_IDS, Employee, drawn_employees
from bot.sandbox.company_slack import TEAM_ID, User, member_users, other_users

NAME = "Tidewell"
CSV_COLUMNS = (
    "slack_id",
    "department",
    "place",
    "country",
    "region",
    "role",
    "title",
    "team",
    "manager",
    "language",
    "hours",
    "working_days",
    "shift",  # an attribute of this company's own
)
CHANNELS = {
    "ask-billing": "C0BILLING",
    "ask-tech": "C0TECH",
    "ask-orders": "C0ORDERS",
    "ask-finance": "C0FINANCE",
    "write-it-once": "C0WRITEONCE",
    "talk-it-over": "C0TALKITOVER",
}
_WITHOUT_ROW = 4  # people whom the personnel system does not know yet
_TEAMMATES_OF = "Billing Lisbon"


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """What Slack knows (`users`, `channels`), what the personnel system knows (`people_csv`), and who is who."""

    name: str
    team_id: str
    users: list[dict[str, Any]]
    people_csv: str
    channels: dict[str, str]
    tags: dict[str, list[str]]


def demo_company(seed: int = 7, size: int = 400) -> DemoCompany:
    """Return a company of `size` employees, the same for the same seed, with guests, leavers and bots on top."""
    rng = random.Random(seed)
    employees = drawn_employees(rng, size)
    others = other_users(rng)
    users = [*member_users(rng, employees), *others]
    rows = _rows(rng, employees, others)
    rng.shuffle(users)  # Slack lists people in no order one could rely on
    return DemoCompany(NAME, TEAM_ID, users, _as_csv(rows), dict(CHANNELS), _tags(employees))


def _rows(rng: random.Random, employees: Sequence[Employee], others: Sequence[User]) -> list[dict[str, str]]:
    """Return a row for nearly every employee, and for two leavers whom the personnel system still lists."""
    spare = [person for person in employees if person.team == "Technical support Bengaluru"]
    missing = {person.id for person in rng.sample([p for p in spare if p.id not in KNOWN_IDS], k=_WITHOUT_ROW)}
    rows = [_row(person) for person in employees if person.id not in missing]
    leavers = [user for user in others if user.get("deleted")][:2]
    host = next(person for person in employees if person.team == "Technical support Lisbon")
    return [*rows, *(_row(host) | {"slack_id": user["id"], "hours": "", "working_days": ""} for user in leavers)]


def _row(person: Employee) -> dict[str, str]:
    return {
        "slack_id": person.id,
        "department": person.department,
        "place": person.place.name,
        "country": person.place.country,
        "region": person.place.region,
        "role": person.role,
        "title": person.title,
        "team": person.team,
        "manager": person.manager_id,
        "language": person.language,
        "hours": person.hours,
        "working_days": person.working_days,
        "shift": person.shift,
    }


def _as_csv(rows: Sequence[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _tags(employees: Sequence[Employee]) -> dict[str, list[str]]:
    """Return why a visitor may want to be this person; Maya's team-mates are listed beside her."""
    tags = {person.id: list(person.tags) for person in employees if person.tags}
    for person in employees:
        if person.team == _TEAMMATES_OF:
            tags.setdefault(person.id, []).append(_TEAMMATES_OF)
    return tags
