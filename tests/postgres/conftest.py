"""Fixtures for PostgreSQL itself: a server that may be stopped, and databases on it in their newest shape."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nudges.store.engine import Database, open_database
from nudges.store.migrate import upgrade
from tests.databases import PostgresServer, postgres_server
from tests.places import PLACES
from tests.services.house import DATABASE, FRIDAY, House, furnish, open_house
from tests.store.rows import HERE


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture(scope="session")
def empty(server: PostgresServer) -> str:
    url = server.new_database()
    database = open_database(url)
    upgrade(database)
    database.close()
    return url


@pytest.fixture
def url(server: PostgresServer, empty: str) -> Iterator[str]:
    fresh = server.new_database(empty)
    yield fresh
    server.drop(fresh)


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    database = open_database(url).of_workspace(HERE)
    yield database
    database.close()


@pytest.fixture
def house(server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(PLACES, "kind", "postgresql")
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / DATABASE).write_text(server.new_database(), "utf-8")
    furnish(folder)
    opened = open_house(folder, FRIDAY)
    yield opened
    opened.core.db.close()
    server.drop(opened.core.db.url)
