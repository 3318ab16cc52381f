"""Notes of what was posted: this module lets one thread write them for all who post meanwhile.

A commit waits for the disk, and a wave makes hundreds of posts a second. What a crash leaves unnoted stays `sending`
and is looked up, so a thread that has posted need not wait until its note is written; whoever runs the batch does.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")
LINGER_S = 0.05  # how long the first note waits for others under way: the batch waits for them anyway


class Notes(Generic[T]):
    """Hands values to `write` in groups of up to `most`; whoever writes raises what it raised."""

    def __init__(self, write: Callable[[Sequence[T]], object], most: int) -> None:
        self._write = write
        self._most = most
        self._waiting: list[T] = []
        self._underway = 0
        self._has_writer = False  # somebody is going to write all that waits
        self._changed = threading.Condition()
        self._turn = threading.Lock()  # of writing

    @contextmanager
    def underway(self) -> Iterator[Callable[[T], None]]:
        """Say that a note may follow soon, so that one that is there already waits a moment for it; give `note`."""
        noted: list[T] = []
        with self._changed:
            self._underway += 1
        try:
            yield noted.append
        finally:
            is_writer = self._land(noted)
        if is_writer:
            self._write_some()

    def _land(self, noted: list[T]) -> bool:
        """Count somebody who was under way as landed; return whether it is theirs to write."""
        with self._changed:
            self._underway -= 1
            self._waiting += noted
            if self._has_writer and self._is_complete():  # nobody is woken for less
                self._changed.notify_all()
            is_writer = bool(noted) and not self._has_writer
            self._has_writer = self._has_writer or is_writer
        return is_writer

    def _is_complete(self) -> bool:
        return not self._underway or len(self._waiting) >= self._most

    def _write_some(self) -> None:
        with self._turn:  # what lands while others are being written goes along with the next
            with self._changed:
                self._changed.wait_for(self._is_complete, LINGER_S)
                group, self._waiting = self._waiting, []
                self._has_writer = False
            self._write(group)
