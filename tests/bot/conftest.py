"""Fixtures for the faces: each test gets an office of its own, copied from one that is furnished once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.office import DATABASE, Office, furnish, open_office
from tests.places import PLACES


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "office"
    shutil.copytree(furnished, folder)
    PLACES.settle(folder / DATABASE)
    opened = open_office(folder)
    yield opened
    opened.app.bolt.listener_runner.listener_executor.shutdown(wait=True)
    opened.core.db.close()
    PLACES.leave(folder / DATABASE)
