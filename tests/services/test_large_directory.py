"""A directory of many people: this module is the tests of what others see, and wait for, while it is taken over."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, event, func, select

from nudges.domain.people.people import Person, PersonKind
from nudges.services.keeping.forget_person import forget
from nudges.services.people.sync_people import sync_people
from nudges.store.listed_people import PART
from nudges.store.tables import PersonRow
from tests.builders import a_person
from tests.services.house import ANA, House, everybody

MANY = 3 * PART


def newcomers() -> list[Person]:
    return [a_person(f"U1{number:05}", first_name=f"Name {number}") for number in range(MANY)]


def people_stored(house: House) -> int:
    with house.core.db.reading() as session:
        return session.execute(select(func.count()).select_from(PersonRow)).scalar_one()


@contextmanager
def watched(engine: Engine, seen: list[Any], look: Any) -> Iterator[None]:
    """Take down what a look gives after each statement that writes people."""

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "people" in statement.split("(")[0] and not statement.startswith("SELECT"):
            seen.append(look())

    event.listen(engine, "after_cursor_execute", note)
    yield
    event.remove(engine, "after_cursor_execute", note)


def test_others_see_the_old_directory_until_the_whole_new_one_is_stored(house: House) -> None:
    before, seen = people_stored(house), list[int]()
    house.directory.everybody = [*everybody(), *newcomers()]
    with watched(house.core.db.writer, seen, lambda: people_stored(house)):
        sync_people(house.core)
    assert len(seen) >= 3  # written in parts, so there was something to see
    assert set(seen) == {before}
    assert people_stored(house) == before + MANY


def test_many_new_people_cost_a_few_statements_and_unchanged_ones_none(house: House) -> None:
    house.directory.everybody = [*everybody(), *newcomers()]
    for most in (MANY // PART + 1, 0):
        written = list[int]()
        with watched(house.core.db.writer, written, lambda: 1):
            sync_people(house.core)
        assert len(written) <= most


def test_somebody_forgotten_while_the_directory_is_compared_stays_forgotten(house: House) -> None:
    house.directory.replace(a_person(ANA, first_name="Another"))
    erased = list[str]()

    def clock() -> datetime:  # asked between comparing and storing
        if not erased:
            erased.append(ANA)
            forget(house.core, ANA)
        return house.clock()

    report = sync_people(replace(house.core, clock=clock))
    assert erased and house.rows(PersonRow, person_id=ANA) == []
    assert report.people == len(everybody()) - 1


def test_somebody_on_two_pages_counts_as_first_read(house: House) -> None:
    house.directory.everybody = [*everybody(), a_person(ANA, first_name="Second")]
    assert sync_people(house.core).people == len(everybody())
    assert [row.first_name for row in house.rows(PersonRow, person_id=ANA)] == ["Ana"]


def test_who_is_listed_no_more_is_marked_whichever_part_they_are_in(house: House) -> None:
    house.directory.everybody = [*everybody(), *newcomers()]
    sync_people(house.core)
    house.directory.everybody = [*everybody(), *newcomers()[::2]]
    assert sync_people(house.core).people == len(everybody()) + MANY / 2
    gone = house.rows(PersonRow, kind=PersonKind.DEACTIVATED.value)
    assert len([row for row in gone if row.first_name == "" and row.person_id.startswith("U1")]) == MANY / 2
