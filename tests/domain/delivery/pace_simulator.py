"""Virtual time for the limiter: this module is a server with a hidden limit, its workers, and a grid of both.

Nothing sleeps: a heap of answers is the clock, and one seed gives one course. The server decides when a post is sent
(its answer takes 50 to 400 ms), and refuses whatever comes before its `Retry-After` is over.
"""

import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import fmean
from typing import Protocol

from nudges.domain.delivery.pace import Pace

IN_FLIGHT = 20
LATENCY_S = (0.05, 0.4)
WARM_UP_S = 180.0
LIMITS = (1, 1.5, 2, 3, 5, 8, 10, 13, 17, 20)
CEILING = 40.0


class Gate(Protocol):
    """Says whether one more post fits the limit."""

    rate: float

    def admits(self, now: float) -> bool: ...


@dataclass
class TokenBucket:
    """So many a second, and so many seconds' worth saved up."""

    rate: float
    burst_s: float
    _level: float = field(init=False, default=float("inf"))
    _at: float = field(init=False, default=0)

    def admits(self, now: float) -> bool:
        """Take one token if there is one."""
        self._level = min(max(1.0, self.rate * self.burst_s), self._level + (now - self._at) * self.rate)
        self._at = now
        if self._level < 1 - 1e-6:
            return False
        self._level -= 1
        return True


