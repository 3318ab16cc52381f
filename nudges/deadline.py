"""The latest moment for a byte to leave: this module is where a claim says it and where a connection asks.

A process can be stopped for minutes between claiming a delivery and the first byte of its post (a suspended machine, a
debugger, memory swapped out). Meanwhile others look the message up, do not find it and send it anew; then the late post
must not follow. So the claim's end is set before the post and asked for at the last moment, in the same thread.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import compress, starmap

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
        _local.latest = math.inf


def did_in_time(act: Callable[[bytes], object], data: bytes) -> bool:
    """Do it unless the time for this thread's bytes to leave is over; return whether it was done.

    Looking at the clock and acting are one step of the interpreter, made of its own parts: between two steps of ours
    another thread may get its turn, and a process that is stopped then would act late.
    """
    latest: float = getattr(_local, "latest", math.inf)
    is_in_time = map(latest.__ge__, starmap(steady, [()]))
    return bool(list(map(act, compress([data], is_in_time))))


# Seconds of a clock that never leaps; where there is such a clock, one that goes on while the machine is suspended.
steady: Callable[[], float] = (
    partial(time.clock_gettime, time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic
)
