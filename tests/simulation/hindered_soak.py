"""Barriers rehearsed, one company after another: this module is the long run behind `make soak`.

Companies of twelve teams with four barriers each: half of the plays help, one in seven barriers ends by itself.
`python -m tests.simulation.hindered_soak --first 9000 --seeds 9` takes a minute of processor time a company.
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from bot.simulation.barrier_lines import verdict
from bot.simulation.flag_owner import PlayedFlag, Truth
from bot.simulation.planted import Barrier, Planted
from bot.simulation.rehearsal import Request, rehearse
from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_life import Effect
from nudges.domain.playbooks.playbook import BarrierKind
from tests.simulation.long_company import long_folder, people_csv
from tests.simulation.small import FRIDAY

FIRST, SEEDS = 9000, 9
WEEKS, TEAMS, SIZE, BARRIERS = 18, 12, 15, 4
KINDS = (BarrierKind.NO_TIME, BarrierKind.LACKS_SKILL, BarrierKind.MANAGER_DISCOURAGES, BarrierKind.TOOL_FATIGUE)
ENDS_BY_ITSELF = 1 / 7


def hindered(seed: int, folder: Path, *, weeks: int = WEEKS) -> tuple[PlayedFlag, ...]:
    """Return the flags of the company of this seed, with what was said of the plays about them."""
    request = Request(
        long_folder(folder, weeks=weeks, days=("tue", "thu")),
        weeks=weeks,
        seed=seed,
        starts_on=FRIDAY,
        people_csv=people_csv(teams=TEAMS, size=SIZE),
        is_whole=True,
        planted=_planted(random.Random(f"hindered:{seed}")),
    )
    return tuple(rehearse(request, FRIDAY).flags)


def shares(flags: Iterable[PlayedFlag]) -> tuple[int, float, float]:
    """Return how many plays were looked back at, the share of words right or unclear, and of "better" for no cure."""
    played = [flag for flag in flags if flag.looks]
    looks = [look for flag in played for look in flag.looks]
    idle = [look for look in looks if look.truth is not Truth.HELPED]
    better = sum(look.said is Effect.BETTER for look in idle)
    return len(played), sum(look.is_right for look in looks) / max(len(looks), 1), better / max(len(idle), 1)


def _planted(luck: random.Random) -> Planted:
    return Planted(
        barriers=tuple(_barrier(luck, number) for number in range(BARRIERS)),
        acts_on=Grade.EARLY,
        waits=timedelta(days=5),
    )


def _barrier(luck: random.Random, number: int) -> Barrier:
    is_cured = number % 2 == 0
    ends = luck.randint(8, 15) if not is_cured and luck.random() < 2 * ENDS_BY_ITSELF else None
    return Barrier(
        kind=luck.choice(KINDS),
        from_week=luck.randint(1, 4),
        until_week=ends,
        strength=luck.uniform(0.6, 0.95),
        play_lifts=luck.choice((1.0, 0.7)) if is_cured else 0.0,
        lifts_after=timedelta(days=luck.choice((0, 7))),
    )


def main() -> None:
    """Print each company and, at the end, how good the words were."""
    parser = argparse.ArgumentParser(prog="tests.simulation.hindered_soak", description="Rehearse barriers.")
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    found: list[PlayedFlag] = []
    for seed in range(asked.first, asked.first + asked.seeds):
        with tempfile.TemporaryDirectory(prefix="nudger-hindered-") as name:
            flags = hindered(seed, Path(name))
        found += flags
        print(f"seed {seed}: {len(flags)} flags. {verdict(flags)}", flush=True)
        words = Counter((look.weeks, look.truth.value, look.said.value) for flag in flags for look in flag.looks)
        print(
            "   "
            + ", ".join(f"{weeks}w {truth}: {said} {count}" for (weeks, truth, said), count in sorted(words.items()))
        )
    plays, right, better = shares(found)
    print(f"{plays} plays: {right:.2f} right or unclear, better where nothing helped {better:.2f}. {verdict(found)}")


if __name__ == "__main__":
    main()
