"""Where a process can be ended on purpose: this module names the points, and makes a process die or stop at one.

The nursery calls `install` in a child before the app starts; nothing of this is in the product. A point is a function
of the store or of the messenger, and when: as it is called, before its transaction commits, or after it committed.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

from sqlalchemy.orm import Session


class Phase(StrEnum):
    """When a point is reached: as the function is called, when it returns, or when what it wrote is committed."""

    BEFORE = "before"
    RETURNED = "returned"
    COMMITTED = "committed"


@dataclass(frozen=True)
class Point:
    """One place in the life of a delivery, an answer or a period."""

    module: str
    function: str
    phase: Phase


DELIVERIES, RESPONSES, FLAGS = "nudges.store.deliveries", "nudges.store.responses", "nudges.store.flags"
MESSENGER = "bot.slack_api.messenger:SlackMessenger"
DELIVERY_POINTS = {
    "before-intent": Point(DELIVERIES, "claim_due", Phase.BEFORE),
    "intent-uncommitted": Point(DELIVERIES, "claim_due", Phase.RETURNED),
    "after-intent": Point(DELIVERIES, "claim_due", Phase.COMMITTED),
    "before-post": Point(MESSENGER, "send", Phase.BEFORE),
    "after-post": Point(MESSENGER, "send", Phase.RETURNED),
    "before-sent": Point(DELIVERIES, "mark_all_sent", Phase.BEFORE),
    "sent-uncommitted": Point(DELIVERIES, "mark_all_sent", Phase.RETURNED),
    "after-sent": Point(DELIVERIES, "mark_all_sent", Phase.COMMITTED),
    "abandoned-uncommitted": Point(DELIVERIES, "abandon", Phase.RETURNED),
    "abandoned": Point(DELIVERIES, "abandon", Phase.COMMITTED),
    "looked-up": Point(MESSENGER, "find", Phase.RETURNED),
    "put-back-uncommitted": Point(DELIVERIES, "put_back", Phase.RETURNED),
    "put-back": Point(DELIVERIES, "put_back", Phase.COMMITTED),
    "planned-uncommitted": Point(DELIVERIES, "enqueue_all", Phase.RETURNED),
    "planned": Point(DELIVERIES, "enqueue_all", Phase.COMMITTED),
    "answered-uncommitted": Point(RESPONSES, "add", Phase.RETURNED),
    "answered": Point(RESPONSES, "add", Phase.COMMITTED),
}
PERIOD_POINTS = {
    "before-freezing": Point(FLAGS, "freeze_membership", Phase.BEFORE),
    "frozen-uncommitted": Point(FLAGS, "freeze_membership", Phase.RETURNED),
    "closed-uncommitted": Point(FLAGS, "close_period", Phase.RETURNED),
    "raised-uncommitted": Point(FLAGS, "open_flag", Phase.RETURNED),
    "closed": Point(FLAGS, "close_period", Phase.COMMITTED),
}
POINTS = DELIVERY_POINTS | PERIOD_POINTS
STOP = "stop"
_writing = threading.RLock()  # held during each write where a process is to be stopped
_reached = threading.local()  # whether this thread's transaction has gone through a point that counts once committed


def install(wanted: str) -> None:
    """Make this process die at a point, or stop there (`before-post:stop`) as a suspended machine does."""
    name, _, action = wanted.partition(":")
    point = POINTS[name]
    signal_number = signal.SIGSTOP if action == STOP else signal.SIGKILL
    module, _, owner = point.module.partition(":")
    holder: Any = import_module(module)
    holder = getattr(holder, owner) if owner else holder
    if action == STOP:
        _let_writes_wait()
    act = _once(lambda: _end(signal_number))
    setattr(holder, point.function, _ending(getattr(holder, point.function), point.phase, act))
    if point.phase == Phase.COMMITTED:
        _watch_commits(act)


def _end(signal_number: int) -> None:
    # Not in the middle of another thread's write: whoever is stopped there keeps the file locked until it goes on.
    # Sent to this very thread, the signal takes effect before the call returns; sent to the process, another thread may
    # take it a moment later, when this one has let the next write begin.
    with _writing:
        signal.pthread_kill(threading.get_ident(), signal_number)


def _let_writes_wait() -> None:
    from nudges.store.engine import Database

    begin = Database.begin

    @contextmanager
    def waiting(database: Database, *args: Any, **values: Any) -> Iterator[Session]:
        with _writing, begin(database, *args, **values) as session:
            yield session

    Database.begin = waiting  # type: ignore[method-assign, assignment]


def _once(act: Callable[[], object]) -> Callable[[], None]:
    """Return what acts at the first call only: a process that was stopped and goes on must not stop again."""
    lock = threading.Lock()

    def first() -> None:
        if lock.acquire(blocking=False):
            act()

    return first


def _ending(function: Callable[..., Any], phase: Phase, act: Callable[[], None]) -> Callable[..., Any]:
    def wrapped(*args: Any, **values: Any) -> Any:
        if phase == Phase.BEFORE:
            act()
        found = function(*args, **values)
        if phase == Phase.RETURNED:
            act()
        _reached.is_so = phase == Phase.COMMITTED and found is not None
        return found

    return wrapped


def _watch_commits(act: Callable[[], None]) -> None:
    from nudges.store.engine import Database

    begin = Database.begin

    @contextmanager
    def watched(database: Database, *args: Any, **values: Any) -> Iterator[Session]:
        _reached.is_so = False
        with begin(database, *args, **values) as session:
            yield session
        if getattr(_reached, "is_so", False):
            act()

    Database.begin = watched  # type: ignore[method-assign, assignment]
