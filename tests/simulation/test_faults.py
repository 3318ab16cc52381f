"""Bad weather in virtual time: this module tests that lost answers, limits and kills double and lose nothing."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.simulation.engine import Simulation
from bot.simulation.fault_plan import FaultPlan
from bot.simulation.habits import Habits
from bot.simulation.invariants import books_balance, invariants
from bot.simulation.rehearsal import scratch
from bot.simulation.synthetic import synthetic_cast
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.publish import publish
from nudges.store import outcomes
from tests.soak import IS_LONG, lucks, times

SEEDS = lucks(times(3, 300))
pytestmark = [pytest.mark.slow] if IS_LONG else []
START = datetime(2027, 1, 8, 8, tzinfo=UTC)


def weather(folder: Path, seed: int) -> tuple[Simulation, Counter[str], int]:
    """Live through three weeks of faults; return the run, what became of each delivery, and the number of kills."""
    library = read_folder(folder)
    assert library.company is not None
    cast = synthetic_cast(library.company, [one.playbook for one in library.playbooks.values()], size=20, seed=seed)
    plan = FaultPlan(seed, lost_answer=0.15, rate_limit=0.1, server_error=0.05, kill=0.1)
    with scratch(folder, cast, START, seed) as house:
        for name in library.playbooks:
            publish(house.core, name, "U0PRIYA")
        simulation = Simulation(house, Habits(seed), invariants(house.core), faults=plan)
        simulation.run(START + timedelta(days=24))
        assert not books_balance(house.core)
        with house.core.db.reading() as session:
            found = outcomes.outcomes(session, house.core.workspace_id)
        sent = {one.delivery_id for one in found if one.status == DeliveryStatus.SENT}
        stand = [
            post.delivery_id for post in house.slack.state.posted if post.delivery_id in {o.delivery_id for o in found}
        ]
        assert Counter(stand) == Counter(dict.fromkeys(sent, 1)), f"seed {seed}"
        return simulation, Counter(one.status.value for one in found), house.crashes


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_doubled_or_lost_in_bad_weather(folder: Path, seed: int) -> None:
    simulation, states, crashes = weather(folder, seed)
    assert states["sent"] > 20
    assert states["unknown"] == 0
    assert crashes > 0
    assert simulation.trace.count > 40


def test_the_same_seed_gives_the_same_bad_weather(folder: Path) -> None:
    assert weather(folder, 5)[0].trace.digest == weather(folder, 5)[0].trace.digest
