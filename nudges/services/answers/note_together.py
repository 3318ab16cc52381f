"""Errands of threads that go together: this module lets whoever comes first do them for all who wait.

A look costs a transaction, and a wave makes hundreds of them a second. Nobody goes on before their own errand is done,
and none is done by a transaction that began before it was asked for.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


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
        self._guard = threading.Lock()  # of who waits, held for no longer than it takes to change it
        self._turn = threading.Lock()  # of working

    def ask(self, value: T) -> R:
        """Return what `work` gives for this value; raises what it raised."""
        mine: _Errand[T, R] = _Errand(value)
        with self._guard:
            self._waiting.append(mine)
        while not mine.is_done:
            with self._turn:
                if not mine.is_done:
                    self._work_on_some()
        if mine.fault is not None:
            raise mine.fault
        return mine.results[0]

    def _work_on_some(self) -> None:
        with self._guard:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        fault: BaseException | None = None
        results: Sequence[R] = ()
        try:
            results = self._work([errand.value for errand in group])
        except BaseException as error:  # told to each whose errand it was
            fault = error
        for place, errand in enumerate(group):
            errand.results, errand.fault, errand.is_done = results[place : place + 1], fault, True
