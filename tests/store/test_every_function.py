"""Every public function of the store with two workspaces alike: none reads or changes a row of the other.

A function that takes an id alone is given the ids of its own workspace; one that takes a workspace and an id is given
the other's id too, and then finds nothing and changes nothing. A new function is called as the others are; a parameter
that no function has had yet needs its value in VALUES, and one that belongs to no workspace its reason in NOT_OF_ONE.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import Database
from nudges.store.tables import DeliveryRow
from tests.store.function_values import OWN, fill_more
from tests.store.functions import ALL, NOT_OF_ONE, OF_ONE, Rows, outcome, rows
from tests.store.rows import HERE, THERE, filled_database

# They give a number that the database draws, which depends on how many rows came before.
NUMBERED = ("approvals.ask", "campaigns.create", "flags.open_flag", "message_works.add", "responses.keep_text")
# Made in a way of their own by those who build them, and tried there with two workspaces.
ELSEWHERE = {
    "foreseeing.got": "tests/services/test_forecast_equals.py",
    "deliveries.enqueue_all": "tests/services/test_swapped_ids.py",
    "facts.behaviours": "tests/store/test_segment_sql.py",
}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with one workspace."""
    yield from filled_database(tmp_path_factory.mktemp("alone") / "store.db", fill_more, HERE)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The same with another one in it; ids of the first are the same in both databases."""
    yield from filled_database(tmp_path_factory.mktemp("both") / "store.db", fill_more, HERE, THERE)


@pytest.fixture(scope="module")
def stored(both: Database) -> tuple[Rows, Rows]:
    """The rows of both workspaces as they were stored, read once: what any call leaves behind shows in all after it."""
    with both.reading() as session:
        here, there = rows(session, HERE, THERE)
        return here, there


@pytest.mark.parametrize("name", sorted(set(OF_ONE) - set(ELSEWHERE)))
def test_no_row_of_the_other_is_read_or_changed(
    name: str, alone: Database, both: Database, stored: tuple[Rows, Rows]
) -> None:
    given, here, there = outcome(both, name, OF_ONE[name])
    given_alone, here_alone, _ = outcome(alone, name, OF_ONE[name])
    assert given == given_alone or name in NUMBERED, "reads rows of the other"
    assert there == stored[1], "changes rows of the other"
    assert _comparable(here) == _comparable(here_alone), "writes what it read of the other"


IDS = {"story_id", "campaign_id", "approval_id", "work_id", "flag_id", "delivery_id", "delivery_ids"}
# They keep an id as it is given; their services ask first whose it is (tests/services/test_swapped_ids.py).
KEPT = {"saved.add"}
BOTH = sorted(
    name
    for name, function in OF_ONE.items()
    if name not in ELSEWHERE
    and name not in KEPT
    and "workspace_id" in inspect.signature(function).parameters
    and any(one in IDS and kind.default is kind.empty for one, kind in inspect.signature(function).parameters.items())
)


@pytest.mark.parametrize("name", BOTH)
def test_with_an_id_of_the_other_nothing_is_found_and_nothing_changed(
    name: str, both: Database, stored: tuple[Rows, Rows]
) -> None:
    given, *after = outcome(both, name, OF_ONE[name], mine=HERE, ids_of=THERE)
    assert THERE not in given
    assert tuple(after) == stored


def test_what_would_leak_is_caught(alone: Database, both: Database, stored: tuple[Rows, Rows]) -> None:
    def leaks(session: Session, workspace_id: str) -> int:
        return len(session.execute(select(DeliveryRow)).all())

    def spoils(session: Session, campaign_id: int) -> None:
        session.execute(update(DeliveryRow).where(col(DeliveryRow.campaign_id) != 0).values(reason="x"))

    assert outcome(both, "leaks", leaks)[0] != outcome(alone, "leaks", leaks)[0]
    assert outcome(both, "spoils", spoils)[2] != stored[1]


def test_nothing_stands_in_the_lists_that_is_not_there() -> None:
    modules = {name.partition(".")[0] for name in ALL}
    assert {name for name in OWN if name not in ALL} == set()
    assert {name for name in NOT_OF_ONE if "." in name and name not in ALL} <= {"campaigns.content_hash_of"}
    assert {name for name in NOT_OF_ONE if "." not in name} <= modules | {"homes", "drawing", "additions"}


def _comparable(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Leave out numbers that the database gives, which depend on how many rows came before."""
    given = ("audit_id", "flag_id", "reply_id", "campaign_id", "approval_id", "work_id")
    return {
        table: sorted(({name: value for name, value in row.items() if name not in given} for row in rows), key=repr)
        for table, rows in found.items()
    }


def test_where_a_function_is_tried_elsewhere_that_test_is_there() -> None:
    root = Path(__file__).parents[2]
    assert [path for path in ELSEWHERE.values() if not (root / path).is_file()] == []
