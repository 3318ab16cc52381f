"""Made-up worlds: this module tests that the whole app keeps every rule in them, and that one seed is one world."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.simulation.engine import InvariantBroken
from bot.simulation.invariants import Breach
from tests.simulation.soak import soak
from tests.simulation.world import beginning
from tests.simulation.world.beginning import a_life, live
from tests.simulation.world.plan import Act, WorldPlan, draw_plan

HERE = Path(__file__)
ROOT = HERE.parents[2]
IS_SOAK = bool(os.environ.get("NUDGER_SOAK"))
SEEDS, SIZE = 20, 24
DAYS = 50 if IS_SOAK else 5
KEPT = [
    tuple(map(int, line.split()[:3]))
    for line in HERE.with_name("failing_seeds.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("first", range(0, SEEDS, 5))
def test_weeks_of_a_rough_world_break_no_rule(first: int) -> None:
    said: list[str] = []
    tally = soak(range(first, first + 5), days=DAYS, size=SIZE, told=said.append)
    assert not tally.broken, "\n".join(said)
    assert tally.days == 5 * DAYS
    assert tally.happened["post"] > 5 * DAYS
    assert tally.happened["kill"] > 0


@pytest.mark.parametrize(("seed", "days", "size"), KEPT)
def test_a_world_that_found_a_fault_once_finds_none_now(seed: int, days: int, size: int) -> None:
    live(seed, days=days, size=size)


def test_one_seed_is_one_world_in_every_process() -> None:
    lived = live(3, days=5, size=15)
    command = [sys.executable, "-m", "tests.simulation.replay", "3", "--days", "5", "--size", "15"]
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    told = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert told.stdout.startswith(f"Seed 3: 5 days, {lived.posts} posts, trace {lived.digest}."), told.stderr


def test_a_breach_is_told_with_its_seed_its_last_events_and_the_command_that_shows_it_again() -> None:
    with a_life(3, days=2, size=12) as ours, pytest.raises(InvariantBroken) as broken:
        ours.run()
        ours.fail([Breach("never twice", "for the test")])
    lines = broken.value.message.splitlines()
    assert lines[0] == "never twice: for the test."
    assert lines[1] == "Seed 3; the last events:"
    assert 3 < len(lines) <= 53
    assert lines[-1] == "Again: .venv/bin/python -m tests.simulation.replay 3 --days 2 --size 12"


def test_a_seed_that_breaks_is_counted_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginning, "draw_plan", _no_plan_for_one)
    said: list[str] = []
    tally = soak(range(2), days=1, size=8, told=said.append)
    assert (tally.seeds, tally.days, tally.broken) == (2, 1, [1])
    assert "no such plan" in said[0]


def _no_plan_for_one(seed: int, days: int, **how: Any) -> WorldPlan:
    if seed == 1:
        raise KeyError("no such plan")
    return draw_plan(seed, days, **how)


@pytest.mark.parametrize("days", [10, 50])
def test_every_plan_has_a_clock_change_and_every_trouble_comes_up_in_some(days: int) -> None:
    plans = [draw_plan(seed, days) for seed in range(100)]
    assert {one.act for plan in plans for one in plan.acts} == set(Act)
    assert draw_plan(7, days) == draw_plan(7, days)
