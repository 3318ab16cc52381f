"""How many posts a workspace takes: this module is the hidden limit that an app has to find."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field

from bot.sandbox.faults import Faults
from bot.sandbox.records import Json

NEARLY = 1e-6  # sums of fractions must not cost a post


@dataclass(slots=True)
class Bucket:
    """So many a second, and so many seconds' worth saved up."""

    level: float = math.inf
    filled_at: float | None = None

    def admits(self, *, rate: float, span: float, now: float) -> bool:
        elapsed = 0.0 if self.filled_at is None else now - self.filled_at
        self.level = min(max(1.0, rate * span), self.level + elapsed * rate)
        self.filled_at = now
        if self.level < 1 - NEARLY:
            return False
        self.level -= 1
        return True


@dataclass(slots=True)
class Window:
    """So many in each span of so many seconds; of 1.5 a span every other one takes two."""

    number: int = -1
    used: int = 0

    def admits(self, *, rate: float, span: float, now: float) -> bool:
        number = int(now // span)
        if number != self.number:
            self.number, self.used = number, 0
        each = rate * span
        if self.used >= math.floor((number + 1) * each + NEARLY) - math.floor(number * each + NEARLY):
            return False
        self.used += 1
        return True


@dataclass(slots=True)
class Count:
    """What came of the posts, for tests of the app's pace."""

    accepted: int = 0
    refused: int = 0
    inside_retry_after: int = 0  # of the refused: came while an earlier Retry-After was still running
    most_inside_one: int = 0


@dataclass(slots=True)
class PostLimit:
    """One workspace's limit, on real time; while a Retry-After runs every post is refused."""

    count: Count = field(default_factory=Count)
    _bucket: Bucket = field(default_factory=Bucket)
    _window: Window = field(default_factory=Window)
    _shut_until: float = 0.0
    _inside: int = 0

    def take(self, faults: Faults, now: float) -> int:
        """Return 0 for a post that fits, else the whole seconds to wait."""
        if faults.post_limit_per_s <= 0:
            return 0
        wait = self._wait(faults, now)
        self.count.accepted += not wait
        self.count.refused += bool(wait)
        return wait

    def _wait(self, faults: Faults, now: float) -> int:
        if now < self._shut_until - NEARLY:
            self._inside += 1
            self.count.inside_retry_after += 1
            self.count.most_inside_one = max(self.count.most_inside_one, self._inside)
            return math.ceil(self._shut_until - now - NEARLY)
        gate = self._window if faults.post_limit_kind == "window" else self._bucket
        if gate.admits(rate=faults.post_limit_per_s, span=faults.post_burst_s, now=now):
            return 0
        self._inside = 0
        if not faults.post_retry_after:  # nothing is shut: the next that fits is taken
            return max(1, math.ceil(1 / faults.post_limit_per_s))
        self._shut_until = now + faults.post_retry_after
        return faults.post_retry_after

    def as_json(self) -> Json:
        return asdict(self.count)
