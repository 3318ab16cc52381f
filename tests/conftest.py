"""What all tests share: this module lets them run on SQLite or, with `--database postgresql`, on PostgreSQL."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.threads import bound_threads
from nudges.store.engine import Database, checkpoint, open_database
from tests.acceptance.quick_process import Nursery
from tests.places import KINDS, PLACES, VARIABLE, new_database
from tests.quick_folder import MEMORY, in_memory
from tests.soak import IS_LONG

pytest_plugins = ["tests.canaries"] if os.environ.get("NUDGER_CANARIES") else []
NOT_ON_POSTGRESQL = {
    "sqlite_only": "is about SQLite itself",
    "once": "shows what services decide; other tests show on both databases that they store and read alike",
}
TEMPORARY = "PYTEST_DEBUG_TEMPROOT"  # what pytest asks for the folder of all temporary folders


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, default=PLACES.kind, help=f"where tests keep data (or {VARIABLE})")


def pytest_configure(config: pytest.Config) -> None:
    bound_threads()
    keep_compiled()
    write_into_memory()
    PLACES.kind = config.getoption("--database")
    for marker, reason in NOT_ON_POSTGRESQL.items():
        config.addinivalue_line("markers", f"{marker}: {reason}; skipped on PostgreSQL")


def keep_compiled() -> None:
    """Compile each test once, not in every worker of every run, also on a machine where Python is told to keep nothing.

    What is tested is compiled beside its source in any case, when it is installed.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # for workers, and for the processes that tests start


def write_into_memory() -> None:
    place = in_memory()
    if place is not None:
        os.environ.setdefault(TEMPORARY, str(place))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Give the memory back, unless something failed and somebody wants to look; workers leave that to the first one."""
    if exitstatus == 0 and not hasattr(session.config, "workerinput"):
        # pytest has no other way to ask for it; pytest-xdist does the same.
        folder: Path = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        if folder.is_relative_to(MEMORY):
            shutil.rmtree(folder, ignore_errors=True)


def pytest_unconfigure() -> None:
    PLACES.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if PLACES.is_sqlite:
        return
    for item in items:
        for marker, reason in NOT_ON_POSTGRESQL.items():  # the long form runs on both but for what is about one
            if (marker == "sqlite_only" or not IS_LONG) and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def loaded() -> Iterator[Nursery]:
    """Everything that processes of tests need, loaded once; `nursery` is how a test starts them."""
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def nursery(loaded: Nursery) -> Iterator[Nursery]:
    """Start processes; whatever still runs when the test is over is killed."""
    yield loaded
    loaded.tidy()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database in its newest shape, to be copied."""
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
