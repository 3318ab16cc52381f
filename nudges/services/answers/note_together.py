"""Errands of threads that go together: this module lets whoever comes first do them for all who wait.

A commit waits for the disk, a look costs a transaction, and a wave makes hundreds of both a second. Nobody goes on
before their own errand is done, and none is done by a transaction that began before it was asked for.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
LINGER_S = 0.02  # how long the first note waits for others that are under way; a commit takes about as long


class _Errand(Generic[T, R]):
    def __init__(self, value: T) -> None:
        self.value = value
        self.results: Sequence[R] = ()  # one, once it is done without a fault
        self.is_done = False
        self.fault: BaseException | None = None


class Together(Generic[T, R]):
    """Hands values to `work` in groups of up to `most`; a group that fails fails for each of its values."""

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]], most: int) -> None:
        self._work = work
        self._most = most
        self._waiting: list[_Errand[T, R]] = []
        self._underway = 0
        self._guard = threading.Condition()  # of both, held for no longer than it takes to change them
        self._turn = threading.Lock()  # of working

    @contextmanager
    def underway(self) -> Iterator[Callable[[T], R]]:
        """Say that an errand may follow soon, so that one that is there already waits a moment for it; give `ask`."""
        asked: list[T] = []

        def ask(value: T) -> R:
            asked.append(value)
            return self._ask(value, arriving=1)

        with self._guard:
            self._underway += 1
        try:
            yield ask
        finally:
            if not asked:
                with self._guard:
                    self._arrived(1)

    def ask(self, value: T) -> R:
        """Return what `work` gives for this value; raises what it raised."""
        return self._ask(value, arriving=0)

    def _ask(self, value: T, *, arriving: int) -> R:
        mine: _Errand[T, R] = _Errand(value)
        with self._guard:
            self._waiting.append(mine)
            self._arrived(arriving)
        while not mine.is_done:
            with self._turn:
                if not mine.is_done:
                    self._work_on_some()
        if mine.fault is not None:
            raise mine.fault
        return mine.results[0]

    def _arrived(self, number: int) -> None:
        self._underway -= number
        if self._is_complete():  # nobody is woken for less
            self._guard.notify_all()

    def _is_complete(self) -> bool:
        return not self._underway or len(self._waiting) >= self._most

    def _work_on_some(self) -> None:
        with self._guard:
            self._guard.wait_for(self._is_complete, LINGER_S)
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        fault: BaseException | None = None
        results: Sequence[R] = ()
        try:
            results = self._work([errand.value for errand in group])
        except BaseException as error:  # told to each whose errand it was
            fault = error
        for place, errand in enumerate(group):
            errand.results, errand.fault, errand.is_done = results[place : place + 1], fault, True
