"""Fixtures for the services: each test gets a company of its own, copied from one that is furnished once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nudges.services.core import Core
from tests.services.house import House, furnish, open_house


@pytest.fixture(scope="session")
def furnished_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house") / "furnished"
    furnish(folder)
    return folder


@pytest.fixture
def house(furnished_house: Path, tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "house"
    shutil.copytree(furnished_house, folder)
    opened = open_house(folder)
    yield opened
    opened.core.db.close()


@pytest.fixture
def core(house: House) -> Core:
    return house.core
