"""Hours in which nothing happens: this module is the test that jobs leave nothing behind in memory."""

import gc
import sys
from datetime import timedelta

import pytest

from nudges.scheduler import JOBS, run_job
from tests.services.house import House

TICK = timedelta(seconds=30)
HOURS_WARM, HOURS = 3, 4  # whatever is kept of the latest instants, hours and statements is there after the first ones
TICKS = timedelta(hours=1) // TICK
MOST = HOURS * TICKS // 2  # blocks of memory: one value kept by each tick is at least twice as many


@pytest.mark.sqlite_only  # the jobs are the same, and there they take six times as long
def test_hours_without_anything_to_do_leave_nothing_in_memory(house: House) -> None:
    house.run()
    house.clock.now += timedelta(days=28)  # everything is planned, and too late, by now
    _idle(house, HOURS_WARM)
    before = _blocks()
    _idle(house, HOURS)
    assert _blocks() - before < MOST


def _idle(house: House, hours: int) -> None:
    for _ in range(hours):
        _tick(house, TICKS)


def _tick(house: House, times: int) -> None:
    """Do what a running Nudger does at so many ticks, each job as often as it comes round."""
    for number in range(times):
        house.clock.now += TICK
        for job in JOBS:
            if number % max(1, job.every // TICK) == 0:
                assert run_job(house.core, job)


def _blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()
