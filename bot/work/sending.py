"""One slice of sending: this module posts for a workspace for some seconds, and leaves the rest to whoever is next.

Slices let workspaces take turns. What the limiter has learnt goes from worker to worker in the database, and so does a
stop that Slack asked for: then the slice ends at once, and the workspace's next turn is when the stop is over.
"""

import logging
import threading
import time
from datetime import timedelta

from bot.sender import Sender
from bot.settings import Settings
from bot.work.queue import SEND, Queue, Work
from nudges.domain.delivery.pace import Pace
from nudges.errors import NudgerError
from nudges.services.core import Core
from nudges.store import paces

logger = logging.getLogger(__name__)

SLICE = timedelta(seconds=30)  # what is in flight must land before another goes on: short ones cost pace
BROKEN_WAIT = timedelta(seconds=2)


class Slices:
    """The slices that this worker is in, ended together."""

    def __init__(self, settings: Settings, queue: Queue) -> None:
        self._settings = settings
        self._queue = queue
        self._lock = threading.Lock()
        self._running: set[Sender] = set()
        self._stopped = False

    def send(self, core: Core) -> int:
        """Post what is due for at most a slice; have the rest done later. Return how many were posted."""
        pace = self._recalled(core)
        sender = Sender(core, pace, SLICE)
        if not self._begin(sender):
            return 0
        wait: timedelta | None = BROKEN_WAIT
        try:
            sender.drain(seconds=SLICE.total_seconds())
            wait = None if sender.is_dry else timedelta(seconds=pace.next_slot(time.monotonic()))
        except NudgerError as error:
            logger.warning("sending paused", extra={"code": error.code, "workspace_id": core.workspace_id})
        finally:
            self._end(sender)
        self._remember(core, pace)
        if wait is not None:
            self._queue.add([Work(SEND, core.workspace_id, wait=wait)])
        return sender.posted

    def stop(self) -> None:
        """Let no slice begin and each end with what is in flight."""
        with self._lock:
            self._stopped = True
        self.end_running()

    def end_running(self) -> None:
        """Let each slice end with what is in flight; others may begin."""
        with self._lock:
            running = list(self._running)
        for sender in running:
            sender.stop()

    def _begin(self, sender: Sender) -> bool:
        with self._lock:
            if not self._stopped:
                self._running.add(sender)
            return not self._stopped

    def _end(self, sender: Sender) -> None:
        sender.stop()
        with self._lock:
            self._running.discard(sender)

    def _recalled(self, core: Core) -> Pace:
        bounds = self._settings.pace
        pace = Pace(bounds.start, bounds.floor, bounds.ceiling)
        with core.db.reading() as session:
            known = paces.saved(session, core.workspace_id)
        if known is None:
            return pace
        age = max(0.0, (core.clock() - known.saved_at).total_seconds())
        return pace.restored(known.learnt, now=time.monotonic(), age=age)

    def _remember(self, core: Core, pace: Pace) -> None:
        with core.db.begin() as session:
            paces.save(session, core.workspace_id, pace.snapshot(time.monotonic()), core.clock())
