"""Notes made in threads and committed together: this module lets whoever comes first commit for all who wait.

A commit waits for the disk, and a wave makes hundreds a second. Nobody goes on before their own note is committed.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")
LINGER_S = 0.02  # how long the first note waits for others that are under way; a commit takes about as long


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
        self._underway = 0
        self._guard = threading.Condition()  # of both, held for no longer than it takes to change them
        self._turn = threading.Lock()  # of committing

    @contextmanager
    def underway(self) -> Iterator[None]:
        """Say that a note may follow soon, so that one that is there already waits a moment for it."""
        with self._guard:
            self._underway += 1
        try:
            yield
        finally:
            with self._guard:
                self._underway -= 1
                self._guard.notify_all()

    def note(self, value: T) -> None:
        """Return when the note is committed; raises what committing it raised."""
        mine = _Note(value)
        with self._guard:
            self._waiting.append(mine)
            self._guard.notify_all()
        while not mine.is_done:
            with self._turn:
                if not mine.is_done:
                    self._commit_some()
        if mine.fault is not None:
            raise mine.fault

    def _commit_some(self) -> None:
        with self._guard:
            self._guard.wait_for(lambda: not self._underway or len(self._waiting) >= self._most, LINGER_S)
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        fault: BaseException | None = None
        try:
            self._commit([note.value for note in group])
        except BaseException as error:  # told to each whose note it was
            fault = error
        for note in group:
            note.fault, note.is_done = fault, True
