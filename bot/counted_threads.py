"""Threads that can be asked whether they rest: this module is a pool that counts what it was given and has not done."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class CountedThreads(ThreadPoolExecutor):
    """A pool whose owner may wait until everything that was asked of it is done."""

    def __init__(self, *, max_workers: int, name: str) -> None:
        super().__init__(max_workers=max_workers, thread_name_prefix=name)
        self._count = 0
        self._counting = threading.Lock()

    @property
    def is_idle(self) -> bool:
        """Return whether nothing is under way and nothing waits."""
        return self._count == 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have something done, and count it until it is."""
        self._add(1)
        try:
            future = super().submit(fn, *args, **kwargs)
        except RuntimeError:  # the pool has ended
            self._add(-1)
            raise
        future.add_done_callback(lambda _: self._add(-1))
        return future

    def _add(self, change: int) -> None:
        with self._counting:
            self._count += change
