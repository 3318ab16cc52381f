"""Short writes that come at once: this module lets them share one transaction, for it is commits that cost."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from nudges.errors import StorageError

T = TypeVar("T")
Work = Callable[[Session], Any]
Begin = Callable[[timedelta], AbstractContextManager[Session]]


class Together:
    """One writes at a time, and takes along all who wait meanwhile; nobody waits for company."""

    def __init__(self) -> None:
        self._guard = threading.Lock()  # of who waits
        self._turn = threading.Lock()
        self._waiting: list[_Write] = []

    def write(self, begin: Begin, work: Callable[[Session], T], patience: timedelta) -> T:
        """Return what the work gives, once that is committed; when it raises, nothing of it is stored.

        Work may be asked for twice: when one of several fails, the others are done again, each by itself. Waiting
        counts as time taken, so that `patience` holds from here to the commit.
        """
        mine = _Write(work, time.monotonic() + patience.total_seconds())
        with self._guard:
            self._waiting.append(mine)
        with self._turn:
            if not mine.is_done:
                _commit(begin, self._all_that_wait())
        return mine.result()  # type: ignore[no-any-return]

    def _all_that_wait(self) -> "list[_Write]":
        with self._guard:
            found, self._waiting = self._waiting, []
        return found


class _Write:
    """Something to be written, and what came of it."""

    def __init__(self, work: Work, ends_at: float) -> None:
        self.work = work
        self.ends_at = ends_at
        self.is_done = False
        self._value: Any = None
        self._error: BaseException = StorageError("Nothing was stored.", hint="Try again.")
        self._is_well = False

    def worked(self, value: Any) -> None:
        self.is_done, self._is_well, self._value = True, True, value

    def failed(self, error: BaseException) -> None:
        self.is_done, self._error = True, error

    def result(self) -> Any:
        if not self._is_well:
            raise self._error
        return self._value


def _commit(begin: Begin, writes: list[_Write]) -> None:
    if len(writes) > 1 and _all_at_once(begin, writes):
        return
    for one in writes:
        _alone(begin, one)


def _all_at_once(begin: Begin, writes: list[_Write]) -> bool:
    """Commit all of them, or nothing: one that fails must not take the others with it."""
    try:
        with begin(_left(min(one.ends_at for one in writes))) as session:
            values = [_worked(session, one) for one in writes]
    except Exception:  # whatever it is, it comes again where each is alone, and is told to the one it is about
        return False
    for one, value in zip(writes, values, strict=True):
        one.worked(value)
    return True


def _alone(begin: Begin, one: _Write) -> None:
    try:
        with begin(_left(one.ends_at)) as session:
            value = _worked(session, one)
    except BaseException as error:
        one.failed(error)
    else:
        one.worked(value)


def _worked(session: Session, one: _Write) -> Any:
    value = one.work(session)
    session.flush()
    session.expunge_all()  # the next one reads for itself
    return value


def _left(ends_at: float) -> timedelta:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise StorageError("The database is too slow just now, so nothing was stored.", hint="Try again.")
    return timedelta(seconds=left)
