"""Many worlds, one after another: this module is the long run behind `make soak`, with a line of progress now and then.

.venv/bin/python -m tests.simulation.soak --seeds 1000 --days 10 --size 100
"""

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.simulation.engine import InvariantBroken
from tests.simulation.world.life import Lived, live

SEEDS, DAYS, SIZE = 1000, 10, 100
EVERY = 20  # seeds to a line of progress


@dataclass
class Tally:
    """What all runs together were."""

    seeds: int = 0
    days: int = 0
    posts: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    broken: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, lived: Lived) -> None:
        """Count one more run."""
        self.seeds += 1
        self.days += lived.days
        self.posts += lived.posts
        self.happened += lived.happened
        self._hash.update(lived.digest.encode())

    def line(self) -> str:
        """Return it as one line."""
        speed = 60 * self.days / self.seconds if self.seconds else 0
        return (
            f"{self.seeds} seeds, {self.days} days, {self.posts} posts, {len(self.broken)} broken,"
            f" trace {self._hash.hexdigest()[:16]}, {speed:.0f} days a minute of processor time"
        )

    def faults(self) -> str:
        """Return what happened, by kind."""
        return ", ".join(f"{count} {name}" for name, count in sorted(self.happened.items()))


def soak(seeds: Iterable[int], *, days: int, size: int, told: Callable[[str], object]) -> Tally:
    """Live through each of the seeds; one that breaks is told whole and the others go on."""
    tally = Tally()
    for seed in seeds:
        began = time.process_time()
        try:
            tally.add(live(seed, days=days, size=size))
        except InvariantBroken as broken:
            tally.broken.append(seed)
            told(f"seed {seed}: {broken.message}")
        tally.seconds += time.process_time() - began
        if tally.seeds % EVERY == 0:
            told(tally.line())
    return tally


def main() -> int:
    """Return 0 when every seed kept every rule."""
    parser = argparse.ArgumentParser(prog="tests.simulation.soak", description="Live through many seeds.")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--size", type=int, default=SIZE, help="how many people there are at the beginning")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    tally = soak(seeds, days=asked.days, size=asked.size, told=lambda line: print(line, flush=True))
    print(f"{tally.line()}\n{tally.faults()}")
    if tally.broken:
        print(f"broken: {' '.join(map(str, tally.broken))}; keep them in tests/simulation/failing_seeds.txt")
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
