"""Companies in which rules tell people apart: this module draws rules, and people whose records they ask about."""

import random
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from nudges.domain.people.fact_rules import (
    Answered,
    DidNotAnswer,
    InChannel,
    InUserGroup,
    JoinedWithin,
    QuizBelow,
    Sampled,
    Used,
)
from nudges.domain.people.facts import wanted_by
from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.segments import FIELDS, AllOf, AnyOf, HasValue, InSegment, Not, Rule
from nudges.domain.playbooks.company import Company
from nudges.store import facts, groups, people, usage
from nudges.store.facts import Scene
from nudges.store.groups import GroupReading
from nudges.store.tables import DeliveryRow, ResponseRow
from nudges.store.usage import Usage
from tests.fakes import utc
from tests.store.rows import HERE, THERE, put_campaign

NOW = utc("2027-03-10 12:00")
# Case, accents in two ways of writing, outer spaces, the sharp s that grows when folded, the dotless i, and nothing.
TEXTS = [
    "",
    "Lisbon",
    "lisbon ",
    "São Paulo",
    "Sa\u0303o paulo",
    "STRASSE",
    "Straße",
    "İstanbul",
    "a'b\"c%",
    "\u00a0x",
    "x",
]
COLUMNS = ["shift", "Shift", "cost centre", 'odd "key"', "ключ"]
NUDGES = ["find-an-expert", "find-an-expert/tip", "find-an-expert/quiz", "other/tip", "nobody-knows"]
TOOLS = ["", "Slack channels", "slack CHANNELS", "Wiki"]
IDS = [f"U{number}" for number in range(7)]
NAMES = ["first", "second", "third"]


def leaves_of_rules(named: list[str]) -> st.SearchStrategy[Rule]:
    texts = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3).map(tuple)
    nudges = st.lists(st.sampled_from(NUDGES), min_size=1, max_size=2).map(tuple)
    days = st.integers(1, 60).map(lambda number: timedelta(days=number))
    shares = st.sampled_from([0.0001, 0.1, 0.29, 1 / 3, 0.5, 0.7, 1.0])
    fields = st.sampled_from([name for name in FIELDS if name != "kind"])
    return st.one_of(
        st.builds(HasValue, fields, texts),
        st.builds(HasValue, st.just("kind"), st.sampled_from([("guest",), ("Member", "bot")])),
        st.builds(HasValue, st.sampled_from(COLUMNS).map(lambda name: f"attribute:{name}"), texts),
        st.builds(Answered, nudges),
        st.builds(DidNotAnswer, nudges),
        st.builds(QuizBelow, st.sampled_from(["find-an-expert", "other"]), shares),
        st.builds(Used, st.integers(1, 9), days, st.sampled_from(TOOLS)),
        st.builds(JoinedWithin, days),
        st.builds(InUserGroup, st.sampled_from([("S0ONE",), ("S0ONE", "S0TWO"), ("S0NONE",)])),
        st.builds(InChannel, st.sampled_from([("ask-billing",), ("quiet", "unknown"), ("again",)])),
        st.builds(Sampled, shares, st.sampled_from(["", "spring", "Ünïcode"])),
        *([st.builds(InSegment, st.sampled_from(named))] if named else []),
    )


def rules(leaf: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(leaf, max_size=3).map(tuple)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
            st.builds(AllOf, st.tuples(inner, st.builds(Not, st.builds(AnyOf, several)))),
        ),
        max_leaves=6,
    )


def segments() -> st.SearchStrategy[dict[str, Rule]]:
    """Give three segments, of which each may name those before it."""
    return st.fixed_dictionaries({name: rules(leaves_of_rules(NAMES[:place])) for place, name in enumerate(NAMES)})


