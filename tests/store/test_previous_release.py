"""The release before this one on today's database: this module says again all that it said to its own.

While a new release is rolled out, processes of both work side by side: migrations come first, so the older code meets
the newer shape. `record_statements.py` says where the recordings come from.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from nudges.domain.delivery.responses import Feedback
from nudges.scheduler import JOBS
from nudges.services.answers.record_response import record_feedback
from nudges.services.delivery.send_deliveries import Step, send_due
from nudges.services.measuring.read_status import campaign_list, status
from nudges.services.measuring.results import results
from nudges.services.own.glass_box import my_data
from nudges.services.own.preferences import wishes_of
from nudges.store import rollups
from nudges.store.engine import open_database
from nudges.store.migrate import upgrade
from tests.fakes import utc
from tests.places import KINDS, PLACES
from tests.services.house import ADMIN, ANA, BILLING, COMPANY, House, open_house

RECORDED = Path(__file__).parent.parent / "data" / "previous-release"
AFTERWARDS = utc("2027-01-18 12:00")
END = ("commit", "rollback")
Said = tuple[str, Any, bool, int]


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Today's code on an empty database of today's shape, at the end of what the older release lived through."""
    db = open_database(PLACES.server.new_database() if request.param == KINDS[1] else f"sqlite:///{tmp_path}/own.db")
    upgrade(db)
    folder = tmp_path / "house"
    (folder / "playbooks").mkdir(parents=True)
    (folder / "playbooks" / "company.yaml").write_text(COMPANY, "utf-8")
    opened = open_house(folder, AFTERWARDS)
    opened.core.db.close()
    PLACES.leave(folder / "house.db")
    opened.core = replace(opened.core, db=db.of_workspace(opened.core.workspace_id))
    yield opened
    db.close()


def recorded(kind: str) -> list[list[Said]]:
    """Return the transactions of the older release on a kind of database."""
    told = json.loads(gzip.decompress((RECORDED / f"{kind}.json.gz").read_bytes()))
    found: list[list[Said]] = [[]]
    for said in told["said"]:
        if said in END:
            found.append([])
            continue
        number, values, many, count = said
        ready = [_ready(one) for one in values] if many else _ready(values)
        found[-1].append((told["texts"][number], ready, many, count))
    return [one for one in found if one]


def _ready(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _one(value) for name, value in values.items()}
    return tuple(_one(value) for value in values)


def _one(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    return date.fromisoformat(value["on"]) if "on" in value else json.dumps(value["json"])


def say_again(
    engine: Engine, *, meanwhile: Callable[[int], object] = lambda _number: None
) -> list[tuple[str, int, int]]:
    """Say everything again; return where another number of rows was found or changed than then."""
    different = []
    for number, transaction in enumerate(recorded(engine.dialect.name)):
        with engine.begin() as connection:
            for said, values, many, count in transaction:
                found = connection.exec_driver_sql(said, [*values] if many else values)
                if count >= 0 and found.rowcount != count:
                    different.append((said, count, found.rowcount))
                if found.returns_rows:
                    found.all()  # SQLite commits only what was read to the end
        meanwhile(number)
    return different


def test_every_statement_of_the_older_release_does_today_what_it_did_then(house: House) -> None:
    assert say_again(house.core.db.writer) == []


def test_this_release_reads_what_the_older_one_wrote(house: House) -> None:
    say_again(house.core.db.writer)
    core = house.core
    assert {one.status for one in house.rows()} <= {"sent", "skipped", "expired", "failed"}
    assert house.books().is_balanced
    assert house.books("other").is_balanced
    with core.db.reading() as session:
        assert rollups.differences(session) == 0
    assert {one.name for one in campaign_list(core)} == {"find-an-expert", "other"}
    assert status(core, ADMIN).campaigns
    assert results(core, ADMIN, "find-an-expert")
    assert len(my_data(core, ANA)["responses"]) == 4
    assert not wishes_of(core, BILLING[8]).is_stopped


# The rest begins with what the recording inserts without looking, as it had looked before.
EACH = 40  # transactions of the older release, after which this one does its round
SIDE_BY_SIDE = (
    "watch_playbooks",
    "stage_pilots",
    "sweep_recalls",
    "plan_deliveries",
    "settle_deliveries",
    "prune_history",
)


def test_both_releases_work_side_by_side_without_an_error(house: House) -> None:
    core, posted = house.core, 0
    house.clock.now = utc("2027-01-13 10:00")

    def work(number: int) -> None:
        nonlocal posted
        if number % EACH:
            return
        for job in JOBS:
            if job.name in SIDE_BY_SIDE:
                job.service(core)
        posted += sum(attempt.step == Step.POSTED for attempt in send_due(core, limit=3))
        for one in house.messenger.standing[-1:]:
            record_feedback(core, one.person_id, one.delivery_id, Feedback.USEFUL)
        campaign_list(core)

    say_again(core.db.writer, meanwhile=work)
    assert posted > 0, "this release sent some of what the older one had planned"
    assert house.messenger.doubled() == 0
    with core.db.reading() as session:
        assert rollups.differences(session) == 0
    assert house.books().is_balanced
