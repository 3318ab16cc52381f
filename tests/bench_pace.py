"""The limiter's part of `make bench`: this module tries it on every hidden limit and prints what it reached."""

import math

from tests.domain.delivery.pace_simulator import grid, summary, tried

SLICE_S = 30  # as bot.work.sending does; a lock lets one worker at a time send for a workspace


def limits() -> None:
    """Run the whole grid for one process, then for two that share the limit, and print a line for each."""
    print(f"pace, one process: {summary([tried(case) for case in grid()])}", flush=True)
    print(f"pace, two processes at once: {summary([tried(case, workers=2) for case in grid(seeds=1)])}", flush=True)
    handed = [tried(case, slice_s=SLICE_S) for case in grid(seeds=1)]
    print(f"pace, handed from worker to worker every {SLICE_S} s: {summary(handed)}", flush=True)
    for word, factor in (("doubled", 0.5), ("halved", 2)):
        for share, slice_s in (("one process", math.inf), ("handed over", SLICE_S)):
            cases = grid((2, 5, 10, 20), seeds=1)
            changed = [tried(case, begins_at=case.limit * factor, slice_s=slice_s) for case in cases]
            print(f"pace, limit {word}, {share}: {summary(changed)}", flush=True)
