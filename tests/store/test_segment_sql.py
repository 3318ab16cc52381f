"""Python and SQL tell the same people: this module is the property test of rules, and of what they ask for."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql
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
from nudges.domain.people.segments import AllOf, HasValue, Not, Rule, matches
from nudges.domain.playbooks.playbook import AudienceRule, Pilot
from nudges.store import facts, segment_sql
from nudges.store.engine import Database, open_database
from nudges.store.facts import Scene
from nudges.store.segment_sql import Asking
from nudges.store.tables import PersonRow
from tests.builders import a_company, a_playbook
from tests.places import PLACES
from tests.store.rows import HERE
from tests.store.segment_worlds import IDS, NOW, TEXTS, TOOLS, everybody, fill, leaves_of_rules, rules, segments

PERSON_ID = col(PersonRow.person_id)
CHANNELS = {"ask-billing": "C0BILLING", "again": "C0BILLING", "quiet": "C0QUIET"}


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
