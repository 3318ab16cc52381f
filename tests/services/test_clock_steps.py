"""Clocks that leap and long outages: this module is the tests that neither floods anybody nor stops for good."""

import resource
import time
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from nudges.scheduler import JOBS, run_job
from nudges.services.delivery.clock_guard import LEAPT
from nudges.services.delivery.steer import hold_workspace, release
from nudges.store import instance
from tests.fakes import utc
from tests.services.house import ADMIN, House, a_text

pytestmark = pytest.mark.once

PLAYBOOK = a_text(
    segments="billing",
    first_tip='{week: 1, day: tue, at: "10:00"}',
    second_tip='{week: 1, day: thu, at: "10:00"}',
    third_tip='{week: 2, day: tue, at: "10:00"}',
)
NINE = 9


def work(house: House) -> None:
    """Run every job once and send, as a tick does."""
    for job in JOBS:
        run_job(house.core, job)
    house.send()


def hold_reason(house: House) -> str:
    with house.core.db.reading() as session:
        here = instance.workspace(session, house.core.workspace_id)
    assert here is not None
    return here.hold_reason


@pytest.fixture
def weeks(house: House) -> House:
    """Three tips in two weeks; it is Wednesday, the first is out and the second is planned."""
    house.run(PLAYBOOK)
    house.walk("2027-01-13 12:00")
    assert house.states() == {"sent": NINE}
    return house


@pytest.mark.parametrize("leap_to", ["2037-01-13 12:00", "2017-01-13 12:00", "2027-08-13 12:00"])
def test_a_clock_that_leaps_sends_nothing_and_goes_on_once_it_is_right(weeks: House, leap_to: str) -> None:
    before = Counter(row.status for row in weeks.rows())
    weeks.clock.now = utc(leap_to)
    tracemalloc.start()
    started = time.monotonic()
    for _ in range(3):
        work(weeks)
    assert time.monotonic() - started < 5
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()
    assert hold_reason(weeks) == LEAPT
    assert Counter(row.status for row in weeks.rows()) == before

    weeks.clock.now = utc("2027-01-13 12:05")
    weeks.walk("2027-01-20 18:00")
    assert hold_reason(weeks) == ""
    assert [weeks.states(key) for key in ("first-tip", "second-tip", "third-tip")] == [{"sent": NINE}] * 3
    assert weeks.messenger.doubled() == 0


def test_what_somebody_holds_while_the_clock_is_wrong_stays_held_when_it_is_right_again(weeks: House) -> None:
    weeks.clock.now = utc("2037-01-13 12:00")
    work(weeks)
    hold_workspace(weeks.core, "copied")
    weeks.clock.now = utc("2027-01-13 12:05")
    weeks.walk("2027-01-20 18:00")
    assert hold_reason(weeks) == "copied"
    assert len(weeks.messenger.standing) == NINE


def test_a_leap_that_was_right_all_along_goes_on_when_somebody_says_so_and_expires_what_is_old(weeks: House) -> None:
    weeks.clock.now = utc("2037-01-13 12:00")
    work(weeks)
    assert release(weeks.core, ADMIN)
    work(weeks)
    assert hold_reason(weeks) == ""
    assert len(weeks.messenger.standing) == NINE
    assert weeks.books().is_balanced
    assert (weeks.books().sent, weeks.books().planned) == (NINE, 0)  # old rows are pruned to counts by then


@pytest.mark.parametrize("leap_to", ["2037-01-13 12:00", "2017-01-13 12:00"])
def test_a_step_of_ten_years_costs_less_than_a_second_and_fifty_megabytes(weeks: House, leap_to: str) -> None:
    weeks.clock.now = utc(leap_to)
    before, started = _megabytes(), time.thread_time()
    work(weeks)
    assert time.thread_time() - started < 1
    release(weeks.core, ADMIN)  # the clock was right all along
    work(weeks)
    assert _megabytes() - before < 50


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


@pytest.mark.parametrize("seconds", [-3000, -60, 60, 3600])
def test_a_clock_that_is_set_by_minutes_neither_doubles_nor_loses(weeks: House, seconds: int) -> None:
    weeks.clock.now = utc("2027-01-14 10:00")
    weeks.tick()
    weeks.clock.advance(seconds=seconds)
    weeks.walk("2027-01-20 18:00")
    assert [weeks.states(key) for key in ("first-tip", "second-tip", "third-tip")] == [{"sent": NINE}] * 3
    assert weeks.messenger.doubled() == 0


def test_after_three_days_of_outage_a_person_gets_one_message_and_what_is_stale_is_counted(house: House) -> None:
    for number, day in enumerate(("mon", "tue", "wed", "thu")):
        lasting = f'{{week: 1, day: {day}, at: "10:00", valid_for: 4d}}'
        house.run(a_text(f"wave{number}", segments="billing", first_tip=lasting), f"wave{number}")
    house.run(a_text("stale", segments="billing"), "stale")
    house.walk("2027-01-10 20:00")
    for _ in range(3):  # planned the evening before, then nothing runs until Thursday noon
        house.clock.advance(hours=1)
        house.tick()
    house.clock.now = utc("2027-01-14 12:00")

    house.walk("2027-01-14 23:00")

    each = Counter(one.person_id for one in house.messenger.standing)
    assert set(each.values()) == {1}
    assert len(each) == NINE
    assert house.messenger.doubled() == 0
    assert house.books("stale").is_balanced
    assert house.books("stale").sent == 0
