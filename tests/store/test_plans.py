"""What the database does for each tick and message: this module reads its plans, so that no statement walks a table.

A table may be walked where it holds the few campaigns; those with a row for each person or message are looked up.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.people.sync_people import refresh_audiences
from nudges.store import ahead, campaigns, deliveries, history, people, recall
from nudges.store.engine import Database, open_database
from nudges.store.migrate import upgrade
from nudges.store.undecided import Question, still_meant, undecided
from tests.big_company import TEAM, a_core, furnish
from tests.places import PLACES
from tests.store.rows import HERE, NOON, a_new, claim, put, put_campaign

WALKED = {
    "sqlite": re.compile(
        r"SCAN (deliveries|people|audience|preferences|responses|recall_cards)(_\d+)?\b"
        # In people's order is how a batch is found; for each of its people it would be a walk.
        r"|(?<!CO-ROUTINE anon_1\n)SEARCH deliveries.*person_id>\?"
    ),
    "postgresql": re.compile(r"Seq Scan on (deliveries|people|audience|preferences|responses|recall_cards)\b"),
}
MINUTE = timedelta(minutes=1)
MANY, FEW = 2000, 20
ASKED = Question(HERE, 1, "tip", NOON)
NEXT = Question(HERE, 1, "next", NOON, before="tip", sent_until=NOON)
ANA = "U0ANA"

STATEMENTS: dict[str, Callable[[Session, Delivery], object]] = {
    "who is undecided": lambda s, _: undecided(s, ASKED, after="", most=10),
    "who of the pilot is undecided": lambda s, _: undecided(s, replace(ASKED, is_pilot=True), after="", most=10),
    "whose turn it is": lambda s, _: undecided(s, NEXT, after=ANA, most=10),
    "who is still meant": lambda s, _: still_meant(s, campaigns.campaigns(s, HERE)[0], "U1", ANA),
    "how many are decided": lambda s, _: history.decided_counts(s, 1),
    "how many are meant": lambda s, _: campaigns.ever_size(s, 1),
    "what comes next": lambda s, _: history.next_due_at(s, HERE),
    "new deliveries": lambda s, _: deliveries.enqueue(s, HERE, [a_new()], NOON),
    "a claim": lambda s, _: deliveries.claim_due(s, HERE, now=NOON, limit=20),
    "a look ahead": lambda s, one: ahead.look_ahead(s, HERE, [one, replace(one, person_id=ANA)]),
    "one person": lambda s, _: people.person(s, HERE, ANA),
    "a person's wishes": lambda s, _: people.preference(s, HERE, ANA),
    "a membership": lambda s, _: campaigns.member(s, 1, ANA),
    "what else waits for a person": lambda s, _: history.claims(s, HERE, ANA, besides=""),
    "shares of campaigns": lambda s, _: history.shares(s, HERE, ANA, NOON),
    "who joined late and is undecided": lambda s, _: undecided(
        s, replace(ASKED, entered_after=NOON, entered_until=NOON + MINUTE), after="", most=10
    ),
    "what a person got": lambda s, _: history.sendings(s, HERE, ANA, besides=""),
    "whether another is unknown": lambda s, _: history.has_unknown(s, HERE, ANA, besides=""),
    "a sent mark": lambda s, one: deliveries.mark_sent(s, one, channel_id="D", message_ts="1", now=NOON),
    "a stored delivery": lambda s, one: deliveries.find(s, HERE, one.delivery_id),
    "what is abandoned": lambda s, _: deliveries.abandon(s, HERE, claimed_before=NOON, now=NOON),
    "what is to be looked up": lambda s, _: deliveries.unknown_to_read(
        s, HERE, now=NOON, settle=timedelta(0), gap=timedelta(0)
    ),
    "since when it is unknown": lambda s, _: history.unsettled_since(s, HERE),
    "whose questions are looked at": lambda s, _: recall.people_due(s, HERE, now=NOON, after="", most=10),
    "what a person has met": lambda s, _: recall.met_by(s, HERE, ANA),
    "what stands round a return": lambda s, _: recall.touches(s, HERE, ANA),
    "whether questions come back": lambda s, _: recall.is_coming_back(s, HERE, 1),
    "what is stale": lambda s, _: deliveries.expire_stale(s, HERE, NOON),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database of each kind, whichever the other tests run on."""
    is_postgres = request.param == "postgresql"
    found = open_database(PLACES.server.new_database() if is_postgres else f"sqlite:///{tmp_path}/plans.db")
    upgrade(found)
    yield found
    found.close()


