"""Did it help: this module judges the words after plays that cure and plays that do not, in made-up companies."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nudges.domain.barriers.flag_life import Effect
from nudges.domain.detection.history import Groups
from nudges.domain.detection.remeasure import LEAST_ASKED, Measured, Played, remeasure
from tests.detection.organisation import drawn_climate
from tests.detection.plays import before_and_after, judged, ours, scene
from tests.soak import IS_LONG, times

WEEKS, SIZE, TEAMS = 24, 16, 80
START = 12
SMALLER: dict[str, Any] = {"has_usage": False, "teams": 150, "weeks": 40, "begins": 0.004, "standing": 0.06}


def some_groups(rates: np.ndarray, *, seed: int = 1, size: int = SIZE) -> list[Groups]:
    """Return teams of one department and place that answer at these rates (teams x weeks)."""
    rng = np.random.default_rng(seed)
    asked = np.full(rates.shape, float(size))
    nowhere = np.zeros(rates.shape, dtype=np.intp)
    answered = rng.binomial(size, rates).astype(float)
    members = np.full(rates.shape, float(size))
    ids = tuple(f"t{number}" for number in range(len(rates)))
    return [Groups("team", ids, members, asked, answered, rows=nowhere, columns=nowhere)]


def even(rate: float = 0.4) -> np.ndarray:
    return np.full((TEAMS, WEEKS), rate)


def looked_at(groups: list[Groups], number: int, *, weeks: int = 8, waited: Iterable[Played] = ()) -> Measured:
    one, idle = Played(("team", f"t{number}"), START, weeks), list(waited)
    troubled = frozenset(each.group for each in (one, *idle))
    return remeasure(groups, [one], waited=idle, troubled=troubled, k=5)[one]


def test_words_are_right_or_unclear_and_hardly_ever_better_where_nothing_was_cured() -> None:
    words: Counter[tuple[str, str]] = Counter()
    for seed in range(300, 300 + times(3, 60)):
        here = scene(seed, drawn_climate(seed) if IS_LONG else replace(drawn_climate(seed), **SMALLER))
        for weeks in (4, 8):
            words += judged(here, ours, weeks=weeks)
    wrong = words["cure", "worse"] + words["nothing", "better"] + words["nothing", "worse"] + words["harm", "better"]
    idle = sum(count for (truth, _), count in words.items() if truth == "nothing")
    cured = sum(count for (truth, _), count in words.items() if truth == "cure")
    assert min(idle, cured) > 8
    assert wrong / words.total() <= 0.2
    assert words["nothing", "better"] / idle <= 0.1
    assert words["cure", "better"] / cured >= 0.4, "always unclear would be of no use to anybody"


def test_a_barrier_that_ends_is_better_and_one_that_comes_is_worse() -> None:
    rates = even()
    rates[3, 4:START] = rates[5, START:] = 0.12
    groups = some_groups(rates)
    found = looked_at(groups, 3)
    assert found.effect is Effect.BETTER
    assert 0 < found.low < 1.5 < found.high
    assert looked_at(groups, 5).effect is Effect.WORSE


def test_a_barrier_that_stays_is_unclear() -> None:
    rates = even()
    rates[3, 4:] = 0.12
    assert looked_at(some_groups(rates), 3).effect is Effect.UNCLEAR


def test_the_worst_of_many_by_chance_are_not_better_when_chance_has_passed() -> None:
    ours_better = plain_better = 0
    for seed in range(20):
        groups = some_groups(even(), seed=seed)
        worst = np.argsort(groups[0].answered[:, START - 8 : START].sum(axis=1))[:2]
        played = [Played(("team", f"t{number}"), START, 8) for number in worst]
        troubled = frozenset(one.group for one in played)
        ours_better += list(ours(groups, played, troubled).values()).count(Effect.BETTER)
        plain_better += list(before_and_after(groups, played, troubled).values()).count(Effect.BETTER)
    assert ours_better <= 2
    assert plain_better >= 8, "the plain way falls for it, so the test could tell"


def test_with_few_deliveries_nothing_is_said() -> None:
    rates = even(0.8)
    rates[3, 4:START] = 0.1
    groups = some_groups(rates, size=(LEAST_ASKED - 1) // 8)
    found = looked_at(groups, 3)
    assert (found.effect, found.is_enough) == (Effect.UNCLEAR, False)


def test_a_group_that_was_ever_too_small_is_not_looked_at() -> None:
    rates = even()
    rates[3, 4:START] = 0.12
    groups = some_groups(rates)
    groups[0].members[3, START - 2] = 4
    assert not looked_at(groups, 3).is_enough


def test_without_groups_to_compare_with_nothing_is_said() -> None:
    rates = even()[:2]
    rates[0, 4:START] = 0.1
    found = looked_at(some_groups(rates), 0)
    assert (found.effect, found.is_enough) == (Effect.UNCLEAR, False)


def test_where_groups_move_about_anyway_the_interval_is_wider() -> None:
    rng = np.random.default_rng(3)
    restless = 1 / (1 + np.exp(0.4 - rng.normal(0, 0.9, (TEAMS, 1)) * (np.arange(WEEKS) > START)))
    calm = even()
    for rates in (restless, calm):
        rates[3, 4:START], rates[3, START:] = 0.2, 0.4
    calm_found, restless_found = looked_at(some_groups(calm), 3), looked_at(some_groups(restless), 3)
    assert restless_found.high - restless_found.low > 1.3 * (calm_found.high - calm_found.low)


def test_what_flagged_groups_recover_without_a_play_makes_better_unclear_and_never_worse() -> None:
    rates = even()
    rates[3:12, 4:START] = 0.05
    groups = some_groups(rates)
    waited = [Played(("team", f"t{number}"), START, 8) for number in range(4, 12)]
    alone, beside = looked_at(groups, 3), looked_at(groups, 3, waited=waited)
    assert alone.effect is Effect.BETTER
    assert beside.change < alone.change
    assert looked_at(groups, 20, waited=waited).effect is Effect.UNCLEAR


@pytest.mark.parametrize("weeks", [4, 8])
def test_only_the_weeks_of_the_look_count(weeks: int) -> None:
    rates = even()
    rates[3, 4:START] = 0.12
    groups = some_groups(rates)
    known = looked_at(groups, 3, weeks=weeks)
    groups[0].answered[:, START + weeks + 1 :] = 0
    assert looked_at(groups, 3, weeks=weeks) == known


def test_an_end_that_comes_late_is_no_sign_of_the_play() -> None:
    soon, late = even(), even()
    soon[3, 4 : START + 1] = late[3, 4 : START + 5] = 0.1
    groups = some_groups(late, size=40)
    found = looked_at(groups, 3)
    assert looked_at(some_groups(soon, size=40), 3).effect is Effect.BETTER
    assert found.low > 0, "by itself the change is sure"
    assert found.effect is Effect.UNCLEAR


def test_a_group_nobody_knows_is_unclear() -> None:
    assert looked_at(some_groups(even()), TEAMS + 1) == Measured(Effect.UNCLEAR, is_enough=False)
