"""One seed again: this module lives through it and prints what happened, or what must never happen.

.venv/bin/python -m tests.simulation.replay 17 --days 50 --size 30 [--more storm crash] [--bug "blind retry"]
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from bot.simulation.engine import InvariantBroken
from tests.simulation.planted_bugs import BUGS
from tests.simulation.world.beginning import DAYS, SIZE, live
from tests.simulation.world.life import Lived
from tests.simulation.world.plan import Act


def main(words: Sequence[str] | None = None) -> int:
    """Return 0 when the seed kept every rule, 1 when not."""
    parser = argparse.ArgumentParser(prog="tests.simulation.replay", description="Live through one seed again.")
    parser.add_argument("seed", type=int)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--size", type=int, default=SIZE, help="how many people there are at the beginning")
    parser.add_argument("--more", type=Act, nargs="*", default=[], help="of which acts there is much")
    parser.add_argument("--bug", default="", choices=["", *(bug.name for bug in BUGS)], help="plant this fault first")
    asked = parser.parse_args(words)
    try:
        lived = live_with(asked.bug, asked.seed, days=asked.days, size=asked.size, more=tuple(asked.more))
    except InvariantBroken as broken:
        print(broken.message)
        return 1
    counts = ", ".join(f"{count} {name}" for name, count in sorted(lived.happened.items()))
    print(f"Seed {lived.seed}: {lived.days} days, {lived.posts} posts, trace {lived.digest}.\n{counts}")
    return 0


def live_with(bug_name: str, seed: int, **world: Any) -> Lived:
    """Live through a seed with a planted fault, or without one for an empty name."""
    with pytest.MonkeyPatch.context() as patch:
        for bug in BUGS:
            if bug.name == bug_name:
                bug.patch(patch)
        return live(seed, planted=bug_name, **world)


if __name__ == "__main__":
    sys.exit(main())
