"""One write at a time in a workspace: this module lets a process stand in PostgreSQL's queue for it only once.

The server gives the turn to whoever asked first, whether that process is awake or not. A process that was suspended
with twenty of its threads in the queue held it for twenty times the pause it is allowed; with one, for one. Who waits
here holds no connection meanwhile, so that signs of life still find one.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from nudges.errors import StorageError


class Turns:
    """The turns of this process, one for each workspace."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}

    @contextmanager
    def taken(self, workspace_id: str, patience: timedelta) -> Iterator[None]:
        """Hold the turn of the workspace; StorageError when it does not come in time."""
        with self._guard:
            turn = self._turns.setdefault(workspace_id, threading.Lock())
        if not turn.acquire(timeout=max(0.0, patience.total_seconds())):
            raise StorageError(
                "The database is too slow just now, so nothing was stored.", hint="Try again in a moment."
            )
        try:
            yield
        finally:
            turn.release()
