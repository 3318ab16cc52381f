"""The sending loop with a real outbox and a Slack that a test holds: this module tests the sender's threads."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.sender import Sender
from nudges.domain.delivery.pace import Pace
from nudges.errors import StorageError, TemporaryFailure
from nudges.services.delivery.send_deliveries import AT_ONCE
from nudges.services.keeping.identity import claim_identity
from nudges.services.people.sync_people import sync_people
from nudges.store.engine import checkpoint
from nudges.store.migrate import upgrade
from tests.bot.sending_desk import ALWAYS_OPEN, CROWD, PATIENCE_S, Desk, FaultyDatabase, delivery_id_of
from tests.places import PLACES


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


def test_a_wave_is_posted_to_the_last_and_the_sender_is_dry(desk: Desk) -> None:
    desk.wave()
    sender = a_sender(desk)
    assert sender.drain() == CROWD
    assert (sender.is_dry, desk.states()) == (True, {"sent": CROWD})
    sender.stop()


def test_batches_overlap_so_one_slow_answer_holds_up_nobody_else(desk: Desk) -> None:
    desk.wave()
    slow = delivery_id_of(0)
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
