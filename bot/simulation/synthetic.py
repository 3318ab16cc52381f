"""A company to rehearse with: this module makes up people, from a seed, whom the playbooks' segments are about.

About one person in seven belongs to none of them, so that a rehearsal also shows who gets nothing.
"""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.records import Json
from bot.simulation.house import WORKSPACE, Cast
from bot.simulation.places import ENGLISH, Place, language_of, places_of
from bot.simulation.wanted import ATTRIBUTE, TRAITS, Values, fulfil, pools
from nudges.domain.people.people import Person
from nudges.domain.people.segments import matches
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook

FIRST_NAMES = (
    "Ana", "Rui", "Inês", "Tomás", "Lena", "Jonas", "Mia", "Felix", "Aisha", "Omar", "Noor", "Karim", "Priya", "Arjun",
    "Meera", "Dev", "Yuki", "Kenji", "Sofia", "Lucas", "Camila", "Mateo", "Grace", "Samuel", "Wanjiru", "Otieno",
    "Emma", "Oliver", "Chloe", "Liam", "Ruth", "Daniel", "Zoe", "Ivan", "Marta", "Piotr", "Elif", "Deniz",
)  # fmt: skip
DEPARTMENTS = ("Customer service", "Sales", "Engineering", "Finance")
ROLES = ("employee", "contractor", "intern")
ROLE_SHARES = (90, 6, 4)
OUTSIDE = 0.15  # of all people: in none of the segments
IN_PILOT = 0.2  # of those inside: in a pilot, where there is one
LEAST_IN_PILOT = 12
TEAM_SIZE = 10
PREFERS_ENGLISH = 0.12
PART_TIME = 0.06
EARLY = 0.08
TRIES = 40
COLUMNS = ("slack_id", *TRAITS, "hours", "working_days")
_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass
class _Draw:
    """What one drawing needs."""

    company: Company
    luck: random.Random
    places: Sequence[Place]
    values: dict[str, tuple[str, ...]]
    teams: dict[tuple[str, str], int] = field(default_factory=dict)


def synthetic_cast(company: Company, playbooks: Sequence[Playbook], *, size: int, seed: int) -> Cast:
    """Return so many people, the same for the same seed: what Slack lists of them, and their people file."""
    luck = random.Random(f"people:{seed}")
    draw = _Draw(company, luck, places_of(company), dict(pools(company.segments)))
    names = [*_officers(company, playbooks)][:size]
    aims = _aims(playbooks, size - len(names), luck)
    rows = [_row(draw, name, "") for name in names] + [_row(draw, _id(luck), aim) for aim in aims]
    rows = _with_managers(rows)
    return Cast(tuple(_user(luck, row, draw.places) for row in rows), _as_csv(rows))


def _officers(company: Company, playbooks: Sequence[Playbook]) -> list[str]:
    """Return those whom the files name: admins, authors, approvers and owners hear of flags and faults."""
    named = [*company.admins, *company.authors, *company.approvers, company.barriers.owner]
    named += [
        name for playbook in playbooks for name in (playbook.owner, playbook.goal.it_partner if playbook.goal else "")
    ]
    return list(dict.fromkeys(name for name in named if name.startswith(("U", "W"))))


def _aims(playbooks: Sequence[Playbook], size: int, luck: random.Random) -> list[str]:
    """Return for each person the segment to draw them from; empty for somebody outside."""
    segments = list(dict.fromkeys(name for playbook in playbooks for name in playbook.audience.segments))
    pilots = list(dict.fromkeys(one.audience.pilot.segment for one in playbooks if one.audience.pilot))
    inside = max(0, size - round(size * OUTSIDE)) if segments else 0
    a_pilot = min(
        max(LEAST_IN_PILOT, round(inside * IN_PILOT / max(1, len(pilots)))), inside // max(1, 2 * len(pilots))
    )
    aims = [pilot for pilot in pilots for _ in range(a_pilot)]
    aims += [segments[number % len(segments)] for number in range(inside - len(aims))]
    aims += [""] * (size - len(aims))
    luck.shuffle(aims)
    return aims


