"""Fixtures for shared work: each test gets a PostgreSQL database of its own, copied from one that is migrated once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.work.queue import Queue
from nudges.store.engine import Database, open_database
from nudges.store.migrate import upgrade
from tests.places import PLACES
from tests.work.desks import Desks


@pytest.fixture(scope="session")
def template() -> str:
    url = PLACES.server.new_database()
    database = open_database(url)
    upgrade(database)
    Queue(database).bring_up()
    database.close()
    return url


@pytest.fixture
def database(template: str) -> Iterator[Database]:
    url = PLACES.server.new_database(template)
    database = open_database(url)
    yield database
    database.close()
    PLACES.server.drop(url)


@pytest.fixture
def queue(database: Database) -> Queue:
    return Queue(database)


@pytest.fixture
def desks(database: Database, tmp_path: Path) -> Iterator[Desks]:
    with Desks(database, tmp_path) as desks:
        yield desks
