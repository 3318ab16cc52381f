"""Python and SQL tell the same people: this module is the property test of rules, and of what they ask for."""

import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import case, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.people.audiences import first_segment, in_pilot, in_segment
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
from nudges.domain.people.facts import hinges_on_behaviour, wanted_by
from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.segments import FIELDS, AllOf, AnyOf, HasValue, InSegment, Not, Rule, matches
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import AudienceRule, Pilot
from nudges.store import facts, groups, people, segment_sql, usage
from nudges.store.engine import Database, open_database
from nudges.store.facts import Scene
from nudges.store.groups import GroupReading
from nudges.store.segment_sql import Asking
from nudges.store.tables import DeliveryRow, PersonRow, ResponseRow
from nudges.store.usage import Usage
from tests.builders import a_company, a_playbook
from tests.fakes import utc
from tests.places import PLACES
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
PERSON_ID = col(PersonRow.person_id)
CHANNELS = {"ask-billing": "C0BILLING", "again": "C0BILLING", "quiet": "C0QUIET"}


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


@pytest.fixture(scope="module")
def worlds(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Database]]:
    """Give ten companies of seven, each with a history of its own."""
    folder = tmp_path_factory.mktemp("worlds")
    made = []
    for seed in range(10):
        path = folder / f"{seed}.db"
        shutil.copy(migrated, path)
        database = open_database(PLACES.settle(path))
        with database.begin() as session:
            fill(session, seed)
        made.append(database)
    yield made
    for database in made:
        database.close()


def everybody(session: Session, scene: Scene, company: Company) -> list[Person]:
    wanted = wanted_by(company.segments.values(), company.segments)
    known = facts.behaviours(session, scene, wanted)
    found = people.everybody(session, scene.workspace_id)
    return [Person(**{**one.__dict__, "behaviour": known.get(one.person_id)}) for one in found]


many = settings(max_examples=250, deadline=None)
seeds = st.integers(0, 9)


@many
@given(seed=seeds, named=segments())
def test_sql_and_python_find_the_same_people(worlds: list[Database], seed: int, named: dict[str, Rule]) -> None:
    company, scene, rule = a_company(segments=named, channels=CHANNELS), Scene(HERE, NOW, CHANNELS), named["third"]
    hinged = hinges_on_behaviour(rule, named)
    with worlds[seed].reading() as session:
        asking = Asking(session, scene, named)
        asked = (
            segment_sql.condition(asking, rule),
            segment_sql.segment_condition(asking, "third", company),
            segment_sql.condition(asking, hinged),
        )
        columns = [case((one, 1), else_=0) for one in asked]  # all at once: building a statement is what takes the time
        by_sql = {row[0]: row[1:] for row in session.execute(select(PERSON_ID, *columns).where(asking.here))}
        by_python = {
            one.person_id: (matches(rule, one, named), in_segment("third", company, one), matches(hinged, one, named))
            for one in everybody(session, scene, company)
        }
    assert by_sql == by_python


@pytest.mark.parametrize("tool", TOOLS)
def test_every_amount_of_use_is_the_same_for_both(worlds: list[Database], tool: str) -> None:
    scene = Scene(HERE, NOW, CHANNELS)
    for world, weeks in product(worlds[:3], (1, 2, 4)):
        company = a_company(segments={str(n): Used(n, timedelta(weeks=weeks), tool) for n in range(1, 20, 2)})
        with world.reading() as session:
            asking = Asking(session, scene, {})
            crowd = everybody(session, scene, company)
            for rule in company.segments.values():
                where = segment_sql.condition(asking, rule) & asking.here
                inside = {one.person_id for one in crowd if matches(rule, one, {})}
                assert set(segment_sql.ids(asking, where, limit=100)) == inside, rule


def test_counting_and_naming_are_about_the_same_people(worlds: list[Database]) -> None:
    with worlds[0].reading() as session:
        asking = Asking(session, Scene(HERE, NOW, CHANNELS), {})
        where = asking.here & segment_sql.condition(asking, HasValue("place", tuple(TEXTS)))
        found = segment_sql.ids(asking, where, limit=100)
        assert segment_sql.count(asking, where) == len(found) == segment_sql.count_by_place(asking, where).total() > 1
        assert segment_sql.ids(asking, where, limit=1) == found[:1]


