"""Jobs that wait: what may happen to them, and what the sweep makes of it."""

import threading
from datetime import timedelta

import pytest

from bot.work.queue import RUN_JOB, SEND, Queue, Work
from bot.work.sweep import sweep
from nudges.store import instance
from nudges.store.engine import Database
from tests.work.desks import NOON, Desks

TEAM = "T0ONE"
DEAD = timedelta(seconds=5)


def test_the_same_work_waits_only_once(queue: Queue, desks: Desks) -> None:
    assert queue.add([Work(SEND, TEAM), Work(RUN_JOB, TEAM, "plan_deliveries")]) == 2
    assert queue.add([Work(SEND, TEAM), Work(RUN_JOB, TEAM, "settle_deliveries")]) == 1
    assert desks.jobs("args ->> 'job_name'") == [None, "plan_deliveries", "settle_deliveries"]


def test_two_clocks_that_add_at_once_add_each_job_once(database: Database, desks: Desks) -> None:
    works = [Work(RUN_JOB, f"T{number}", "plan_deliveries") for number in range(20)]
    clocks = [threading.Thread(target=lambda: Queue(database).add(works)) for _ in range(8)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert len(desks.jobs()) == len(works)


def test_a_send_job_that_stands_is_known_whether_it_waits_or_is_being_done(queue: Queue, desks: Desks) -> None:
    queue.add([Work(SEND, "T0WAITS"), Work(SEND, "T0RUNS"), Work(RUN_JOB, "T0OTHER", "plan_deliveries")])
    desks.run_sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE args ->> 'workspace_id' = 'T0RUNS'")
    assert queue.sending() == {"T0WAITS", "T0RUNS"}


def test_a_wait_is_kept_and_never_longer_than_slack_would_ask_for(queue: Queue, desks: Desks) -> None:
    queue.add([Work(SEND, "T0SOON", wait=timedelta(seconds=60)), Work(SEND, "T0FAR", wait=timedelta(days=300))])
    soon, far = desks.jobs("extract(epoch FROM scheduled_at - now())")
    assert 50 < soon <= 60
    assert 600 < far <= 900


def test_jobs_of_dead_workers_are_dropped_and_those_of_living_ones_kept(queue: Queue, desks: Desks) -> None:
    queue.add(Work(SEND, workspace_id) for workspace_id in ("T0DEAD", "T0ALIVE", "T0NOBODY", "T0WAITS"))
    desks.run_sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '6 s'), (now())")
    for number, name in enumerate(("T0DEAD", "T0ALIVE"), 1):
        desks.run_sql(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = :id WHERE args ->> 'workspace_id' = :name",
            id=number,
            name=name,
        )
    desks.run_sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE args ->> 'workspace_id' = 'T0NOBODY'")
    assert queue.heal(DEAD) == 2
    assert queue.sending() == {"T0ALIVE", "T0WAITS"}
    assert queue.held_by(2) != set()


def test_what_is_finished_or_set_for_years_from_now_does_not_stay(queue: Queue, desks: Desks) -> None:
    queue.add([Work(SEND, "T0DONE"), Work(SEND, "T0NEVER")])
    desks.run_sql("UPDATE procrastinate_jobs SET status = 'failed' WHERE args ->> 'workspace_id' = 'T0DONE'")
    far = (
        "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '9 years' WHERE args ->> 'workspace_id' = :name"
    )
    desks.run_sql(far, name="T0NEVER")
    assert queue.heal(DEAD) == 2
    assert desks.jobs() == []


@pytest.mark.parametrize("loss", ["DELETE FROM procrastinate_jobs", "TRUNCATE procrastinate_jobs CASCADE"])
def test_whatever_becomes_of_the_jobs_the_sweep_finds_what_is_due(desks: Desks, loss: str) -> None:
    desks.open(TEAM, 3)
    desks.wave(TEAM, 3)
    assert sweep(desks.database, desks.queue, desks.now()) == 1
    assert sweep(desks.database, desks.queue, desks.now()) == 0
    desks.run_sql(loss)
    assert sweep(desks.database, desks.queue, desks.now()) == 1


def test_nothing_is_added_where_nothing_is_due_or_all_is_held(desks: Desks) -> None:
    core = desks.open(TEAM, 3)
    assert sweep(desks.database, desks.queue, desks.now()) == 0
    desks.wave(TEAM, 3)
    assert sweep(desks.database, desks.queue, NOON - timedelta(hours=1)) == 0
    with core.db.begin() as session:
        instance.hold(session, TEAM, reason="admin", now=desks.now())
    assert sweep(desks.database, desks.queue, desks.now()) == 0


def test_the_shape_of_the_librarys_tables_is_brought_up_once(database: Database, queue: Queue, desks: Desks) -> None:
    assert queue.bring_up() == ()
    # A later version brings one more file; the first one ever stands for it here.
    desks.run_sql("DELETE FROM queue_steps WHERE step = (SELECT max(step) FROM queue_steps)")
    assert len(queue.bring_up()) == 1
    assert queue.bring_up() == ()


def test_a_new_database_gets_the_whole_shape(database: Database, desks: Desks) -> None:
    desks.run_sql("DROP SCHEMA public CASCADE")
    desks.run_sql("CREATE SCHEMA public")
    from nudges.store.migrate import upgrade

    upgrade(database)
    steps = Queue(database).bring_up()
    assert len(steps) > 10
    assert Queue(database).add([Work(SEND, TEAM)]) == 1
