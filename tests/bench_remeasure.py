"""Did it help: this module tells how the words after cures and other plays fare, beside a plain way.

The companies are those of tests/detection/plays.py, by seeds that nothing was chosen on. `python -m
tests.bench_remeasure` takes about two minutes, `--quick` twenty seconds.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tests.detection.organisation import drawn_climate
from tests.detection.plays import LOOKS, before_and_after, judged, ours, scene

SEEDS = range(1000, 1030)
METHODS = {"before and after, plainly": before_and_after, "ours": ours}


def looking_back(seeds: Iterable[int] = SEEDS) -> None:
    """Print how often each word was right, by method and weeks."""
    seeds = list(seeds)
    print(f"\nWords about plays in {len(seeds)} made-up companies: right or unclear | better where nothing was cured")
    print("   | better where it was | unclear of all")
    for has_usage in (False, True):
        scenes = [scene(seed, replace(drawn_climate(seed), has_usage=has_usage)) for seed in seeds]
        for name, method in METHODS.items():
            for weeks in LOOKS:
                told = f"{name}, {weeks} weeks{', with usage' if has_usage else ''}"
                _tell(told, sum((judged(one, method, weeks=weeks) for one in scenes), Counter()))


def _tell(name: str, words: Counter[tuple[str, str]]) -> None:
    of = Counter(truth for truth, _ in words.elements())
    right = words["cure", "better"] + words["harm", "worse"]
    unclear = sum(count for (_, word), count in words.items() if word == "unclear")
    figures = (
        (right + unclear) / words.total(),
        words["nothing", "better"] / max(of["nothing"], 1),
        words["cure", "better"] / max(of["cure"], 1),
        unclear / words.total(),
    )
    print(f"{name:48}" + "".join(f"{figure:7.2f}" for figure in figures) + f"   of {words.total()} plays", flush=True)


if __name__ == "__main__":
    looking_back(range(1000, 1004) if "--quick" in sys.argv else SEEDS)