def _row(draw: _Draw, person_id: str, segment: str) -> Values:
    """Return one person's line of the people file, of whom the segment's rule holds if it can be made to hold."""
    rule = draw.company.segments.get(segment)
    values = _anybody(draw)
    for _ in range(TRIES if rule is not None else 0):
        if rule is None:
            break
        values = fulfil(rule, _anybody(draw), draw.company.segments, draw.luck)
        if matches(rule, _person(person_id, values), draw.company.segments):
            break
    return _settled(draw, {"slack_id": person_id, **values})


def _anybody(draw: _Draw) -> Values:
    luck = draw.luck
    place = luck.choice(draw.places)
    departments = draw.values.get("department", DEPARTMENTS)
    role = luck.choices(ROLES, ROLE_SHARES)[0]
    values = {"department": luck.choice(departments), "place": place.name, "country": place.country, "role": role}
    values["hours"] = "07:00-15:00" if luck.random() < EARLY else ""
    values["working_days"] = luck.choice(("mon-thu", "tue-fri")) if luck.random() < PART_TIME else ""
    for name in ("region", "title", *(key for key in draw.values if key.startswith(ATTRIBUTE))):
        known = draw.values.get(name, ())
        values[name] = luck.choice(known) if known and luck.random() < 0.5 else ""
    return values


def _settled(draw: _Draw, values: Values) -> Values:
    """Return the line with what follows from the rest: the country and language of a place, and a team."""
    home = next((place for place in draw.places if place.name == values.get("place")), None)
    country = home.country if home and home.country else values.get("country", "")
    language = home.language if home else language_of(country)
    english = draw.luck.random() < PREFERS_ENGLISH
    settled = {"language": ENGLISH if english else language, **values, "country": country}
    if not settled.get("team"):
        key = (settled["department"], settled.get("place", ""))
        draw.teams[key] = draw.teams.get(key, 0) + 1
        settled["team"] = " ".join((*key, str(1 + draw.teams[key] // TEAM_SIZE)))
    return settled


def _with_managers(rows: Sequence[Values]) -> list[Values]:
    """Return the lines with a manager each: the first of a team leads it and reports to the first of all."""
    leads: dict[str, str] = {}
    for row in rows:
        leads.setdefault(row["team"], row["slack_id"])
    top = rows[0]["slack_id"] if rows else ""
    return [
        {**row, "manager": row.get("manager") or (leads[row["team"]] if leads[row["team"]] != row["slack_id"] else top)}
        if row["slack_id"] != top
        else row
        for row in rows
    ]


def _person(person_id: str, values: Values) -> Person:
    attributes = {name.removeprefix(ATTRIBUTE): value for name, value in values.items() if name.startswith(ATTRIBUTE)}
    plain = {name: value for name, value in values.items() if name in TRAITS and name != "manager"}
    return Person(person_id, manager_id=values.get("manager", ""), attributes=attributes, **plain)  # type: ignore[arg-type]  # read by name


def _user(luck: random.Random, row: Values, places: Sequence[Place]) -> Json:
    home = next((place for place in places if place.name == row.get("place")), None)
    return slack_user(row["slack_id"], luck.choice(FIRST_NAMES), home.zone if home else "", row.get("title", ""))


def slack_user(person_id: str, first_name: str, zone: str, title: str = "", email: str = "") -> Json:
    """Return one account as `users.list` shows it; an address is shown only where one was given."""
    profile = {"first_name": first_name, "real_name": first_name, "title": title, "team": WORKSPACE}
    profile |= {"email": email} if email else {}
    account = {"id": person_id, "team_id": WORKSPACE, "name": person_id.lower(), "real_name": first_name, "tz": zone}
    return account | {"profile": profile, "deleted": False, "is_bot": False, "updated": 0}


def _as_csv(rows: Sequence[Values]) -> str:
    attributes = sorted({name for row in rows for name in row if name.startswith(ATTRIBUTE)})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *(name.removeprefix(ATTRIBUTE) for name in attributes)])
    writer.writerows([row.get(name, "") for name in (*COLUMNS, *attributes)] for row in rows)
    return out.getvalue()


def _id(luck: random.Random) -> str:
    return "U0" + "".join(luck.choices(_LETTERS, k=9))
