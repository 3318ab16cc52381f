"""How fast we post: this module is the limiter against servers that do not tell their limit."""

import heapq
import math
import os
from dataclasses import dataclass, field
from statistics import fmean
from typing import Protocol

import pytest

from nudges.domain.delivery.pace import Pace
from tests.domain.delivery.pace_simulator import Case, Result, grid, summary, tried

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
LIMITS = (1, 1.5, 2, 3, 5, 8, 10, 13, 17, 20) if IS_SOAK else (1, 3, 8, 20)
SEEDS = 3 if IS_SOAK else 1
LATENCY_S = 0.2
IN_FLIGHT = 20


class Server(Protocol):
    """Answers a post with None, or with the seconds to wait."""

    def post(self, now: float) -> float | None: ...


@dataclass
class TokenBucket:
    """So many a second, and a burst on top."""

    rate: float
    burst: float
    _level: float = field(init=False, default=0)
    _at: float = field(init=False, default=0)

    def post(self, now: float) -> float | None:
        self._level = min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now
        if self._level < 1 - 1e-9:
            return math.ceil((1 - self._level) / self.rate)
        self._level -= 1
        return None


@dataclass
class FixedWindow:
    """So many in each span of so many seconds."""

    rate: float
    span: float = 60
    _window: int = field(init=False, default=-1)
    _used: int = field(init=False, default=0)

    def post(self, now: float) -> float | None:
        window = int(now // self.span)
        if window != self._window:
            self._window, self._used = window, 0
        if self._used >= self.rate * self.span:
            return max(1, math.ceil((window + 1) * self.span - now))
        self._used += 1
        return None


def send(server: Server, pace: Pace, posts: int) -> tuple[float, float]:
    """Post that many; return the posts a second reached and the refusals in a thousand."""
    now, accepted, refused = 0.0, 0, 0
    flying: list[tuple[float, int, float | None]] = []
    while accepted < posts:
        for _ in range(pace.permits(now, IN_FLIGHT - len(flying))):
            heapq.heappush(flying, (now + LATENCY_S, len(flying), server.post(now)))
        free_at = now + max(pace.next_slot(now), 0.001)
        if not flying or (flying[0][0] > free_at and len(flying) < IN_FLIGHT):
            now = free_at
            continue
        now, _, wait = heapq.heappop(flying)
        accepted, refused = (accepted + 1, refused) if wait is None else (accepted, refused + 1)
        pace.succeeded(now) if wait is None else pace.limited(now, wait)
    return accepted / now, 1000 * refused / (accepted + refused)


@pytest.mark.parametrize("limit", [1, 3, 5, 10])
@pytest.mark.parametrize("kind", ["bucket", "window"])
def test_a_hidden_limit_is_nearly_reached_with_few_refusals(kind: str, limit: int) -> None:
    server: Server = TokenBucket(limit, 10 * limit) if kind == "bucket" else FixedWindow(limit)
    reached, refusals = send(server, Pace(start=1, floor=0.2, ceiling=25), posts=6000)
    print(f"{kind} of {limit} a second: {reached / limit:.1%} reached, {refusals:.1f} refusals in 1,000 posts")
    assert reached > 0.8 * limit
    assert refusals <= 5


def mean_reached(results: list[Result]) -> float:
    return fmean(one.reached for one in results)


def test_any_short_counted_limit_is_used_to_ninety_five_in_a_hundred_after_three_minutes() -> None:
    results = [tried(case) for case in grid(LIMITS, SEEDS)]
    print(summary(results))
    assert mean_reached(results) >= 0.95
    assert min(one.reached for one in results) >= 0.88
    assert max(one.per_thousand for one in results) <= 5
    assert sum(one.too_early for one in results) == 0


@pytest.mark.parametrize(
    ("kind", "span_s"),
    [("window", 10), ("window", 60), ("log", 1), ("log", 10), ("bucket", 0), ("bucket", 10)],
    ids=["10 s", "a minute", "any second", "any 10 s", "no burst", "bursts of 10 s"],
)
def test_a_limit_counted_in_other_ways_is_used_as_well_where_a_stop_is_said_to_last_a_second_or_two(
    kind: str, span_s: float
) -> None:
    results = [tried(Case(kind, limit, span_s, 1 + seed % 2, seed)) for limit in LIMITS for seed in range(2 * SEEDS)]
    print(kind, span_s, summary(results))
    assert mean_reached(results) >= 0.95
    assert min(one.reached for one in results) >= 0.88
    assert fmean(one.per_thousand for one in results) <= 5
    assert sum(one.too_early for one in results) == 0


def test_a_stop_longer_than_was_said_is_asked_about_with_one_post_at_a_time_and_costs_no_pace() -> None:
    pace, now, asked = Pace(start=10, floor=0.2, ceiling=10), 0.0, 0
    while now < 30:  # nothing was saved up
        for _ in range(pace.permits(now, 20)):
            pace.succeeded(now)
        now += 0.1
    while now < 60:
        granted = pace.permits(now, 20)
        assert granted <= 1 or not asked
        asked += granted
        for _ in range(granted):
            pace.limited(now, 1)
        now += 0.1
    assert asked <= 10  # with the same second each time it would be thirty, with ten slots in each answer's time
    assert pace.permits(pace.stopped_until + 1, 1) == 1
    pace.succeeded(pace.stopped_until + 1)
    assert pace.rate > 9


@pytest.mark.parametrize("limit", [2, 10])
def test_a_limit_that_is_known_is_used_whole(limit: float) -> None:
    known = [tried(case, lambda: Pace(start=limit, floor=0.2, ceiling=limit)) for case in grid((limit,), 1)]
    assert min(one.reached for one in known) >= 0.98


@pytest.mark.parametrize(("before", "least"), [(0.5, 0.85), (2, 0.93)], ids=["up", "down"])
def test_a_limit_that_changes_is_found_again(before: float, least: float) -> None:
    limits = (2, 5, 10) if IS_SOAK else (10,)
    results = [tried(case, begins_at=case.limit * before) for case in grid(limits, SEEDS)]
    print(summary(results))
    assert mean_reached(results) >= least


def test_two_processes_share_a_limit_that_changes() -> None:
    results = [tried(case, workers=2, begins_at=before) for case in grid((10,), SEEDS) for before in (5, 10, 20)]
    print(summary(results))
    assert mean_reached(results) >= 0.85
    assert max(one.per_thousand for one in results) <= 5


def test_the_same_seed_gives_the_same_course() -> None:
    case = next(iter(grid((8,), 1)))
    assert tried(case) == tried(case)


def test_what_is_not_used_for_long_is_tried_anew() -> None:
    pace = Pace(start=1, floor=0.2, ceiling=40)
    pace.permits(0, 1)
    pace.limited(0.1, 1)
    assert pace.permits(2000, 1) == 1
    calm = pace.rate
    pace.succeeded(2000.1)
    assert pace.rate > 1.2 * calm


def test_the_schedule_does_not_drift() -> None:
    pace = Pace(start=4, floor=4, ceiling=4)
    granted, now = 0, 100.0
    while now < 200:
        granted += pace.permits(now, 20)
        now += max(pace.next_slot(now), 0.0) + 0.013  # every wake-up is late
    assert granted in (400, 401)


def test_lost_slots_are_not_made_up_for_in_one_burst() -> None:
    pace = Pace(start=2, floor=2, ceiling=2)
    assert pace.permits(0, 20) == 1
    assert pace.permits(3600, 20) == 1
    assert pace.permits(3600.4, 20) == 0
    assert pace.permits(3600.5, 20) == 1


def test_never_more_than_asked_for() -> None:
    pace = Pace(start=10, floor=10, ceiling=10)
    assert pace.permits(0, 20) == 1
    assert pace.permits(0.9, 3) == 3
    assert pace.permits(0.9, 0) == 0


def test_a_refusal_stops_everything_until_its_time_is_over() -> None:
    pace = Pace(start=2, floor=0.2, ceiling=4)
    assert pace.permits(10, 1) == 1
    pace.limited(10.1, 30)
    assert pace.permits(40, 5) == 0
    assert pace.next_slot(40) == pytest.approx(0.1)
    assert pace.permits(40.1, 5) == 1
    assert pace.rate < 2


def test_posts_refused_together_slow_down_once_and_wait_for_the_longest() -> None:
    one, many = Pace(start=2), Pace(start=2)
    one.limited(10, 5)
    for later in range(6):
        many.limited(10 + later / 10, 5)
    assert many.rate == one.rate
    assert many.stopped_until == 15.5


def test_the_rate_stays_between_floor_and_ceiling() -> None:
    pace = Pace(start=1, floor=0.5, ceiling=2)
    for second in range(500):
        while pace.permits(second, 20):
            pace.succeeded(second)
    assert pace.rate == 2
    for second in range(500, 3000, 20):
        pace.permits(second, 1)
        pace.limited(second, 1)
    assert pace.rate == 0.5


@pytest.mark.parametrize("slice_s", [10, 30])
def test_handed_from_worker_to_worker_the_pace_stays(slice_s: float) -> None:
    results = [tried(case, slice_s=slice_s, seconds=300) for case in grid((3, 20), seeds=1)]
    assert fmean(one.reached for one in results) >= 0.95
    assert min(one.reached for one in results) >= 0.88
    assert fmean(one.per_thousand for one in results) <= 5
    assert not any(one.too_early for one in results)


@pytest.mark.parametrize(
    ("rate", "together", "wait_s"), [(10, 1, 0.1), (49, 1, 1 / 49), (100, 3, 0.03), (1000, 10, 0.01)]
)
def test_slots_are_gathered_only_where_several_come_in_a_moment(rate: float, together: int, wait_s: float) -> None:
    pace = Pace(rate, rate, rate)
    assert pace.permits(0.0, 10) == 1
    assert pace.soon(0.02, 10) == together
    wait = pace.next_slot(0.0, most=10, within=0.02)
    assert wait == pytest.approx(wait_s)
    assert pace.next_slot(wait, most=10, within=0.02) == pytest.approx(0.0)
    assert pace.permits(wait, 10) == together