@settings(many, max_examples=40)
@given(seed=seeds, named=segments())
def test_the_audience_is_the_same_with_its_first_segments_and_pilot(
    worlds: list[Database], seed: int, named: dict[str, Rule]
) -> None:
    company = a_company(segments=named, channels=CHANNELS)
    pilot = Pilot(segment="third", answers=5, useful=0.5)
    playbook = a_playbook(audience=AudienceRule(segments=("second", "first"), pilot=pilot))
    scene = Scene(HERE, NOW, CHANNELS)
    with worlds[seed].reading() as session:
        found = segment_sql.audience(Asking(session, scene, named), playbook, company)
        by_rule = [
            (one.person_id, first_segment(playbook, company, one), in_pilot(playbook, company, one))
            for one in everybody(session, scene, company)
            if first_segment(playbook, company, one)
        ]
        early = {one: is_early for one, _, is_early in by_rule}
        told = [(one.person_id, segment, is_pilot) for one, segment, is_pilot in found]
        assert [row[:2] for row in told] == [row[:2] for row in by_rule]
        assert {one: is_pilot for one, _, is_pilot in told} == early


@settings(many, max_examples=50)
@given(seed=seeds, rule=rules(leaves_of_rules([])))
def test_facts_of_one_person_are_those_read_for_all(worlds: list[Database], seed: int, rule: Rule) -> None:
    wanted = wanted_by([rule], {})
    with worlds[seed].reading() as session:
        of_all = facts.behaviours(session, Scene(HERE, NOW, CHANNELS), wanted)
        for person_id in IDS:
            of_one = facts.behaviours(session, Scene(HERE, NOW, CHANNELS, person_id), wanted)
            assert of_one.get(person_id) == of_all.get(person_id)
            assert of_one.keys() <= {person_id}


@pytest.mark.parametrize(
    "kind", [Answered, DidNotAnswer, QuizBelow, Used, JoinedWithin, InUserGroup, InChannel, Sampled]
)
def test_the_worlds_are_rich_enough_that_each_kind_of_rule_tells_people_apart(
    worlds: list[Database], kind: type
) -> None:
    examples: dict[type, Rule] = {
        Answered: Answered(("find-an-expert/tip",)),
        DidNotAnswer: DidNotAnswer(("find-an-expert",)),
        QuizBelow: QuizBelow("find-an-expert", 0.7),
        Used: Used(9, timedelta(days=28)),
        JoinedWithin: JoinedWithin(timedelta(days=30)),
        InUserGroup: InUserGroup(("S0ONE",)),
        InChannel: InChannel(("ask-billing",)),
        Sampled: Sampled(0.5, "spring"),
    }
    sizes = set()
    for world in worlds:
        with world.reading() as session:
            asking = Asking(session, Scene(HERE, NOW, CHANNELS), {})
            sizes.add(segment_sql.count(asking, segment_sql.condition(asking, examples[kind]) & asking.here))
    assert any(0 < size < len(IDS) for size in sizes), sizes


def test_postgresql_gets_a_statement_it_can_read(worlds: list[Database]) -> None:
    rule = AllOf((
        Sampled(0.1, "spring"), Used(3, timedelta(days=28), "Wiki"), QuizBelow("other", 0.6),
        DidNotAnswer(("other/tip",)), JoinedWithin(timedelta(days=30)), InUserGroup(("S0ONE",)),
        Not(HasValue("title", ("nowhere",))),
        HasValue("attribute:cost centre", tuple(TEXTS[1:])),
    ))  # fmt: skip
    with worlds[1].reading() as session:
        where = segment_sql.condition(Asking(session, Scene(HERE, NOW, CHANNELS), {}), rule)
        text = str(select(PERSON_ID).where(where).compile(dialect=postgresql.dialect()))
    assert "%%" in text  # the modulo of the draw, written as the driver wants it
    assert "JSON_EXTRACT" not in text
