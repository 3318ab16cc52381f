"""The sending loop: this module is the thread that posts and changes what is due at the pace Slack allows."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from nudges.domain.pace import Pace
from nudges.errors import NudgerError
from nudges.services.change_messages import change_due
from nudges.services.core import Core
from nudges.services.send_deliveries import AT_ONCE, Attempt, Step, send_due

logger = logging.getLogger(__name__)
T = TypeVar("T")

BROKEN_WAIT_S = 5.0


class Sender:
    """Posts due deliveries in up to twenty threads; one limiter rules the workspace."""

    def __init__(self, core: Core, pace: Pace, tick: timedelta) -> None:
        self._core = core
        self._pace = pace
        self._tick = tick
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="post")
        self._stopped = threading.Event()
        self._awake = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sender", daemon=True)
        self.posted = 0

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in flight and end."""
        self._stopped.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=60)
        self._pool.shutdown(wait=True)

    def wake(self) -> None:
        """Look at what is due now rather than at the next tick."""
        self._awake.set()

    def drain(self) -> int:
        """Post until nothing is due, at the allowed pace; return how many were posted."""
        before = self.posted
        while not self._stopped.is_set():
            with self._lock:
                limit = self._pace.permits(time.monotonic(), AT_ONCE)
                attempts = self._work(limit) if limit else []
                self._learn(attempts)
                wait = self._pace.next_slot(time.monotonic())
            if limit and not attempts:
                break
            self._stopped.wait(wait)
        return self.posted - before

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
        return self._pool.map(work, claimed)

    def _learn(self, attempts: list[Attempt]) -> None:
        now = time.monotonic()
        for attempt in attempts:
            if attempt.step == Step.POSTED:
                self.posted += 1
                self._pace.succeeded(now)
            if attempt.step == Step.LIMITED and attempt.retry_after is not None:
                self._pace.limited(now, attempt.retry_after.total_seconds())
