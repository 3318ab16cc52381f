"""The walk of the demo's clock: this module tests that it waits for answers and prunes once a day."""

import threading
import time

from bot.counted_threads import CountedThreads
from tests.acceptance.running import wait_until


def test_threads_are_idle_only_when_all_that_was_asked_is_done() -> None:
    threads, may_end = CountedThreads(max_workers=1, name="test"), threading.Event()
    assert threads.is_idle
    first, second = threads.submit(may_end.wait, 5.0), threads.submit(time.monotonic)
    assert not threads.is_idle
    may_end.set()
    assert first.result() and second.result()
    wait_until(lambda: threads.is_idle)
    threads.shutdown()
