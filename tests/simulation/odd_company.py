"""A company with odd corners, as files: this module writes what `plan` and `rehearse` are held against each other on.

People in seven zones, part-timers and weeks from Sunday to Thursday; caps that bite, chains, a pilot that lets the rest
follow by itself, one that asks, comparison groups, quizzes, and reactions of every kind.
"""

import random
from collections.abc import Iterator
from pathlib import Path

COMPANY = """
admins: [U0AMIR]
authors: [U0PRIYA]
default_zone: Europe/Lisbon
working_hours:
  default: "09:00-17:00 mon-fri"
  AE: "09:00-17:00 mon-thu, 09:00-12:00 fri"
  IL: "08:00-16:00 sun-thu"
place_zones:
  {Lisbon: Europe/Lisbon, Berlin: Europe/Berlin, Dubai: Asia/Dubai, New York: America/New_York,
   Tel Aviv: Asia/Jerusalem, Auckland: Pacific/Auckland, Pune: Asia/Kolkata}
holidays: {PT: auto, DE: DE-BE, AE: none, US: US-NY, IL: auto, NZ: auto}
caps: {day: 1, week: 3}
segments:
  support: {department: Support}
  sales: {department: Sales}
  early-support: {all: [{segment: support}, {team: [T0, T1, T2, T3, T4, T5, T6]}]}
  early-sales: {all: [{segment: sales}, {team: [T0, T1, T2, T3, T4, T5, T6]}]}
"""
HEAD = """
playbook: {name}
title: {name}
tool: Slack channels
owner: U0PRIYA
audience: {{segments: [{segments}]{pilot}}}
holdout: {holdout}
personal_wins:
  support: {{kind: easier_day, text: Answer the customer on the first call}}
  sales: {{kind: easier_day, text: "Answer a question once, not every month"}}
nudges:
"""
PILOT = ", pilot: {{segment: {segment}, answers: 5, useful: 0%, then: {then}, stop_when: {{not_for_me: 95%}}}}"
TIP = "  - tip: {key}\n    when: {{{when}}}\n    priority: {priority}\n    text: Ask in the channel, {{first_name}}.\n"
QUIZ = (
    "  - quiz: {key}\n    when: {{{when}}}\n    question: Where do you ask first?\n    choices:\n"
    "      - {{key: channel, text: In the channel, right: true, reply: Yes.}}\n"
    "      - {{key: mail, text: By mail, reply: Only you learn the answer.}}\n"
)
# key, when, priority; no priority: a quiz
BOOKS = {
    "ask-first": (
        ("support, sales", "", "20%"),
        ("ask-tip", 'week: 1, day: tue, at: "10:00"', 5),
        ("ask-quiz", "after: ask-tip, days: 7", None),
        ("ask-again", "after: ask-quiz, days: 9, valid_for: 3d", 2),
        ("ask-late", 'week: 4, day: mon, at: "16:45", window: 30m', 8),
    ),
    "write-once": (
        ("sales", PILOT.format(segment="early-sales", then="automatic"), "0%"),
        ("write-tip", 'week: 1, day: tue, at: "10:00"', 2),
        ("write-next", 'after: write-tip, days: 1, at: "09:30"', 5),
        ("write-quiz", 'week: 2, day: sun, at: "13:30", valid_for: 1d', None),
    ),
    "meet-less": (
        ("support", PILOT.format(segment="early-support", then="approval"), "0%"),
        ("meet-tip", 'week: 1, day: wed, at: "08:30", valid_for: 8d', 5),
        ("meet-same-day", "after: meet-tip, days: 0", 5),
        ("meet-friday", 'week: 3, day: fri, at: "13:30"', 8),
    ),
}
PLACES = (("Lisbon", "PT"), ("Berlin", "DE"), ("Dubai", "AE"), ("New York", "US"), ("Tel Aviv", "IL"),
          ("Auckland", "NZ"), ("Pune", "IN"))  # fmt: skip
HOURS = ("", "", "", "07:00-11:00", "10:00-20:00")
DAYS = ("", "", "", "mon wed", "sun-thu", "tue-fri")
DEEDS = (
    ("useful", ""), ("useful", ""), ("useful", ""), ("not_for_me", ""), ("try_it", ""), ("barrier", "no_time"),
    ("pause", "14"), ("pause", "3"), ("stop", ""), ("start", ""), ("answer", "channel"), ("answer", "mail"),
)  # fmt: skip
AFTER = ("1m", "15m", "2h", "5h", "1d", "26h", "3d", "9d", "20d")


def write_company(folder: Path, *, people: int, seed: int) -> None:
    """Write the playbooks, people.csv and reactions.csv of a company of so many people into the folder."""
    luck = random.Random(seed)
    (folder / "playbooks").mkdir(parents=True)
    (folder / "playbooks" / "company.yaml").write_text(COMPANY, "utf-8")
    for name in BOOKS:
        (folder / "playbooks" / f"{name}.yaml").write_text(_book(name), "utf-8")
    ids = [f"U0P{number:03}" for number in range(people)]
    header = "slack_id,department,place,country,team,hours,working_days"
    rows = (_person(luck, person_id, number) for number, person_id in enumerate(ids))
    (folder / "people.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    lines = ["person,playbook,nudge,reaction,value,after", *_reactions(luck, ids)]
    (folder / "reactions.csv").write_text("\n".join(lines) + "\n", "utf-8")


def _book(name: str) -> str:
    (segments, pilot, holdout), *nudges = BOOKS[name]
    head = HEAD.format(name=name, segments=segments, pilot=pilot, holdout=holdout)
    shown = (
        QUIZ.format(key=key, when=when) if priority is None else TIP.format(key=key, when=when, priority=priority)
        for key, when, priority in nudges
    )
    return head + "".join(shown)


def _person(luck: random.Random, person_id: str, number: int) -> str:
    place, country = luck.choice(PLACES)
    department = luck.choice(("Support", "Sales", "Support", "Sales", "Finance"))
    return ",".join((person_id, department, place, country, f"T{number % 9}", luck.choice(HOURS), luck.choice(DAYS)))


def _reactions(luck: random.Random, ids: list[str]) -> Iterator[str]:
    for person_id in ids:
        for name, (_, *nudges) in BOOKS.items():
            for key, _, priority in nudges:
                kind, value = luck.choice(DEEDS)
                if luck.random() < 0.5 and (kind != "answer" or priority is None):
                    yield ",".join((person_id, name, key, kind, value, luck.choice(AFTER)))
