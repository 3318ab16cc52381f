"""A database that takes its time: this module clicks while every commit is slow, over HTTP and over the socket.

A tenth of a second is nothing that anybody notices. At five seconds there is no acknowledgement, Slack shows its own
error, nothing is half stored, and the next click counts, once. `NUDGER_SOAK=1` clicks more and holds the figure.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles

import pytest
from sqlalchemy import event, func, select
from sqlmodel import col

from nudges.store.tables import ResponseRow
from tests.acceptance.acting import Someone
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import TRANSPORTS, RunningApp, wait_until
from tests.acceptance.small_company import BILLING, TUESDAY_NOON
from tests.soak import IS_LONG, times

CLICKING = BILLING[1:]  # Maya clicks when it is very slow
CHANNEL = "#ask-billing"
TIP, QUIZ = "Stuck on a billing question", "Where do you ask first?"
CLICKS = times(6, 100)
MOST_MS = 500.0 if IS_LONG else 3000.0  # a busy machine is no failure; Slack waits three seconds
SLOW_S, VERY_SLOW_S = 0.1, 5.0


class SlowDisk:
    """Lets every writing transaction wait, at its beginning or before its commit, for as long as a test says."""

    def __init__(self, app: RunningApp) -> None:
        self._waits = {"begin": 0.0, "commit": 0.0}
        self._over = threading.Event()
        for name in self._waits:
            event.listen(app.nudger.offices.database.writer, name, lambda _connection, name=name: self._wait(name))

    @contextmanager
    def slow(self, name: str, seconds: float) -> Iterator[None]:
        """Be slow there meanwhile; whoever still waits in the end waits no longer."""
        self._over.clear()
        self._waits[name] = seconds
        yield
        self._waits[name] = 0.0
        self._over.set()

    def _wait(self, name: str) -> None:
        if self._waits[name]:
            self._over.wait(self._waits[name])


def answers_of(app: RunningApp, person_id: str) -> int:
    """Return how many answers to a quiz are stored of somebody."""
    is_theirs = (col(ResponseRow.person_id) == person_id, col(ResponseRow.kind) == "answer")
    with app.nudger.offices.database.reading() as session:
        return session.execute(select(func.count()).select_from(ResponseRow).where(*is_theirs)).scalar_one()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_clicks_on_a_slow_database_are_acknowledged_in_time_and_on_a_stuck_one_count_once_afterwards(
    start: StartApp, transport: str
) -> None:
    app = start(transport=transport, nudger_tick_s=30.0)
    app.publish("find-an-expert")
    app.walk_to(TUESDAY_NOON)
    disk = SlowDisk(app)
    with disk.slow("commit", SLOW_S):
        taken = [_act(app, number) for number in range(CLICKS)]
    assert max(taken) < MOST_MS if len(taken) < 100 else quantiles(taken, n=100)[98] < MOST_MS
    maya = Someone(app, "U0MAYA")
    with disk.slow("begin", VERY_SLOW_S):
        assert not maya.click(CHANNEL, QUIZ).ok, "Slack shows its own error"
    assert answers_of(app, maya.id) == 0, "nothing is half stored"
    with disk.slow("commit", VERY_SLOW_S):
        assert not maya.click(CHANNEL, QUIZ).ok
    assert wait_until(lambda: answers_of(app, maya.id)) == 1, "that one was only slow to be written"
    assert maya.click("Useful", TIP).ok
    assert _again(maya) == 1
    told = app.troubles.found
    assert all("StorageError" in one for one in told), "what the log calls an error is that, and nothing else"
    told.clear()


def _again(person: Someone) -> int:
    """Click as somebody does who saw an error; return how many answers are stored."""
    message = person.message(QUIZ)
    if any(CHANNEL in str(block) for block in message["blocks"] if block["type"] == "actions"):
        person.click(CHANNEL, QUIZ)
    return answers_of(person.app, person.id)


def _act(app: RunningApp, number: int) -> float:
    """Let one of them click, or type once they have clicked; return how long Slack waited for the acknowledgement."""
    person = Someone(app, CLICKING[number % len(CLICKING)])
    outcome = person.click("Useful", TIP) if number < len(CLICKING) else person.types(f"words number {number}")
    assert outcome.ok
    return outcome.ack_ms or 0.0
