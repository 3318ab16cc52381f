"""The sending loop: this module is the thread that posts and changes what is due at the pace Slack allows."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_all
from datetime import timedelta
from typing import TypeVar

from nudges.domain.delivery.pace import Pace
from nudges.errors import NudgerError
from nudges.services.core import Core
from nudges.services.delivery.change_messages import change_due
from nudges.services.delivery.send_deliveries import AT_ONCE, Attempt, Step, send_due

logger = logging.getLogger(__name__)
T = TypeVar("T")

BROKEN_WAIT_S = 5.0
GATHERED = AT_ONCE // 2  # so many are claimed and noted together while the others are under way
GATHER_S = 0.02  # where slots come faster than this, some are gathered: a claim of one costs as much as one of ten


class Sender:
    """Posts due deliveries in up to twenty threads; one limiter rules the workspace."""

    def __init__(self, core: Core, pace: Pace, tick: timedelta) -> None:
        self._core = core
        self._pace = pace
        self._tick = tick
        self._lock = threading.Condition()  # guards the pace and what is in flight
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="post")
        self._stopped = threading.Event()
        self._awake = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sender", daemon=True)
        self._batches = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="batch")
        self._flying = 0
        self._free_since: float | None = None  # when there was room for few: more may land in a moment
        self.is_dry = False  # nothing more was due when it was last looked at
        self._fault: BaseException | None = None
        self.posted = 0

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in flight and end."""
        self._stopped.set()
        self._awake.set()
        with self._lock:
            self._lock.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=60)
        self._batches.shutdown(wait=True)
        self._pool.shutdown(wait=True)

    def wake(self) -> None:
        """Look at what is due now rather than at the next tick."""
        self._awake.set()

    def drain(self, *, seconds: float = math.inf) -> int:
        """Post until nothing is due, at the allowed pace; return how many were posted.

        With `seconds` nothing is begun after them, and it ends at once when Slack's stop lasts longer.
        """
        before, end = self.posted, time.monotonic() + seconds
        with self._lock:
            self.is_dry = False
            while self._goes_on(end):
                wait = self._begin_next()
                left = end - time.monotonic()
                if not self._flying and wait is not None and wait > left:
                    break
                self._lock.wait(_shorter(wait, left))
            self._lock.wait_for(lambda: not self._flying)
            fault, self._fault = self._fault, None
        if fault is not None:
            raise fault
        return self.posted - before

    def _goes_on(self, end: float) -> bool:
        if self._stopped.is_set() or self._fault is not None or time.monotonic() >= end:
            return False
        return not (self.is_dry and not self._flying)

    def _begin_next(self) -> float | None:
        """Begin what the pace allows now; return the seconds until there can be more, None to wait for an answer."""
        free, now = AT_ONCE - self._flying, time.monotonic()
        if self.is_dry or not free:
            return None
        if free < self._pace.soon(GATHER_S, GATHERED):
            self._free_since = self._free_since or now
            if now < self._free_since + GATHER_S:
                return self._free_since + GATHER_S - now
        wait = self._pace.next_slot(now, most=GATHERED, within=GATHER_S)
        # Batches overlap: waiting for the slowest would bunch the posts, and a server that counts would refuse them.
        limit = 0 if wait else self._pace.permits(now, free)
        if limit:
            self._free_since = None
            self._flying += limit
            batch = self._batches.submit(self._work, limit)
            batch.add_done_callback(lambda done: self._landed(done, limit))
        return self._pace.next_slot(now, most=GATHERED, within=GATHER_S)

    def _landed(self, batch: Future[list[Attempt]], limit: int) -> None:
        with self._lock:
            self._flying -= limit
            self._fault = self._fault or batch.exception()
            if self._fault is None:
                self._learn(batch.result())
            self._lock.notify_all()

    def _work(self, limit: int) -> list[Attempt]:
        # What people wait for comes first; corrections and recalls take what is left of the same pace.
        return send_due(self._core, limit=limit, run=self._run) or change_due(self._core, limit=limit, run=self._run)

    def _loop(self) -> None:
        while not self._stopped.is_set():
            try:
                self.drain()
                wait = self._tick.total_seconds()
            except NudgerError as error:
                logger.warning("sending paused", extra={"code": error.code, "hint": error.hint})
                wait = BROKEN_WAIT_S
            except Exception:  # the one handler of this thread: it must outlive any single fault
                logger.exception("sending broke")
                wait = BROKEN_WAIT_S
            self._awake.wait(wait)
            self._awake.clear()

    def _run(self, work: Callable[[T], Attempt], claimed: list[T]) -> Iterable[Attempt]:
        posts = [self._pool.submit(work, one) for one in claimed]
        wait_for_all(posts)  # once, rather than for one after the other
        return [post.result() for post in posts]

    def _learn(self, attempts: list[Attempt]) -> None:
        now = time.monotonic()
        limited = [one.retry_after for one in attempts if one.step == Step.LIMITED and one.retry_after is not None]
        for _ in range(sum(attempt.step == Step.POSTED for attempt in attempts)):
            self.posted += 1
            self._pace.succeeded(now)
        for wait in limited:
            self._pace.limited(now, wait.total_seconds())
        # What was refused is due again after the stop; an empty batch says that nothing else is.
        self.is_dry = not limited and (self.is_dry or not attempts)


def _shorter(wait: float | None, left: float) -> float | None:
    """Return the seconds to wait at most; None to wait until something lands."""
    most = left if wait is None else min(wait, left)
    return None if most == math.inf else max(0.0, most)
