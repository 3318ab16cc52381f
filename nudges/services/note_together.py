"""Notes made in threads and committed together: this module lets whoever comes first commit for all who wait.

A commit waits for the disk, and a wave makes hundreds a second. Nobody goes on before their own note is committed.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class _Note(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value
        self.is_done = False
        self.fault: BaseException | None = None


class Together(Generic[T]):
    """Hands notes to `commit` in groups of up to `most`; a group that fails fails for each of its notes."""

    def __init__(self, commit: Callable[[Sequence[T]], None], most: int) -> None:
        self._commit = commit
        self._most = most
        self._waiting: list[_Note[T]] = []
        self._guard = threading.Lock()  # of the list, held for no longer than it takes to change it
        self._turn = threading.Lock()  # of committing

    def note(self, value: T) -> None:
        """Return when the note is committed; raises what committing it raised."""
        mine = _Note(value)
        with self._guard:
            self._waiting.append(mine)
        while not mine.is_done:
            with self._turn:
                if not mine.is_done:
                    self._commit_some()
        if mine.fault is not None:
            raise mine.fault

    def _commit_some(self) -> None:
        with self._guard:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        fault: BaseException | None = None
        try:
            self._commit([note.value for note in group])
        except BaseException as error:  # told to each whose note it was
            fault = error
        for note in group:
            note.fault, note.is_done = fault, True