@contextmanager
def asked_of(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Give a list that takes down every statement with its values."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def plan_of(session: Session, statement: str, values: Any) -> str:
    """Return in the database's own words how it would run a statement."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    rows = session.connection().exec_driver_sql(explain + statement, values).all()
    return "\n".join(str(row[-1]) for row in rows)


def test_no_statement_of_a_tick_or_a_message_walks_a_large_table(database: Database) -> None:
    walked = WALKED[database.writer.dialect.name]
    with database.begin() as session:
        put_campaign(session)
    put(database, *(a_new(campaign_id=1) for _ in range(3)), workspace_id=HERE)
    (one,) = claim(database, limit=1, workspace_id=HERE)
    found: dict[str, str] = {}
    for name, ask in STATEMENTS.items():
        with asked_of(database.writer) as asked, database.begin() as session:
            session.info["seen"] = {}
            if not database.is_sqlite:
                session.execute(text("SET LOCAL enable_seqscan = off"))  # a table of three rows is rightly walked
            before = len(asked)
            ask(session, one)
            assert len(asked) > before, name
            plans = [plan_of(session, *each) for each in asked[before:] if "changes()" not in each[0]]
            found |= {f"{name} {number}": plan for number, plan in enumerate(plans) if walked.search(plan)}
    assert found == {}


def test_the_next_people_are_found_without_reading_all_who_were_decided_before(tmp_path: Path) -> None:
    database = open_database(PLACES.server.new_database())
    upgrade(database)
    furnish(database, MANY)
    core = a_core(database, tmp_path)
    refresh_audiences(core)
    plan_deliveries(core, at_once=MANY)
    with database.begin() as session:
        ids = [*session.execute(text("SELECT person_id FROM audience ORDER BY person_id")).scalars()]
        session.execute(text("DELETE FROM deliveries WHERE person_id > :last"), {"last": ids[-FEW]})
        session.execute(text("ANALYZE"))
    asked = Question(TEAM, 1, "first-tip", NOON)
    with asked_of(database.writer) as statements, database.begin() as session:
        # So few are rightly walked, and looked up one by one; of many whole stretches are joined.
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_nestloop = off"))
        assert len(undecided(session, asked, after=ids[-FEW], most=FEW)) == FEW - 1
        [(found,)] = session.connection().exec_driver_sql(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {statements[-1][0]}", statements[-1][1]
        )
    database.close()
    assert sum(rows_read(found[0]["Plan"])) < 10 * FEW


def test_people_of_several_segments_are_read_in_order_and_not_sorted_for_each_batch(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/plans.db")
    upgrade(database)
    furnish(database, FEW)
    with asked_of(database.reader) as asked:
        refresh_audiences(a_core(database, tmp_path))
    with database.reading() as session:
        plans = [plan_of(session, *each) for each in asked if "LEFT OUTER JOIN audience" in each[0]]
    database.close()
    assert plans
    assert [plan for plan in plans if "TEMP B-TREE" in plan or "MULTI-INDEX OR" in plan] == []


def rows_read(plan: dict[str, Any]) -> Iterator[float]:
    """Give how many rows each part of a plan took from a table, those thrown away with them."""
    if "Relation Name" in plan:
        yield (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        yield from rows_read(part)
