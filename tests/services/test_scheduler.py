"""The table of recurring work: this module is the tests of its jobs, its next instant, and its patience with faults."""

import threading
import time
from datetime import timedelta

import pytest

from nudges.errors import OutcomeUnknown, StorageError, TemporaryFailure
from nudges.scheduler import JOBS, LONGEST_STEP, Job, next_instant, next_sending, run_job, start_ticking
from nudges.services.core import Core
from nudges.services.delivery.steer import hold_workspace, pause_campaigns
from nudges.store.tables import WorkspaceRow
from tests.acceptance.running import wait_until
from tests.fakes import utc
from tests.services.house import ADMIN, House, a_text

pytestmark = pytest.mark.once


def test_without_anything_to_do_it_looks_again_in_a_day(house: House) -> None:
    assert next_instant(house.core) == house.clock() + LONGEST_STEP
    assert next_sending(house.core) is None


def test_the_next_instant_is_that_of_the_next_sending(house: House) -> None:
    house.run()
    house.at("2027-01-11 12:00")
    assert next_instant(house.core) == next_sending(house.core) == utc("2027-01-11 20:00")
    house.at("2027-01-11 20:00")
    assert next_instant(house.core) == utc("2027-01-12 04:30")


def test_what_a_paused_campaign_holds_does_not_hide_what_another_will_send(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.run(a_text("two", first_tip='{week: 1, day: tue, at: "16:00"}', segments="berlin"), "two")
    house.tick()
    pause_campaigns(house.core, ADMIN, "find-an-expert")
    house.at("2027-01-12 11:00")
    assert next_instant(house.core) == utc("2027-01-12 15:00")


def test_a_held_workspace_is_not_woken_for_sending(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    hold_workspace(house.core, "copied")
    assert next_instant(house.core) == house.clock() + LONGEST_STEP


def test_unknown_deliveries_are_looked_up_when_they_have_rested(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    house.messenger.always = OutcomeUnknown(slack_code="fatal_error")
    house.at("2027-01-12 10:00")
    assert next_instant(house.core) == utc("2027-01-12 10:02")
    house.at("2027-01-12 10:02")
    assert next_instant(house.core) == utc("2027-01-12 10:03")


def test_the_next_instant_always_lies_ahead(house: House) -> None:
    house.run()
    house.messenger.always = OutcomeUnknown(slack_code="fatal_error")
    house.messenger.unreadable = TemporaryFailure(slack_code="internal_error")
    house.clock.now = utc("2027-01-11 12:00")
    for _ in range(60):
        house.tick()
        ahead = next_instant(house.core)
        assert house.clock() < ahead <= house.clock() + LONGEST_STEP
        house.clock.now = ahead


def test_a_walk_past_unreadable_conversations_ends(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.messenger.always = OutcomeUnknown(slack_code="fatal_error")
    house.messenger.unreadable = TemporaryFailure(slack_code="internal_error")
    assert house.walk("2027-01-16 10:00") < 60  # a look a minute would be four thousand


def test_a_job_that_breaks_is_told_and_does_not_stop_the_others(house: House, caplog: pytest.LogCaptureFixture) -> None:
    def break_(_core: Core) -> None:
        raise RuntimeError("a fault of ours")

    def refuse(_core: Core) -> None:
        raise StorageError

    assert not run_job(house.core, Job("broken", timedelta(0), break_))
    assert not run_job(house.core, Job("refused", timedelta(0), refuse))
    assert [run_job(house.core, job) for job in JOBS] == [True] * len(JOBS)
    assert {record.message for record in caplog.records} == {"job broke", "job could not finish"}


def test_a_directory_that_cannot_be_read_does_not_stop_the_rest(house: House) -> None:
    house.directory.is_readable = False
    assert [job.name for job in JOBS if not run_job(house.core, job)] == ["sync_people"]


def test_each_run_leaves_a_heartbeat(house: House) -> None:
    house.clock.advance(hours=1)
    run_job(house.core, JOBS[0])
    assert house.rows(WorkspaceRow)[0].ticked_at == house.clock()


def test_a_tick_that_is_blocked_is_told_and_followed_by_one_turn_not_by_all_that_were_missed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    blocked, turns, tick = threading.Event(), list[float](), 0.1

    def run(job: Job) -> None:
        if job.name == "plan_deliveries":
            turns.append(time.monotonic())
            if len(turns) == 1:
                assert blocked.wait(30)

    scheduler = start_ticking(run, timedelta(seconds=tick))
    try:
        wait_until(lambda: sum("next turn" in record.message for record in caplog.records) >= 5)
        assert len(turns) == 1, "it was never run twice at once"
        released_at = time.monotonic()
        blocked.set()
        wait_until(lambda: len(turns) >= 4)
    finally:
        blocked.set()
        scheduler.shutdown(wait=False)
    told = {record.__dict__["job"] for record in caplog.records if record.levelname == "ERROR"}
    assert told == {"plan_deliveries"}
    # Turns that were missed are not made up for: three of them take two ticks at least.
    assert turns[3] - released_at > 2 * tick * 0.8


def test_ticks_run_each_job_at_its_own_pace(house: House) -> None:
    scheduler = start_ticking(lambda job: None, timedelta(seconds=30))
    try:
        every = {job.id: job.trigger.interval for job in scheduler.get_jobs()}
    finally:
        scheduler.shutdown(wait=False)
    assert every["plan_deliveries"] == timedelta(seconds=30)
    assert every["sync_people"] == timedelta(hours=6)
    assert set(every) == {job.name for job in JOBS}
