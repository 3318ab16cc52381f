"""A judge that never objects is none: this module tests that each planted fault is caught by its rule."""

import os
import shlex
from typing import Any

import pytest

from bot.simulation.engine import InvariantBroken
from tests.simulation import replay
from tests.simulation.planted_bugs import BUGS, DAYS, Bug
from tests.simulation.world.beginning import live
from tests.simulation.world.judges import ASK_RULES

IS_SOAK = bool(os.environ.get("NUDGER_SOAK"))
FEW_SEEDS, MOST_SEEDS = 24, 40
RULES = frozenset({
    *ASK_RULES, "never twice", "one version", "one piece", "final in 48 hours", "few unknown", "times derived",
    "books balance", "nothing lost", "answers count once", "quiet logs", "nothing breaks",
})  # fmt: skip


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name.replace(" ", "-"))
def test_a_planted_bug_is_caught_by_its_rule(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    # Any change of the app moves the kills about, so the seed that found it last is only the first to be asked.
    bug.patch(monkeypatch)
    for seed in dict.fromkeys((bug.seed, *range(FEW_SEEDS))):
        if caught(bug, seed, days=DAYS, size=bug.size, more=bug.more):
            return
    pytest.fail(f"{FEW_SEEDS} worlds with much of what it needs did not notice: {bug.name}")


@pytest.mark.slow
@pytest.mark.skipif(not IS_SOAK, reason="the long form; set NUDGER_SOAK=1")
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name.replace(" ", "-"))
def test_a_planted_bug_is_found_by_looking_through_ordinary_worlds(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    bug.patch(monkeypatch)
    if not any(caught(bug, seed, days=50, size=30) for seed in range(1000, 1000 + MOST_SEEDS)):
        pytest.fail(f"{MOST_SEEDS} worlds did not notice: {bug.name}")


def caught(bug: Bug, seed: int, **world: Any) -> bool:
    """Return whether one of its rules objects in this world."""
    try:
        live(seed, planted=bug.name, **world)
    except InvariantBroken as broken:
        return broken.message.partition(":")[0] in bug.rules
    return False


def test_the_command_of_a_breach_shows_the_same_breach_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bug = next(one for one in BUGS if one.name == "events count twice")
    with monkeypatch.context() as patch, pytest.raises(InvariantBroken) as broken:
        bug.patch(patch)
        live(bug.seed, days=DAYS, size=bug.size, more=bug.more, planted=bug.name)
    command = shlex.split(broken.value.message.splitlines()[-1])
    assert command[1:4] == [".venv/bin/python", "-m", "tests.simulation.replay"]
    assert replay.main(command[4:]) == 1
    assert capsys.readouterr().out.strip() == broken.value.message


def test_every_rule_has_a_bug_that_it_catches() -> None:
    assert len(BUGS) >= 20
    assert {rule for bug in BUGS for rule in bug.rules} == RULES
