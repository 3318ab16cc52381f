"""The sending loop with a real outbox and a Slack that a test holds: this module tests the sender's threads."""

import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from sqlmodel import col

from bot.sender import Sender
from nudges.domain.delivery.messages import Message
from nudges.domain.delivery.pace import Pace
from nudges.errors import StorageError, TemporaryFailure
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.services.delivery.send_deliveries import AT_ONCE
from nudges.services.keeping.identity import claim_identity
from nudges.services.people.sync_people import sync_people
from nudges.store.engine import Database, checkpoint, open_database
from nudges.store.migrate import upgrade
from nudges.store.tables import DeliveryRow
from tests.builders import a_person
from tests.fakes import FixedDirectory, RecordingMessenger, utc
from tests.places import PLACES

TEAM = "T0TEST"
CROWD = 50
NOON = utc("2027-01-12 12:00")
ALWAYS_OPEN = """
admins: [U0ADMIN]
default_zone: Europe/Lisbon
working_hours: {default: "00:00-23:59 mon-sun"}
holidays: {PT: none}
"""
PATIENCE_S = 20.0


class Desk:
    """A workspace with a crowd, and a Slack that takes posts only while its door is open."""

    def __init__(self, folder: Path) -> None:
        self._began = time.monotonic()
        self.messenger = RecordingMessenger(self.now)
        self.messenger.before_send = self._enter
        self.door = threading.Event()
        self.door.set()
        self.begun: list[float] = []  # when each post began
        self.inside = self.most_inside = 0
        self._lock = threading.Lock()
        self.core = Core(
            db=open_database(PLACES.address(folder / "desk.db")).of_workspace(TEAM),
            clock=self.now,
            messenger=self.messenger,
            directory=FixedDirectory([a_person(_id(number)) for number in range(CROWD)]),
            key=b"k" * 32,
            workspace_id=TEAM,
            library=Shelf(folder),
        )

    def now(self) -> datetime:
        """Return an instant that moves on as real time does."""
        return NOON + timedelta(seconds=time.monotonic() - self._began)

    def wave(self, people: int = CROWD) -> None:
        """Let one message be due for each of so many people."""
        with self.core.db.begin() as session:
            for number in range(people):
                told = {"person_id": _id(number), "notice_key": f"wave:{number}"}
                tell(session, self.core, **told, text_key="notice.campaign_ended", values={"campaign": "wave"})

    def states(self) -> dict[str, int]:
        """Return how many deliveries are in each state."""
        with self.core.db.reading() as session:
            return dict(Counter(session.execute(select(col(DeliveryRow.status))).scalars()))

    def _enter(self, _person_id: str, _message: Message) -> None:
        with self._lock:
            self.begun.append(time.monotonic())
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        assert self.door.wait(PATIENCE_S), "the test forgot to open the door"
        with self._lock:
            self.inside -= 1


@dataclass(frozen=True)
class FaultyDatabase(Database):
    """A database whose next writings fail, as often as a test says and with what it says."""

    faults: tuple[list[Exception], ...] = ([],)

    @contextmanager
    def begin(self, patience: timedelta | None = None, *, thinks_long: bool = False) -> Iterator[Session]:
        """Give a writing session unless a fault is waiting."""
        if self.faults[0]:
            raise self.faults[0].pop()
        with super().begin(patience, thinks_long=thinks_long) as session:
            yield session


@pytest.fixture(scope="module")
def furnished_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "company.yaml").write_text(ALWAYS_OPEN, "utf-8")
    core = Desk(folder).core
    upgrade(core.db)
    claim_identity(core, workspace_name="Test", marker=None)
    sync_people(core)
    checkpoint(core.db)
    core.db.close()
    return folder


@pytest.fixture
def desk(furnished_desk: Path, tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "desk"
    shutil.copytree(furnished_desk, folder)
    PLACES.settle(folder / "desk.db")
    opened = Desk(folder)
    yield opened
    opened.door.set()
    opened.core.db.close()
    PLACES.leave(folder / "desk.db")


def a_sender(desk: Desk, *, rate: float = 1000.0, tick_s: float = 60.0) -> Sender:
    return Sender(desk.core, Pace(rate, rate, rate), timedelta(seconds=tick_s))


@contextmanager
def running(sender: Sender) -> Iterator[Sender]:
    sender.start()
    yield sender
    sender.stop()


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.005)


def _id(number: int) -> str:
    return f"U0P{number:04d}"


def test_a_wave_is_posted_to_the_last_and_the_sender_is_dry(desk: Desk) -> None:
    desk.wave()
    sender = a_sender(desk)
    assert sender.drain() == CROWD
    assert (sender.is_dry, desk.states()) == (True, {"sent": CROWD})
    sender.stop()


def test_batches_overlap_so_one_slow_answer_holds_up_nobody_else(desk: Desk) -> None:
    desk.wave()
    slow = _id(0)
    is_let_go = threading.Event()
    desk.messenger.before_send = lambda person_id, _message: _hold(is_let_go) if person_id == slow else None
    with running(a_sender(desk)):
        until(lambda: desk.states() == {"sent": CROWD - 1, "sending": 1})
        is_let_go.set()
        until(lambda: desk.states() == {"sent": CROWD})


def test_where_slots_come_fast_a_claim_takes_many(desk: Desk) -> None:
    desk.wave()
    claims: list[str] = []
    event.listen(desk.core.db.writer, "before_cursor_execute", lambda *said: claims.append(said[2]))
    sender = a_sender(desk, rate=200)
    assert sender.drain() == CROWD
    sender.stop()
    taken = [one for one in claims if one.startswith("UPDATE deliveries") and "RETURNING" in one]
    assert len(taken) <= CROWD / 3, "without gathering each takes one or two"


