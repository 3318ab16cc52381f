"""An instant in a column: this module refuses naive values and gives back aware UTC ones, on every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, TypeDecorator

KEPT = 256  # instants read lately; the same few come with row after row, and each tick has a new one


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, gives back aware UTC ones on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; ValueError for a naive one."""
        return None if value is None else _in_utc(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Return how a value is handed over; on SQLite in one step, because each message has a score of instants."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], datetime | None] | None:
        """Return how a stored value is read; on SQLite in one step."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored instant, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant must be aware; use nudges.clock")
    return value.astimezone(UTC)


def _written(value: datetime | None) -> str | None:
    """Return the text that SQLAlchemy stores too: without a zone and with six decimals, so that texts compare."""
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:26]


@lru_cache(KEPT)
def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")
