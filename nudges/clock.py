"""The one reader of the wall clock: this module is where `now` comes from."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present instant, aware and in UTC."""
    return datetime.now(UTC)


def steady_clock() -> float:
    """Return seconds that only ever grow, whatever the wall clock is set to; they mean nothing to another process."""
    return time.monotonic()
