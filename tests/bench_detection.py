"""How well silent and hindered groups are found: this module puts ours beside four simpler methods.

The companies are those of tests/detection/organisation.py, drawn from many climates, by seeds that nothing was tuned
on. A flag is one run of weeks of one group. `python -m tests.bench_detection` takes about a minute; `--quick` a third.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

from nudges.domain.detection.detector import CONFIRMED, EARLY, Flag, detect
from nudges.domain.detection.history import History
from tests.detection.baselines import METHODS, flags_by
from tests.detection.organisation import Organisation, drawn_climate, organisation
from tests.detection.records import Score, history_of, score

SEEDS = range(900, 908)


def detecting(seeds: Iterable[int] = SEEDS) -> None:
    """Print false flags and barriers found, by method."""
    companies = [organisation(seed, drawn_climate(seed)) for seed in seeds]
    seen = [(company, history_of(company)) for company in companies]
    blind = [replace(company, climate=replace(company.climate, has_usage=False)) for company in companies]
    unused = [(company, history_of(company)) for company in blind]
    print(f"\nBarriers in {len(companies)} made-up companies: false flags | found | found within eight weeks")
    for name, method in METHODS.items():
        _tell(name, _scored(seen, lambda history, method=method: flags_by(method, history)))  # type: ignore[misc]
    _tell("ours, without usage", _scored(unused, detect))
    _tell("ours", _scored(seen, detect))
    _tell("ours, early as well", _scored(seen, detect, (EARLY, CONFIRMED)))


def _scored(
    seen: Iterable[tuple[Organisation, History]],
    flags: Callable[[History], Iterable[Flag]],
    grades: tuple[str, ...] = (CONFIRMED,),
) -> Score:
    total = Score()
    for company, history in seen:
        total.add(score(company, flags(history), grades=grades))
    return total


def _tell(name: str, result: Score) -> None:
    figures = (result.false_share, result.recall, result.recall_soon)
    print(f"{name:28}" + "".join(f"{figure:8.2f}" for figure in figures), flush=True)


if __name__ == "__main__":
    detecting(range(900, 903) if "--quick" in sys.argv else SEEDS)
