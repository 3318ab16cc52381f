"""Many worlds, one after another: this module is the long run behind `make soak`, with a line of progress now and then.

.venv/bin/python -m tests.simulation.soak --seeds 1000 --days 10 --size 100 [--at-once 2]
"""

import argparse
import hashlib
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from bot.simulation.engine import InvariantBroken
from tests.simulation.world.beginning import live
from tests.simulation.world.life import Lived

SEEDS, DAYS, SIZE = 1000, 10, 100
EVERY = 10  # seeds to a line of progress


@dataclass(frozen=True)
class Ended:
    """How one seed ended: what it was, or what broke."""

    seed: int
    lived: Lived | None
    broken: str
    seconds: float  # of processor time


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

    def add(self, ended: Ended) -> None:
        """Count one more run."""
        self.seeds += 1
        self.seconds += ended.seconds
        if ended.lived is None:
            self.broken.append(ended.seed)
            return
        self.days += ended.lived.days
        self.posts += ended.lived.posts
        self.happened += ended.lived.happened
        self._hash.update(ended.lived.digest.encode())

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


def soak(seeds: Iterable[int], *, days: int, size: int, told: Callable[[str], object], at_once: int = 1) -> Tally:
    """Live through each of the seeds; one that breaks is told whole and the others go on."""
    tally = Tally()
    for ended in _all_ended(list(seeds), partial(_through, days=days, size=size), at_once):
        tally.add(ended)
        if ended.broken:
            told(f"seed {ended.seed}: {ended.broken}")
        if tally.seeds % EVERY == 0:
            told(f"{tally.faults()}\n{tally.line()}")
    return tally


def _all_ended(seeds: list[int], through: Callable[[int], Ended], at_once: int) -> Iterator[Ended]:
    """Give how each seed ended, in order, so that the hash does not hang on how many run at once."""
    if at_once == 1:
        yield from map(through, seeds)
        return
    with ProcessPoolExecutor(at_once) as pool:
        yield from pool.map(through, seeds)


def _through(seed: int, *, days: int, size: int) -> Ended:
    began = time.process_time()
    lived, broken = None, ""
    try:
        lived = live(seed, days=days, size=size)
    except InvariantBroken as error:
        broken = error.message
    except Exception:  # an act that breaks is a find too, and the other seeds are still wanted
        broken = traceback.format_exc()
    return Ended(seed, lived, broken, time.process_time() - began)


def main() -> int:
    """Return 0 when every seed kept every rule."""
    parser = argparse.ArgumentParser(prog="tests.simulation.soak", description="Live through many seeds.")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--size", type=int, default=SIZE, help="how many people there are at the beginning")
    parser.add_argument("--at-once", type=int, default=1, help="how many processes")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    say = partial(print, flush=True)
    tally = soak(seeds, days=asked.days, size=asked.size, told=say, at_once=asked.at_once)
    print(f"{tally.faults()}\n{tally.line()}")
    if tally.broken:
        print(f"broken: {' '.join(map(str, tally.broken))}; keep them in tests/simulation/failing_seeds.txt")
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