def _hold(let_go: threading.Event) -> None:
    assert let_go.wait(PATIENCE_S)


def test_no_more_than_twenty_are_ever_in_flight(desk: Desk) -> None:
    desk.wave()
    desk.door.clear()
    with running(a_sender(desk)):
        until(lambda: desk.inside == AT_ONCE)
        assert desk.states() == {"sending": AT_ONCE, "planned": CROWD - AT_ONCE}
        desk.door.set()
        until(lambda: desk.states() == {"sent": CROWD})
    assert desk.most_inside == AT_ONCE


def test_stopping_lets_what_is_in_flight_land_and_begins_nothing_more(desk: Desk) -> None:
    desk.wave()
    desk.door.clear()
    sender = a_sender(desk)
    sender.start()
    until(lambda: desk.inside == AT_ONCE)
    stopping = threading.Thread(target=sender.stop)
    stopping.start()
    until(sender._stopped.is_set)
    assert stopping.is_alive(), "it waits for what is in flight"
    desk.door.set()
    stopping.join(PATIENCE_S)
    assert not stopping.is_alive()
    assert desk.states() == {"sent": AT_ONCE, "planned": CROWD - AT_ONCE}
    assert len(desk.begun) == AT_ONCE


def test_a_sender_that_never_started_can_be_stopped_and_then_posts_nothing(desk: Desk) -> None:
    desk.wave(1)
    sender = a_sender(desk)
    sender.stop()
    assert sender.drain() == 0
    assert desk.states() == {"planned": 1}


@pytest.mark.parametrize("fault", [StorageError("The disk is full."), RuntimeError("a bug")])
def test_a_fault_in_one_batch_does_not_end_the_loop(
    desk: Desk, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    faults: list[Exception] = []
    values = {name: getattr(desk.core.db, name) for name in ("url", "writer", "reader", "is_scratch", "workspace_id")}
    desk.core = replace(desk.core, db=FaultyDatabase(**values, faults=(faults,)))
    desk.wave()
    faults.append(fault)
    with running(a_sender(desk)) as sender:
        until(lambda: any("sending" in record.message for record in caplog.records))
        sender.wake()  # as the next tick does; by itself it tries again after some seconds
        until(lambda: desk.states() == {"sent": CROWD})
    assert desk.messenger.doubled() == 0


def test_a_fault_is_told_to_whoever_drains_once_what_is_in_flight_has_landed(desk: Desk) -> None:
    faults: list[Exception] = []
    values = {name: getattr(desk.core.db, name) for name in ("url", "writer", "reader", "is_scratch", "workspace_id")}
    desk.core = replace(desk.core, db=FaultyDatabase(**values, faults=(faults,)))
    desk.wave()
    faults.append(StorageError("The disk is full."))
    sender = a_sender(desk)
    with pytest.raises(StorageError, match="full"):
        sender.drain()
    assert desk.inside == 0
    assert "sending" not in desk.states()
    assert sender.drain() + len(desk.messenger.standing) >= CROWD
    sender.stop()


def test_a_slice_ends_in_time_and_says_that_more_is_due(desk: Desk) -> None:
    desk.wave()
    sender = a_sender(desk, rate=20)
    began = time.monotonic()
    posted = sender.drain(seconds=0.5)
    assert time.monotonic() - began < 2.4, "the whole wave takes that long"
    assert 1 <= posted <= 12  # twenty a second for half a second; fewer where the machine is busy
    assert not sender.is_dry
    assert desk.states() == {"sent": posted, "planned": CROWD - posted}
    sender.stop()


def test_a_slice_that_has_nothing_to_do_ends_at_once(desk: Desk) -> None:
    sender = a_sender(desk)
    began = time.monotonic()
    assert sender.drain(seconds=30) == 0
    assert time.monotonic() - began < 5
    assert sender.is_dry
    sender.stop()


def test_a_slice_ends_at_once_when_slack_stops_us_for_longer(desk: Desk) -> None:
    desk.wave()
    desk.messenger.always = TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=60))
    sender = a_sender(desk)
    began = time.monotonic()
    assert sender.drain(seconds=20) == 0
    assert time.monotonic() - began < 10
    assert not sender.is_dry
    sender.stop()


def test_a_retry_after_stops_everything_but_what_was_in_flight(desk: Desk) -> None:
    desk.wave()
    desk.messenger.answers.append(TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=1)))
    desk.door.clear()
    with running(a_sender(desk)):
        until(lambda: desk.inside == AT_ONCE)
        refused_at = time.monotonic()
        desk.door.set()
        until(lambda: desk.states() == {"sent": CROWD})
    meanwhile = [at for at in desk.begun if refused_at < at < refused_at + 1.0]
    assert len(meanwhile) <= AT_ONCE, "posts inside a stop are at most those of the batches that had begun"
    assert len(desk.begun) == CROWD + 1, "the refused one is posted once more, no other"
    assert desk.messenger.doubled() == 0


def test_waking_sends_what_has_just_become_due_without_waiting_for_the_tick(desk: Desk) -> None:
    with running(a_sender(desk, tick_s=600)) as sender:
        until(lambda: sender.is_dry)
        desk.wave(3)
        sender.wake()
        until(lambda: desk.states() == {"sent": 3})
    assert sender.posted == 3
