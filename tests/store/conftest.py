"""Fixtures for the store: a new database in its newest shape for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nudges.store.engine import Database, checkpoint, open_database
from tests.places import PLACES, new_database


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.db"
    database = new_database(path)
    checkpoint(database)
    database.close()
    return path


@pytest.fixture
def db(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "store.db"
    shutil.copy(migrated, path)
    database = open_database(PLACES.settle(path))
    yield database
    database.close()
    PLACES.leave(path)
