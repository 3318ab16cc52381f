"""What all tests share: this module lets them run on SQLite or, with `--database postgresql`, on PostgreSQL."""

import os

import pytest

from tests.places import KINDS, PLACES, VARIABLE

NOT_ON_POSTGRESQL = {
    "sqlite_only": "is about SQLite itself",
    "once": "shows what services decide; other tests show on both databases that they store and read alike",
}
IS_LONG = bool(os.environ.get("NUDGER_SOAK"))  # then everything runs on both but what is about one of them


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, default=PLACES.kind, help=f"where tests keep data (or {VARIABLE})")


def pytest_configure(config: pytest.Config) -> None:
    PLACES.kind = config.getoption("--database")
    for marker, reason in NOT_ON_POSTGRESQL.items():
        config.addinivalue_line("markers", f"{marker}: {reason}; skipped on PostgreSQL")


def pytest_unconfigure() -> None:
    PLACES.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if PLACES.is_sqlite:
        return
    for item in items:
        for marker, reason in NOT_ON_POSTGRESQL.items():
            if (marker == "sqlite_only" or not IS_LONG) and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
