"""Fixtures of the store's tests: this module is the shapes that the database had before each migration."""

from pathlib import Path

import pytest

from tests.store.shapes import shapes_before


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return shapes_before(tmp_path_factory.mktemp("shapes"))
