"""Fixtures for the faces: each test gets an office of its own, copied from one that is furnished once."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.run import build_server
from bot.settings import Settings, known_names
from tests.bot.doctoring import a_setting
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


@pytest.fixture
def empty_environment(monkeypatch, tmp_path):
    """Take our variables away, and any .env file."""
    monkeypatch.chdir(tmp_path)
    for name in (*known_names(), "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Any]:
    with build_server(people=[{"id": "U0ANA", "name": "ana"}], port=0) as server:
        yield server


@pytest.fixture
def settings(sandbox, tmp_path, monkeypatch) -> Settings:
    """Settings of a test's own; what a run of the tests was asked by its environment is none of their business."""
    for name in [one for one in os.environ if one.startswith("NUDGER_")]:
        monkeypatch.delenv(name)
    return a_setting(sandbox.api_url, tmp_path)
