"""What work costs beside a long past: this module counts the steps that SQLite takes, which no busy machine changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import event

from nudges.scheduler import next_instant
from nudges.services.answers.plan_recall import plan_recall
from nudges.services.answers.record_response import record_try_it
from nudges.services.core import Core
from nudges.services.delivery.change_messages import change_due
from nudges.services.delivery.order_changes import order_recall
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.delivery.settle_deliveries import settle_deliveries
from nudges.services.measuring.read_status import status
from nudges.services.measuring.results import results
from nudges.services.own.glass_box import my_data
from nudges.services.own.own_home import home
from nudges.services.own.preferences import pause
from nudges.services.people.sync_people import refresh_audiences
from nudges.store import instance
from nudges.store.engine import Database, open_database
from nudges.store.migrate import upgrade
from tests.bench_flat import put_past
from tests.big_company import TEAM, a_core, furnish
from tests.fakes import FixedClock, RecordingMessenger, Standing, utc

PEOPLE = 200
SHORT, LONG = 300, 12_000  # each of the two hundred has one message behind them in either
GRAIN = 20  # steps between two counts
TUESDAY = utc("2027-01-12 10:00")
ADMIN, NAME, NUDGE = "U0AMIR", "find-an-expert", "first-tip"


def a_tick(core: Core) -> None:
    plan_deliveries(core)
    while send_due(core, limit=20):
        pass
    settle_deliveries(core)


def one(core: Core) -> Standing:
    """Return a message that somebody has got."""
    standing: list[Standing] = core.messenger.standing  # type: ignore[attr-defined]  # of the recording one
    return standing[0]


WORK: dict[str, Callable[[Core], object]] = {
    "a tick": a_tick,
    "what comes next": next_instant,
    "a click": lambda core: record_try_it(core, one(core).person_id, one(core).delivery_id),
    "Home": lambda core: home(core, one(core).person_id),
    "my data": lambda core: my_data(core, one(core).person_id),
    "a pause": lambda core: pause(core, one(core).person_id),
    "status": lambda core: status(core, ADMIN),
    "results": lambda core: results(core, ADMIN, NAME),
    "questions that come back": plan_recall,
    "taking a message back": lambda core: (order_recall(core, NAME, NUDGE, ADMIN), change_due(core, limit=20)),
}


def test_no_work_takes_more_steps_beside_a_long_past_than_beside_a_short_one(tmp_path: Path) -> None:
    short, long = (steps_of_each(tmp_path / str(past), past) for past in (SHORT, LONG))
    assert short["a tick"] > 1000
    assert {name: (short[name], long[name]) for name in WORK if long[name] > 1.2 * short[name] + 10 * GRAIN} == {}


def steps_of_each(folder: Path, past: int) -> dict[str, int]:
    """Return how many steps each work takes, one after the other, beside so many old messages."""
    folder.mkdir()
    database = open_database(f"sqlite:///{folder}/past.db")
    upgrade(database)
    furnish(database, PEOPLE)
    put_past(database, past)
    with database.begin() as session:
        instance.ensure_workspace(session, TEAM, "Big")
    clock = FixedClock(TUESDAY)
    core = replace(a_core(database, folder), clock=clock, messenger=RecordingMessenger(clock))
    refresh_audiences(core)
    with counted(database) as steps:
        found = {name: _steps(steps, work, core) for name, work in WORK.items()}
    database.close()
    return found


@contextmanager
def counted(database: Database) -> Iterator[list[int]]:
    """Give a list that grows by one for each so many steps of SQLite."""
    steps: list[int] = []

    def listen(driver: Any, *_: object) -> None:
        driver.set_progress_handler(lambda: steps.append(GRAIN), GRAIN)

    for engine in (database.writer, database.reader):
        engine.dispose()  # connections that are open already would not be heard
        event.listen(engine, "connect", listen)
    yield steps


def _steps(steps: list[int], work: Callable[[Core], object], core: Core) -> int:
    before = len(steps)
    work(core)
    return sum(steps[before:])
