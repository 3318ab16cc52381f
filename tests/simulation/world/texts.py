"""What authors write: this module is the company file and the playbooks of the world, marked with their version.

The marks let a judge read from a message at Slack which text it is, without asking the app.
"""

import random
import re
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.world.humans import HOLIDAYS, PLACES

AUTHOR, ADMIN = "U0PRIYA", "U0AMIR"
MARK = re.compile(r"kq-(p\d+)-(n\d+)-v(\d+)-")
PILOT_TEAMS = ("T0", "T1", "T2", "T3", "T4", "T5")
DAYS = ("mon", "tue", "wed", "thu", "fri")
TIMES = ("08:00", "09:30", "10:00", "11:00", "14:00", "16:45")
LONG = "Ask where others can read it, and the next colleague finds the answer too. " * 34
COMPANY = """
admins: [U0AMIR]
authors: [U0PRIYA]
default_zone: Europe/Lisbon
working_hours:
  default: "09:00-17:00 mon-fri"
  AE: "09:00-17:00 mon-thu, 09:00-12:00 fri"
  IL: "08:00-16:00 sun-thu"
place_zones: {{{places}}}
holidays: {{{holidays}}}
caps: {{day: {day}, week: {week}}}
segments:
  support: {{department: Support}}
  sales: {{all: [{{department: Sales}}, {{not: {{role: [intern]}}}}]}}
  early-support: {{all: [{{segment: support}}, {{team: [{teams}]}}]}}
  early-sales: {{all: [{{segment: sales}}, {{team: [{teams}]}}]}}
"""
HEAD = """
playbook: {key}
title: Ask in the open ({key})
tool: Slack channels
owner: U0PRIYA
audience: {{segments: [{segment}]{pilot}}}
holdout: {holdout}
personal_wins:
  {segment}: {{kind: easier_day, text: Answer the customer on the first call}}
nudges:
"""
PILOT = ", pilot: {{segment: early-{segment}, answers: 5, useful: 0%, then: automatic, stop_when: {{not_for_me: 95%}}}}"
TIP = "  - tip: {key}\n    when: {{{when}}}\n    priority: {priority}\n    text: |\n      {text}\n"
QUIZ = (
    "  - quiz: {key}\n    when: {{{when}}}\n    question: Where do you ask first ({mark})?\n    choices:\n"
    '      - {{key: channel, text: "In the channel {mark}", right: true, reply: Yes.}}\n'
    "      - {{key: mail, text: By mail, reply: Only you learn the answer.}}\n"
)


@dataclass(frozen=True)
class NudgeSpec:
    """One nudge as its author meant it."""

    key: str
    when: str
    is_quiz: bool = False
    is_long: bool = False
    priority: int = 5
    window_min: int = 120
    valid_days: int = 0  # 0: until the end of its day


@dataclass(frozen=True)
class BookSpec:
    """One playbook as its author meant it."""

    key: str
    segment: str
    is_piloted: bool
    holdout: int
    nudges: tuple[NudgeSpec, ...]

    def nudge(self, key: str) -> NudgeSpec:
        """Return a nudge by its key."""
        return next(one for one in self.nudges if one.key == key)


@dataclass(frozen=True)
class CompanySpec:
    """What the company allows."""

    day: int
    week: int


def mark(book: str, nudge: str, version: int) -> str:
    """Return what a judge finds in a message again."""
    return f"kq-{book}-{nudge}-v{version}-"


def draw_company(luck: random.Random) -> CompanySpec:
    """Return the caps of one world."""
    day = luck.choice((1, 2))
    return CompanySpec(day, luck.choice((3, 4)) + day - 1)


def draw_books(luck: random.Random) -> list[BookSpec]:
    """Return the playbooks of one world."""
    return [_book(luck, f"p{number}") for number in range(4)]


def _book(luck: random.Random, key: str) -> BookSpec:
    nudges: list[NudgeSpec] = []
    for number in range(luck.randint(4, 7)):
        nudges.append(_nudge(luck, number, nudges))
    segment = luck.choice(("support", "sales"))
    return BookSpec(key, segment, luck.random() < 0.3, luck.choice((0, 0, 30)), tuple(nudges))


def _nudge(luck: random.Random, number: int, before: list[NudgeSpec]) -> NudgeSpec:
    window, valid = luck.choice((120, 120, 30, 300)), luck.choice((0, 0, 0, 2, 3))
    if before and luck.random() < 0.35:
        when = f"after: {luck.choice(before).key}, days: {luck.choice((0, 1, 2, 5))}"
        when += f', at: "{luck.choice(TIMES)}"' if luck.random() < 0.5 else ""
    else:
        when = f'week: {1 + number // 3}, day: {luck.choice(DAYS)}, at: "{luck.choice(TIMES)}"'
    when += (f", window: {window}m" if window != 120 else "") + (f", valid_for: {valid}d" if valid else "")
    return NudgeSpec(
        f"n{number}", when, luck.random() < 0.25, luck.random() < 0.1, luck.choice((2, 5, 8)), window, valid
    )


def company_text(company: CompanySpec) -> str:
    """Return company.yaml."""
    places = ", ".join(f"{place}: {zone}" for place, (zone, _) in PLACES.items())
    days_off = ", ".join(f"{country}: {value}" for country, value in HOLIDAYS.items())
    teams = ", ".join(PILOT_TEAMS)
    return COMPANY.format(places=places, holidays=days_off, day=company.day, week=company.week, teams=teams)


def book_text(book: BookSpec, version: int) -> str:
    """Return a playbook's file in one version."""
    pilot = PILOT.format(segment=book.segment) if book.is_piloted else ""
    head = HEAD.format(key=book.key, segment=book.segment, pilot=pilot, holdout=f"{book.holdout}%")
    return head + "".join(_nudge_text(book, one, version) for one in book.nudges)


def _nudge_text(book: BookSpec, nudge: NudgeSpec, version: int) -> str:
    sign = mark(book.key, nudge.key, version)
    if nudge.is_quiz:
        return QUIZ.format(key=nudge.key, when=nudge.when, mark=sign)
    text = f"Ask in the channel, {{first_name}} ({sign})." + (f" {LONG}" if nudge.is_long else "")
    return TIP.format(key=nudge.key, when=nudge.when, priority=nudge.priority, text=text)


def write(folder: Path, name: str, text: str) -> None:
    """Put one file into the folder of playbooks."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, "utf-8")
