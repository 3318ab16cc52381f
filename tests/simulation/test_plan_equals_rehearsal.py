"""Two ways to the same weeks: this module holds what `plan` foresees equal to what a rehearsal then sends.

Reactions are written down beforehand and given to both.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli.plan_json import decision_json, plan_json
from bot.simulation.engine import Simulation
from bot.simulation.house import House
from bot.simulation.invariants import books_balance, calendars, invariants
from bot.simulation.outcome_lines import outcome_line
from bot.simulation.reacting import Scripted
from bot.simulation.rehearsal import scratch
from bot.simulation.synthetic import synthetic_cast
from nudges.domain.forecasts.forecast_engine import foresee
from nudges.domain.forecasts.reactions import Reaction, by_nudge, read_reactions
from nudges.services.authoring.foresee import world_now
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.plan_ahead import Question, plan_ahead
from nudges.services.authoring.publish import publish
from nudges.store import outcomes, people
from tests.simulation.small import write_folder

AUTHOR = "U0PRIYA"
END = datetime(2027, 3, 8, tzinfo=UTC)
TOLD = ("outcome", "reason", "sent_at", "sent_local")
PEOPLE, WEEKS, SEED = 60, 8, 11
NUDGES = {
    "find-an-expert": ("ask-first", "where-to-ask", "say-thanks", "answer-one"),
    "write-it-once": ("second-time", "ines", "share-it"),
}
LINES = (
    ("useful", "", "15m"), ("not_for_me", "", "3h"), ("try_it", "", "1m"), ("barrier", "no_time", "2d"),
    ("pause", "14", "30m"), ("pause", "3", "1m"), ("stop", "", "1h"), ("start", "", "20d"),
    ("answer", "channel", "10m"),
)  # fmt: skip


def script_for(person_ids: Iterable[str]) -> tuple[Reaction, ...]:
    """Return reactions of about half of all people to about a third of the nudges, read from a file's text."""
    luck = random.Random(SEED)
    lines = ["person,playbook,nudge,reaction,value,after"]
    for person_id in sorted(person_ids):
        for playbook, nudges in NUDGES.items():
            for nudge in nudges:
                if luck.random() < 0.35:
                    lines.append(",".join((person_id, playbook, nudge, *luck.choice(LINES))))
    reactions, faults = read_reactions("\n".join(lines))
    assert not faults
    return reactions


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("plan") / "playbooks")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[House]:
    """Sixty people, and a company in which nothing has been published."""
    library = read_folder(folder)
    assert library.company is not None
    books = [library.playbooks[name].playbook for name in NUDGES]
    cast = synthetic_cast(library.company, books, size=PEOPLE, seed=SEED)
    with scratch(folder, cast, datetime(2027, 1, 8, 8, tzinfo=UTC), SEED) as found:
        yield found


def test_plan_equals_what_is_sent_in_eight_weeks_person_by_person(house: House) -> None:
    core = house.core
    script = script_for(house.slack.state.users)
    publish(core, "find-an-expert", AUTHOR)
    asked = Question("write-it-once", weeks=WEEKS, reactions=script, posts_per_second=0.0)
    planned = plan_json(plan_ahead(core, asked, AUTHOR))["decisions"]
    publish(core, "write-it-once", AUTHOR)
    with core.db.reading() as session:
        world = world_now(session, core, posts_per_second=0.0)
    everything = [decision_json(one) for one in foresee(world, until=END, reactions=script).foreseen]

    simulation = Simulation(house, Scripted(dict(by_nudge(script))), invariants(core))
    simulation.run(END)

    happened = {(line["person"], line["nudge"]): line for line in lines_of(house)}
    assert not books_balance(core)
    assert differences(planned, happened) == []
    assert differences(everything, happened) == []
    told = Counter(line["outcome"] for line in happened.values())
    assert told["sent"] > 200
    assert told["skipped"] > 50
    assert {"stopped", "prerequisite"} <= {line["reason"] for line in happened.values()}


def differences(
    foreseen: Sequence[Mapping[str, Any]], happened: Mapping[tuple[str, str], Mapping[str, Any]]
) -> list[Any]:
    """Return what was foreseen in another way than it came, and what came unforeseen, by person and nudge."""
    by_key = {(one["person"], one["nudge"]): one for one in foreseen}
    nudges = {nudge for _, nudge in by_key}
    unforeseen = [key for key in happened if key[1] in nudges and key not in by_key]
    others = [
        (key, [(name, one.get(name), happened.get(key, {}).get(name)) for name in TOLD])
        for key, one in sorted(by_key.items())
        if [one.get(name) for name in TOLD] != [happened.get(key, {}).get(name) for name in TOLD]
    ]
    return [*unforeseen, *others]


def lines_of(house: House) -> list[dict[str, Any]]:
    """Return what became of each nudge for each person, as `rehearse --format json` says it."""
    with house.core.db.reading() as session:
        everybody = list(people.everybody(session, house.core.workspace_id))
        found = outcomes.outcomes(session, house.core.workspace_id)
    known = calendars(everybody, house.core.company())
    return [outcome_line(one, known.get(one.person_id)) for one in found]
