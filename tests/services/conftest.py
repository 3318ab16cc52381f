"""Fixtures for the services: each test gets a company of its own, copied from one that is furnished once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nudges.services.core import Core
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
