"""What the simulation's tests share: this module rehearses once for all that only look."""

from pathlib import Path

import pytest

from bot.simulation.rehearsal import Rehearsal
from tests.simulation.small import rehearsed, write_folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("rehearsal") / "playbooks")


@pytest.fixture(scope="session")
def four_weeks(folder: Path) -> Rehearsal:
    return rehearsed(folder)
