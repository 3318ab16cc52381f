"""Who lives in the world: this module is people as they are, told to Slack and to the people file in their own words.

Working time is kept as plain numbers here, so that a judge can read it without the app's own rules.
"""

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from bot.simulation.synthetic import slack_user

# place: zone, country
PLACES = {
    "Lisbon": ("Europe/Lisbon", "PT"),
    "Berlin": ("Europe/Berlin", "DE"),
    "New York": ("America/New_York", "US"),
    "Auckland": ("Pacific/Auckland", "NZ"),
    "Tel Aviv": ("Asia/Jerusalem", "IL"),
    "Dubai": ("Asia/Dubai", "AE"),
    "Pune": ("Asia/Kolkata", "IN"),
}
DEFAULT_ZONE = "Europe/Lisbon"
HOLIDAYS = {"PT": "auto", "DE": "DE-BE", "US": "US-NY", "NZ": "auto", "IL": "auto", "AE": "none", "IN": "none"}
# minutes of the day, by weekday (Monday is 0)
USUAL = dict.fromkeys(range(5), (540, 1020))
BY_COUNTRY = {
    "AE": {0: (540, 1020), 1: (540, 1020), 2: (540, 1020), 3: (540, 1020), 4: (540, 720)},
    "IL": dict.fromkeys((6, 0, 1, 2, 3), (480, 960)),
}
OFFICE = ("U0PRIYA", "U0AMIR")
DEPARTMENTS = ("Support", "Sales", "Finance")
ROLES = ("employee", "employee", "employee", "employee", "intern")
TEAMS = tuple(f"T{number}" for number in range(12))
CANARY = "Zqx"  # begins every first name, so that none can hide in a log
HOSTILE = ("<!channel>", "<@U0AMIR>", "&<!here|here>")  # first names of those who try their luck
COLUMNS = ("slack_id", "department", "place", "country", "role", "team", "hours", "working_days")


@dataclass(frozen=True)
class Human:
    """One person as they are; the app may not have been told yet."""

    person_id: str
    first_name: str
    place: str
    zone: str
    department: str
    role: str
    team: str
    is_early: bool = False  # 07:00-15:00
    is_part_time: bool = False  # Tuesday to Thursday
    has_left: bool = False

    @property
    def country(self) -> str:
        """Return where they work."""
        return PLACES[self.place][1] if self.place else ""

    @property
    def home_zone(self) -> str:
        """Return Slack's zone for them, else their place's, else the company's."""
        return self.zone or (PLACES[self.place][0] if self.place else DEFAULT_ZONE)

    def account(self) -> dict[str, Any]:
        """Return what Slack lists of them."""
        return {**slack_user(self.person_id, self.first_name, self.zone), "deleted": self.has_left}

    def line(self) -> tuple[str, ...]:
        """Return their line of the people file."""
        hours, days = "07:00-15:00" if self.is_early else "", "tue-thu" if self.is_part_time else ""
        return (self.person_id, self.department, self.place, self.country, self.role, self.team, hours, days)

    def minutes_on(self, weekday: int) -> tuple[int, int] | None:
        """Return from which minute to which they work on that day of the week, as a clerk would read the file."""
        usual = BY_COUNTRY.get(self.country, USUAL)
        days = (1, 2, 3) if self.is_part_time else tuple(usual)
        if weekday not in days:
            return None
        return (420, 900) if self.is_early else usual.get(weekday, USUAL[0])


def wall_of(human: Human, instant: datetime) -> datetime:
    """Return what the clock on their wall shows under the zone data in force."""
    return instant.astimezone(rules_of(human.home_zone)).replace(tzinfo=None)


def works_at(human: Human, instant: datetime) -> bool:
    """Return whether they work at that instant."""
    wall = wall_of(human, instant)
    span = human.minutes_on(wall.weekday())
    minute = wall.hour * 60 + wall.minute
    return span is not None and span[0] <= minute < span[1] and not is_holiday(human.country, wall.date())


@lru_cache(maxsize=64)
def rules_of(zone: str) -> ZoneInfo:
    """Return a zone's rules read past every cache but this one, which a swap of the zone data empties."""
    return ZoneInfo.no_cache(zone)


@lru_cache(maxsize=4096)
def is_holiday(country: str, day: date) -> bool:
    """Return whether nobody works there on that day."""
    wanted = HOLIDAYS.get(country, "none")
    if wanted == "none":
        return False
    subdivision = wanted.partition("-")[2] or None
    return day in holidays.country_holidays(country, subdiv=subdivision, years=day.year)


def crowd(luck: random.Random, size: int) -> list[Human]:
    """Return so many people, the author and the admin among them."""
    office = [Human(name, f"{CANARY}{name}", "Lisbon", "", "Finance", "employee", "T11") for name in OFFICE]
    return [*office, *(newcomer(luck, number) for number in range(size - len(office)))]


def newcomer(luck: random.Random, number: int) -> Human:
    """Return one more person."""
    place = luck.choice(tuple(PLACES))
    trick = luck.choice(HOSTILE) if luck.random() < 0.05 else ""
    return Human(
        person_id=f"U0P{number:05}",
        first_name=f"{CANARY}{trick}{number}",
        place=place,
        zone="" if luck.random() < 0.05 else PLACES[place][0],
        department=luck.choice(DEPARTMENTS),
        role=luck.choice(ROLES),
        team=luck.choice(TEAMS),
        is_early=luck.random() < 0.1,
        is_part_time=luck.random() < 0.1,
    )


def people_file(humans: Iterable[Human]) -> str:
    """Return the people file of all who are there."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(human.line() for human in humans if not human.has_left)
    return out.getvalue()
