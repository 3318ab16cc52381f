"""The limiter's part of `make bench`: this module tries it on every hidden limit and prints what it reached."""

from tests.domain.pace_simulator import grid, summary, tried


def limits() -> None:
    """Run the whole grid for one process, then for two that share the limit, and print a line for each."""
    print(f"pace, one process: {summary([tried(case) for case in grid()])}", flush=True)
    print(f"pace, two processes: {summary([tried(case, workers=2) for case in grid(seeds=1)])}", flush=True)
    for word, factor in (("doubled", 0.5), ("halved", 2)):
        changed = [tried(case, begins_at=case.limit * factor) for case in grid((2, 5, 10, 20), seeds=1)]
        print(f"pace, limit {word}: {summary(changed)}", flush=True)
