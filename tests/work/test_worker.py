"""Workers and their slices: who gets a turn, what goes from one to the next, and jobs that somebody tampers with."""

import json
import os
import random
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.work.sending import SLICE
from nudges.domain.delivery.messages import Message
from nudges.domain.delivery.pace import Pace
from nudges.errors import StorageError, TemporaryFailure
from nudges.store import paces
from tests.soak import luck
from tests.work.desks import Desks, wait_until

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
WELL, ILL = "T0WELL", "T0ILL"
PEOPLE = 80
RATE = 40
FAIR_S = PEOPLE / RATE * 1.25 + 3  # the pace, and what starting and a busy machine take


def test_a_workspace_whose_slack_hangs_does_not_delay_another(desks: Desks) -> None:
    released = threading.Event()
    for workspace_id in (ILL, WELL):
        desks.open(workspace_id, PEOPLE)
        desks.wave(workspace_id, PEOPLE)
    desks.slacks[ILL].before_send = lambda _person_id, _message: bool(released.wait()) and None
    desks.work(pace=f"{RATE}/{RATE}/{RATE}")

    took = wait_until(lambda: desks.statuses(WELL) == {"sent": PEOPLE})
    released.set()

    assert took < FAIR_S
    assert desks.slacks[ILL].standing == []


def test_a_workspace_that_is_always_refused_does_not_delay_another_and_is_left_alone(desks: Desks) -> None:
    for workspace_id in (ILL, WELL):
        desks.open(workspace_id, PEOPLE)
        desks.wave(workspace_id, PEOPLE)
    busy = TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=30))
    desks.slacks[ILL].always = busy
    desks.work(pace=f"{RATE}/{RATE}/{RATE}")

    took = wait_until(lambda: desks.statuses(WELL) == {"sent": PEOPLE})

    assert took < FAIR_S
    assert 0 < len(desks.slacks[ILL].asked) <= 20  # what was in flight at the first refusal
    [waits] = [wait for wait in desks.jobs("extract(epoch FROM scheduled_at - now())") if wait is not None]
    assert 15 < waits <= 30  # its next turn is when the stop is over


def test_what_one_worker_has_learnt_another_goes_on_with(desks: Desks) -> None:
    core = desks.open(WELL, 40)
    desks.wave(WELL, 40)
    learnt = Pace(start=10, floor=5, ceiling=100)
    learnt.limited(0.0, 0.0)  # from now on it stays calm, and tries no more than ten a second for a while
    with core.db.begin() as session:
        paces.save(session, WELL, learnt.snapshot(0.0), core.clock())
    desks.work(pace="100/5/100", workers=2)

    took = wait_until(lambda: desks.statuses(WELL) == {"sent": 40})

    assert took > 2.5  # at the start rate of the settings it would take less than half a second
    wait_until(lambda: desks.jobs() == [])
    with core.db.reading() as session:
        known = paces.saved(session, WELL)
    assert known is not None and known.learnt["rate"] < 20


def test_what_a_limiter_has_learnt_means_the_same_on_another_machine() -> None:
    here, there = Pace(5, 1, 20), Pace(1, 1, 20)
    for now in range(1000, 1100):
        here.permits(now, 20)
        here.succeeded(now)
    here.limited(1100.0, 30.0)

    there.restored(json.loads(json.dumps(here.snapshot(1100.0))), now=7.0)

    assert there.next_slot(7.0) == pytest.approx(here.next_slot(1100.0))
    for second in range(600):
        assert there.permits(7.0 + second, 20) == here.permits(1100.0 + second, 20)
        here.succeeded(1100.0 + second)
        there.succeeded(7.0 + second)
    assert there.rate == pytest.approx(here.rate)


def test_one_worker_at_a_time_sends_for_a_workspace(desks: Desks) -> None:
    desks.open(WELL, 80)
    desks.wave(WELL, 80)
    guard, seen = threading.Lock(), set[str]()

    def note(_person_id: str, _message: Message) -> None:
        with guard:
            seen.add("+".join(sorted(str(one) for one in desks.jobs("worker_id") if one is not None)))

    desks.slacks[WELL].before_send = note
    desks.work(pace="30/30/30", workers=3)
    wait_until(lambda: len(desks.slacks[WELL].standing) > 0)
    for _ in range(5):  # doubled jobs, as a careless hand might leave them
        desks.run_sql(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args) "
            "SELECT queue_name, task_name, lock, args FROM procrastinate_jobs WHERE task_name = 'send' LIMIT 1"
        )

    wait_until(lambda: desks.statuses(WELL) == {"sent": 80})
    assert desks.slacks[WELL].doubled() == 0
    assert all("+" not in workers for workers in seen)


@pytest.mark.slow
@pytest.mark.timeout(2500)
def test_jobs_deleted_doubled_stuck_and_wiped_lose_nothing_and_double_nothing(desks: Desks) -> None:
    teams, people = (10, 1000) if IS_SOAK else (4, 75)
    dice = random.Random(luck(3))
    for number in range(teams):
        desks.open(f"T{number}", people)
        desks.wave(f"T{number}", people)
    harms = (
        "DELETE FROM procrastinate_jobs WHERE id = (SELECT max(id) FROM procrastinate_jobs)",
        "UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'",
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers) "
        "WHERE status = 'todo'",
        "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing' AND NOT EXISTS "
        "(SELECT 1 FROM procrastinate_jobs other WHERE other.queueing_lock = procrastinate_jobs.queueing_lock "
        "AND other.status = 'todo')",
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args) "
        "SELECT queue_name, task_name, lock, args FROM procrastinate_jobs LIMIT 3",
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        "SELECT queue_name, task_name, args FROM procrastinate_jobs WHERE lock IS NOT NULL LIMIT 3",
        "TRUNCATE procrastinate_jobs CASCADE",
        "DELETE FROM procrastinate_workers",
    )
    desks.work(pace="30/30/30", workers=3)

    done, deadline = 0, time.monotonic() + (2000 if IS_SOAK else 100)
    while any(desks.statuses(f"T{number}") != {"sent": people} for number in range(teams)):
        with suppress(StorageError):  # the library's own rules forbid some harms at some moments
            desks.run_sql(dice.choice(harms))
            done += 1
        time.sleep(dice.uniform(0, 0.2))
        assert time.monotonic() < deadline, [desks.statuses(f"T{number}") for number in range(teams)]

    print(f"\n{done} harms, {teams * people} deliveries")
    assert done >= 10
    for number in range(teams):
        slack = desks.slacks[f"T{number}"]
        assert (len({one.delivery_id for one in slack.standing}), slack.doubled()) == (people, 0)


def test_a_worker_that_others_took_for_dead_takes_jobs_again_long_before_its_slices_would_end(desks: Desks) -> None:
    desks.open(WELL, PEOPLE)
    desks.wave(WELL, PEOPLE)
    desks.work(pace="1/1/1")  # a slice lasts its whole time
    wait_until(lambda: desks.statuses(WELL).get("sent", 0) > 0)

    desks.run_sql("DELETE FROM procrastinate_jobs")  # as the sweep does while a worker is suspended
    desks.run_sql("DELETE FROM procrastinate_workers")
    registered = "SELECT count(*) FROM procrastinate_workers"
    took = wait_until(lambda: desks.ask(registered) > 0)

    assert took < SLICE.total_seconds() / 3


def test_a_slice_has_an_end() -> None:
    assert timedelta(seconds=2) < SLICE < timedelta(minutes=1)  # or workspaces would not take turns