@dataclass
class FixedWindow:
    """So many in each span of so many seconds."""

    rate: float
    span_s: float
    phase_s: float = 0.0
    _window: int = field(init=False, default=-1)
    _used: int = field(init=False, default=0)

    def admits(self, now: float) -> bool:
        """Count one more in this window if it is not full."""
        window = int((now + self.phase_s) // self.span_s)
        if window != self._window:
            self._window, self._used = window, 0
        if self._used >= self.rate * self.span_s - 1e-9:
            return False
        self._used += 1
        return True


@dataclass
class SlidingLog:
    """So many in any span of so many seconds, whenever it begins."""

    rate: float
    span_s: float
    _taken: deque[float] = field(init=False, default_factory=deque)

    def admits(self, now: float) -> bool:
        """Forget what is older than the span, and note one more if it fits."""
        while self._taken and self._taken[0] <= now - self.span_s + 1e-9:
            self._taken.popleft()
        if len(self._taken) >= self.rate * self.span_s - 1e-9:
            return False
        self._taken.append(now)
        return True


@dataclass
class Server:
    """Answers a post with None, or with the seconds to wait, during which it refuses everything."""

    gate: Gate
    retry_after_s: float
    shut_until: float = field(init=False, default=0)

    def post(self, now: float) -> float | None:
        """Return None for a post that is accepted, else the `Retry-After`."""
        if now < self.shut_until - 1e-9:
            return float(math.ceil(self.shut_until - now - 1e-6))
        if self.gate.admits(now):
            return None
        self.shut_until = now + self.retry_after_s
        return self.retry_after_s


@dataclass
class Count:
    """What came of the posts after the warm-up."""

    accepted: int = 0
    refused: int = 0
    too_early: int = 0  # begun although this worker had heard of a Retry-After that was not over

    def per_thousand(self) -> float:
        """Return the refusals in a thousand posts."""
        return 1000 * self.refused / max(1, self.accepted + self.refused)


@dataclass
class Course:
    """One run: workers that always have something to post, against one server."""

    server: Server
    paces: list[Pace]
    seed: int
    measured_from: float = WARM_UP_S
    in_batches: bool = False  # the next posts begin only when all of the last have been answered
    slice_s: float = math.inf  # after so long another worker goes on from what this one has learnt
    now: float = field(init=False, default=0.0)
    count: Count = field(init=False, default_factory=Count)

    def __post_init__(self) -> None:
        """Nothing is in flight."""
        self._random = random.Random(self.seed)
        self._serial = itertools.count()
        self._answers: list[tuple[float, int, int, float | None]] = []
        self._flying = [0] * len(self.paces)
        self._heard_until = [0.0] * len(self.paces)
        self._slice_ends_at = self.slice_s

    def run(self, until: float) -> None:
        """Let everybody post until then."""
        while self.now < until:
            for worker in range(len(self.paces)):
                self._begin(worker)
            answer_at = self._answers[0][0] if self._answers else until
            self.now = min(until, answer_at, *map(self._free_at, range(len(self.paces))))
            while self._answers and self._answers[0][0] <= self.now:
                self._hear(*heapq.heappop(self._answers))
            if self.now >= self._slice_ends_at and not self._answers:
                self._hand_over()

    def _hand_over(self) -> None:
        """Let a worker that knows nothing go on, a quarter of a second later, as one that looks for jobs does."""
        old, then = self.paces[0], self.now
        self.now += self._random.uniform(0.0, 0.25)
        self.paces[0] = Pace(old.start, old.floor, old.ceiling).restored(
            old.snapshot(then), now=self.now, age=self.now - then
        )
        self._slice_ends_at = self.now + self.slice_s

    def _begin(self, worker: int) -> None:
        free = 0 if self.in_batches and self._flying[worker] else IN_FLIGHT - self._flying[worker]
        free = 0 if self.now >= self._slice_ends_at else free
        for _ in range(self.paces[worker].permits(self.now, free) if free else 0):
            wait = self.server.post(self.now)
            self._note(worker, wait)
            self._flying[worker] += 1
            answer_at = self.now + self._random.uniform(*LATENCY_S)
            heapq.heappush(self._answers, (answer_at, next(self._serial), worker, wait))

    def _note(self, worker: int, wait: float | None) -> None:
        self.count.too_early += self.now < self._heard_until[worker]
        if self.now >= self.measured_from:
            self.count.accepted += wait is None
            self.count.refused += wait is not None

    def _free_at(self, worker: int) -> float:
        if self._flying[worker] >= (1 if self.in_batches else IN_FLIGHT) or self.now >= self._slice_ends_at:
            return math.inf if self._answers else self.now + 1e-4
        return self.now + max(self.paces[worker].next_slot(self.now), 1e-4)

    def _hear(self, at: float, _: int, worker: int, wait: float | None) -> None:
        self._flying[worker] -= 1
        if wait is None:
            self.paces[worker].succeeded(at)
            return
        self._heard_until[worker] = max(self._heard_until[worker], at + wait - 1e-6)
        self.paces[worker].limited(at, wait)


@dataclass(frozen=True)
class Case:
    """One server and one seed."""

    kind: str
    limit: float
    burst_s: float
    retry_after_s: float
    seed: int

    def server(self, rate: float | None = None) -> Server:
        """Return the server, with another rate if one is given."""
        rate = rate or self.limit
        phase = self.burst_s * random.Random(self.seed).random()
        gates: dict[str, Callable[[], Gate]] = {
            "bucket": lambda: TokenBucket(rate, self.burst_s),
            "window": lambda: FixedWindow(rate, self.burst_s, phase),
            "log": lambda: SlidingLog(rate, self.burst_s),
        }
        return Server(gates[self.kind](), self.retry_after_s)


@dataclass(frozen=True)
class Result:
    """How much of the limit a case reached, and at what price."""

    case: Case
    reached: float
    per_thousand: float
    too_early: int


def grid(limits: tuple[float, ...] = LIMITS, seeds: int = 3) -> Iterator[Case]:
    """Every server asked for; a window must hold a whole number of posts, else its limit is another."""
    for seed, limit, burst_s, retry_after_s in itertools.product(range(seeds), limits, (1, 2, 3), (1, 2)):
        yield Case("bucket", limit, burst_s, retry_after_s, seed)
        if float(limit * burst_s).is_integer():
            yield Case("window", limit, burst_s, retry_after_s, seed)


def new_pace() -> Pace:
    """Return a limiter with the ceiling out of the way."""
    return Pace(start=1, floor=0.2, ceiling=CEILING)


def tried(
    case: Case,
    make: Callable[[], Pace] = new_pace,
    *,
    workers: int = 1,
    seconds: float = 900,
    in_batches: bool = False,
    begins_at: float | None = None,
    slice_s: float = math.inf,
) -> Result:
    """Run one case; with `begins_at` another limit holds during the warm-up's twin before it."""
    paces = [make() for _ in range(workers)]
    course = Course(case.server(), paces, case.seed, in_batches=in_batches, slice_s=slice_s)
    before = 0.0
    if begins_at is not None:
        before = 600.0
        course.measured_from = before + WARM_UP_S
        course.server = case.server(begins_at)
        course.run(before)
        course.server = case.server()
    course.run(before + WARM_UP_S + seconds)
    reached = course.count.accepted / seconds / case.limit
    return Result(case, reached, course.count.per_thousand(), course.count.too_early)


def summary(results: list[Result]) -> str:
    """Return average, worst and refusals in one line."""
    worst = min(results, key=lambda one: one.reached)
    loudest = max(results, key=lambda one: one.per_thousand)
    return (
        f"{len(results)} cases: average {fmean(one.reached for one in results):.1%}, worst {worst.reached:.1%} "
        f"({worst.case.kind} {worst.case.limit}/s), 429 per 1,000: {fmean(one.per_thousand for one in results):.1f}, "
        f"most {loudest.per_thousand:.1f} ({loudest.case.kind} {loudest.case.limit}/s)"
    )
