"""Dictionaries that note what changes in them, and a lock that tells when: this module is how keeping looks on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar

V = TypeVar("V")

Note = Callable[[str], None]


class Noted(dict[str, V]):
    """A dictionary that tells the key of every change; what is changed inside a value goes unnoticed."""

    def __init__(self, values: dict[str, V], note: Note) -> None:
        super().__init__(values)
        self._note = note

    def __setitem__(self, key: str, value: V) -> None:
        super().__setitem__(key, value)
        self._note(key)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._note(key)

    def setdefault(self, key: str, default: V) -> V:
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: str, *default: Any) -> Any:
        self._note(key)
        return super().pop(key, *default)

    def update(self, *others: Any, **values: V) -> None:
        for key, value in dict(*others, **values).items():
            self[key] = value

    def clear(self) -> None:
        keys: Iterable[str] = tuple(self)
        for key in keys:
            del self[key]


class TellingLock:
    """A lock taken again and again by one thread; before it is let go at last, it says so."""

    def __init__(self, before_release: Callable[[], None]) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._before_release = before_release

    def __enter__(self) -> bool:
        self._lock.acquire()
        self._depth += 1
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._depth == 1:
                self._before_release()
        finally:
            self._depth -= 1
            self._lock.release()
