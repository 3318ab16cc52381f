"""The latest moment for a byte to leave: this module is where a claim says it and where a connection asks.

A process can be stopped for minutes between claiming a delivery and the first byte of its post (a suspended machine, a
debugger, memory swapped out). Meanwhile others look the message up, do not find it and send it anew; then the late post
must not follow. So the claim's end is set before the post and asked for at the last moment, in the same thread.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_local = threading.local()


@contextmanager
def leaving_within(seconds: float, *, since: float) -> Iterator[None]:
    """Let what this thread sends meanwhile leave within the time since that moment (`steady`), or never.

    The moment is taken before the time left is asked for: a process that is stopped in between must not get it anew.
    """
    _local.latest = since + seconds
    try:
        yield
    finally:
        _local.latest = None


def is_over() -> bool:
    """Return whether the time for this thread's bytes to leave is over; never where none was set."""
    latest = getattr(_local, "latest", None)
    return latest is not None and steady() > latest


def steady() -> float:
    """Return seconds of a clock that never leaps."""
    # Where there is such a clock, one that goes on while the machine is suspended.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
