"""Where a world begins and ends: this module draws it from its seed, and lives through it."""

import random
import shlex
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.simulation.clock import SteppedClock
from bot.simulation.house import second_person
from tests.simulation.world import zones
from tests.simulation.world.ground import Ask, Ground
from tests.simulation.world.house import Fate, Listener, furnish_world, listening, tokens
from tests.simulation.world.humans import crowd
from tests.simulation.world.judges import Judge
from tests.simulation.world.life import MORTAL, Life, Lived
from tests.simulation.world.plan import Act, WorldPlan, draw_plan
from tests.simulation.world.posting import IN_THE_ACT
from tests.simulation.world.row_judges import RowJudge
from tests.simulation.world.rows import rows_of
from tests.simulation.world.scene import Scene
from tests.simulation.world.slack import WatchedSlack
from tests.simulation.world.texts import book_text, company_text, draw_books, draw_company, write

DAYS, SIZE = 50, 30  # of a run, where nobody says otherwise


def live(seed: int, *, days: int = DAYS, size: int = SIZE, more: tuple[Act, ...] = (), planted: str = "") -> Lived:
    """Live through one seed, with much of `more`; InvariantBroken when something happened that must never happen."""
    with a_life(seed, days=days, size=size, more=more, planted=planted) as life:
        return life.run()


def again(seed: int, *, days: int, size: int, more: tuple[Act, ...], planted: str) -> str:
    """Return the command that lives through the same again."""
    options = [str(seed), "--days", str(days), "--size", str(size)]
    options += ["--more", *more] if more else []
    options += ["--bug", planted] if planted else []
    return shlex.join([".venv/bin/python", "-m", "tests.simulation.replay", *options])


@contextmanager
def a_life(seed: int, *, days: int, size: int, more: tuple[Act, ...] = (), planted: str = "") -> Iterator[Life]:
    """Give one world at its beginning; all of it is gone afterwards, the zone data as before."""
    plan = draw_plan(seed, days, more=more)
    with tempfile.TemporaryDirectory(prefix="nudger-world-") as name, zones.as_before(), listening() as listener:
        command = again(seed, days=days, size=size, more=more, planted=planted)
        life = _begin(plan, Path(name), listener, size=size, again=command)
        try:
            yield life
        finally:
            life.house.close()
            life.row_judge.rows.connection.close()


def _begin(plan: WorldPlan, folder: Path, listener: Listener, *, size: int, again: str) -> Life:
    luck = random.Random(f"cast:{plan.seed}")
    company, books, humans = draw_company(luck), draw_books(luck), crowd(luck, size)
    for spec, text in (("company", company_text(company)), *((one.key, book_text(one, 1)) for one in books)):
        write(folder / "playbooks", spec, text)
    clock = SteppedClock(plan.begins_at)
    fate = Fate(random.Random(f"fate:{plan.seed}"))
    ground = Ground(company, {one.person_id: one for one in humans})
    ears: list[Callable[[str, str], None]] = []
    slack = WatchedSlack(
        heard=lambda delivery_id, person_id: ears[0](delivery_id, person_id),
        strike=lambda: fate.strike(IN_THE_ACT),
        people=[*(one.account() for one in humans), second_person()],
        real=clock.timestamp,
        seed=plan.seed,
        tokens=tokens(),
    )
    house = furnish_world(folder, humans, clock, slack, seed=plan.seed, fate=fate)
    ground.hear_slack()
    ground.hear_file(humans)
    rows = rows_of(house.core.db)
    judge = Judge(ground, rows)
    ears.append(lambda delivery_id, person_id: judge.hear(Ask(delivery_id, person_id, clock(), house.core.clock())))
    scene = Scene(house, ground, judge, {one.key: one for one in books}, again)
    fate.chance = MORTAL
    return Life(plan, house, ground, scene, judge, RowJudge(ground, rows), listener)