def fill(session: Session, seed: int) -> None:
    """Put seven people with a history into the database, and a namesake of each in another workspace."""
    dice = random.Random(seed)
    for days_ago in (90, 89, 30, 5):  # seen in four readings, the first two of them in the first day
        at = NOW - timedelta(days=days_ago) if days_ago != 89 else NOW - timedelta(days=89, hours=1)
        listed = [_somebody(dice, one) for one in IDS if days_ago == 5 or dice.random() < 0.5]
        people.upsert_directory(session, HERE, listed, at)
    people.upsert_file(session, HERE, [_somebody(dice, one) for one in IDS if dice.random() < 0.8], NOW)
    people.upsert_directory(session, THERE, [Person(one, department="Lisbon") for one in IDS], NOW)
    _history(session, dice)
    found = {one: GroupReading(frozenset(dice.sample(IDS, 3))) for one in ("S0ONE", "S0TWO", "C0BILLING", "C0QUIET")}
    groups.replace(session, HERE, found, NOW)
    groups.replace(session, THERE, {"S0NONE": GroupReading(frozenset(IDS))}, NOW)
    weeks = {(one, week, tool) for one in IDS for week in range(10) for tool in TOOLS if dice.random() < 0.4}
    monday = (NOW - timedelta(days=2)).date()
    rows = [
        Usage(one, monday - timedelta(weeks=week - 1), dice.randint(0, 7), tool) for one, week, tool in sorted(weeks)
    ]
    usage.take_over(session, HERE, rows)
    usage.take_over(session, THERE, [Usage(one, monday, 7, "Wiki") for one in IDS])


def _somebody(dice: random.Random, person_id: str) -> Person:
    names = ("department", "place", "country", "region", "role", "title", "team", "language", "first_name")
    values: dict[str, Any] = {name: dice.choice(TEXTS) for name in names}
    attributes = {name: dice.choice(TEXTS) for name in dice.sample(COLUMNS, dice.randint(0, 3))}
    kind = dice.choice([PersonKind.MEMBER, PersonKind.MEMBER, PersonKind.GUEST, PersonKind.BOT])
    return Person(person_id, kind=kind, manager_id=dice.choice(["", *IDS]), attributes=attributes, **values)


def _history(session: Session, dice: random.Random) -> None:
    for place, (name, playbook) in enumerate([("a", "find-an-expert"), ("a-2", "find-an-expert"), ("b", "other")]):
        workspace_id = HERE if place != 1 or dice.random() < 0.7 else THERE
        campaign_id = put_campaign(session, name, workspace_id, playbook=playbook)
        for person_id in IDS:
            for nudge_key in ("tip", "quiz"):
                _touch(session, dice, workspace_id, campaign_id, nudge_key, person_id)


def _touch(session: Session, dice: random.Random, here: str, campaign_id: int, nudge_key: str, person_id: str) -> None:
    delivery_id = f"{campaign_id}{nudge_key}{person_id}"
    sent_at = NOW - timedelta(hours=dice.choice([1, 24, 25, 200]))
    values = {"workspace_id": here, "campaign_id": campaign_id, "nudge_key": nudge_key, "person_id": person_id}
    status = dice.choice(["sent", "sent", "planned", "skipped"])
    row = {**values, "delivery_id": delivery_id, "status": status, "created_at": NOW}
    session.execute(insert(DeliveryRow), [row | {"sent_at": sent_at if status == "sent" else None}])
    if status == "sent" and dice.random() < 0.5:
        kind = dice.choice(["answer", "feedback"])
        graded = dice.choice([True, False]) if kind == "answer" else None
        answer = {**values, "delivery_id": delivery_id, "kind": kind, "is_right": graded, "responded_at": NOW}
        session.execute(insert(ResponseRow), [answer])


def everybody(session: Session, scene: Scene, company: Company) -> list[Person]:
    wanted = wanted_by(company.segments.values(), company.segments)
    known = facts.behaviours(session, scene, wanted)
    found = people.everybody(session, scene.workspace_id)
    return [Person(**{**one.__dict__, "behaviour": known.get(one.person_id)}) for one in found]
