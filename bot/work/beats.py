"""Signs of life: this module lets a process say every second that it lives, and says which clock leads.

The clock that leads is the oldest one that was seen within the last seconds. Nobody holds a lock for it, which a
stopped process would keep; for a moment two may lead, and then both add the same jobs, which wait only once.
"""

import contextlib
import logging
import os
import platform
import threading
from datetime import timedelta

from nudges.errors import StorageError
from nudges.store import processes
from nudges.store.engine import Database
from nudges.store.processes import Part

logger = logging.getLogger(__name__)

BEAT = timedelta(seconds=1)
DEAD_AFTER = timedelta(seconds=4)
FORGOTTEN_AFTER = timedelta(days=1)


class Beats:
    """One process's signs of life, in a thread of their own."""

    def __init__(self, database: Database, part: Part) -> None:
        self._database = database
        self._part = part
        self._place = f"{platform.node()}:{os.getpid()}"
        self._id: int | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="beats", daemon=True)

    def start(self) -> None:
        """Say at once that it lives, and go on saying so."""
        with self._database.begin() as session:
            processes.prune(session, FORGOTTEN_AFTER)
            self._id = processes.begin(session, self._part, self._place)
        self._thread.start()

    def stop(self) -> None:
        """Say good-bye; what cannot be said is noticed a little later."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._id is not None:
            with contextlib.suppress(StorageError), self._database.begin() as session:
                processes.end(session, self._id)

    def leads(self) -> bool:
        """Return whether this process is the oldest living one of its part. Raises StorageError."""
        with self._database.reading() as session:
            return processes.oldest_living(session, self._part, DEAD_AFTER) == self._id

    def _loop(self) -> None:
        while not self._stopped.wait(BEAT.total_seconds()):
            try:
                self._beat()
            except StorageError as error:
                logger.debug("no sign of life could be given", extra={"code": error.code})

    def _beat(self) -> None:
        with self._database.begin() as session:
            if self._id is None or not processes.beat(session, self._id):
                self._id = processes.begin(session, self._part, self._place)
