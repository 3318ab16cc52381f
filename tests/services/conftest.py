"""Fixtures for the services: each test gets a company of its own, copied from one that is furnished once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nudges.services.core import Core
from nudges.store.engine import Database, checkpoint, open_database
from tests.places import PLACES, new_database
from tests.services.house import FRIDAY, House, furnish, visit


@pytest.fixture(scope="session")
def furnished_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house") / "furnished"
    furnish(folder)
    return folder


@pytest.fixture
def house(furnished_house: Path, tmp_path: Path) -> Iterator[House]:
    with visit(furnished_house, tmp_path / "house", FRIDAY) as opened:
        yield opened


@pytest.fixture
def core(house: House) -> Core:
    return house.core


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    database = new_database(path)
    checkpoint(database)
    database.close()
    return path


@pytest.fixture
def db(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own with nothing in it."""
    path = tmp_path / "own.db"
    shutil.copy(migrated, path)
    database = open_database(PLACES.settle(path))
    yield database
    database.close()
    PLACES.leave(path)
