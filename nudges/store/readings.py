"""Reading sessions of one thread alone: this module gives it the same one until it writes something.

What a reading session sees is one state of the data. Where nobody else can write, that state stays the present one
until the thread itself writes, so neither the session nor the rows it has looked at need be fetched anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

_USERS = "users"  # how many are reading with a session at present, one within the other


class Readings:
    """Opens reading sessions and keeps the latest one; for one thread only."""

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open = open_session
        self._kept: Session | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give the session that is kept, or a new one to be kept."""
        session = self._kept = self._kept or self._open()
        session.info[_USERS] = session.info.get(_USERS, 0) + 1
        try:
            yield session
        except BaseException:
            self.end()  # whatever state it is in
            raise
        finally:
            session.info[_USERS] -= 1
            if session is not self._kept:
                _close(session)

    def end(self) -> None:
        """Keep none any more, because something is being written or the clock moves on."""
        session, self._kept = self._kept, None
        if session is not None:
            _close(session)


def _close(session: Session) -> None:
    if not session.info[_USERS]:  # whoever still reads with it goes on seeing what they saw
        session.close()
