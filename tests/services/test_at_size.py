"""Large waves and large databases: this module is the tests of the memory and the time they take."""

import json
import os
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nudges.services.core import Core
from nudges.services.keeping.back_up import back_up
from nudges.services.keeping.restore import restore
from nudges.store.engine import Database, checkpoint
from tests.acceptance.quick_process import Nursery
from tests.services.house import DATABASE, TEAM, House, a_text, open_house

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
PEOPLE = 100_000 if IS_SOAK else 10_000
SENT = int(os.environ.get("NUDGER_ROUNDS", "100000" if IS_SOAK else "400"))
ROWS = 1_000_000 if IS_SOAK else 20_000
MOST_MB = 300
LONGEST_S = 60

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.timeout(3000 if IS_SOAK else 240)]


def test_a_large_wave_is_planned_and_sent_in_bounded_memory(nursery: Nursery, tmp_path: Path) -> None:
    folder = tmp_path / "house"
    env = dict(os.environ) | {"WAVE_FOLDER": str(folder), "WAVE_PEOPLE": str(PEOPLE), "WAVE_SENT": str(SENT)}
    for function in ("furnish_wave", "live"):
        process = nursery.call(f"tests.services.wave_life:{function}", env=env, cwd=tmp_path)
        assert process.wait() == 0, process.log.read_text("utf-8")
    figures = json.loads((folder / "figures.json").read_text("utf-8"))
    print(figures)
    assert figures["sent"] >= SENT
    assert figures["peak_mb"] < MOST_MB


def test_a_large_database_is_restored_within_a_minute(house: House, tmp_path: Path) -> None:
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 10:30")
    checkpoint(house.core.db)
    path = house.core.db.sqlite_path
    assert path is not None
    multiply(path)
    backup = tmp_path / "backup.db"
    back_up(path, backup)
    house.core.db.close()

    def on(database: Database, workspace_id: str) -> Core:
        return replace(house.core, db=database, workspace_id=workspace_id)

    started = time.monotonic()
    restore(path, backup, key=house.core.key, clock=house.clock, core_on=on)
    took = time.monotonic() - started
    print(f"{ROWS} rows restored in {took:.1f} s")
    assert took < LONGEST_S
    again = open_house(path.parent, house.clock.now)
    with closing(sqlite3.connect(path)) as restored:
        assert restored.execute("SELECT count(*) FROM deliveries").fetchone()[0] >= ROWS
    assert path.name == DATABASE and again.core.workspace_id == TEAM
    again.core.db.close()


def multiply(path: Path) -> None:
    """Copy what was sent until there are as many rows as wanted, each somebody else's."""
    with closing(sqlite3.connect(path)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(deliveries)")]
        changed = {
            "delivery_id": "printf('%032d', number)",
            "person_id": "printf('U2%07d', number % 100000)",
            "nudge_key": "'copy-' || (number / 100000)",
        }
        wanted = ", ".join(changed.get(column, f'one."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        numbers = f"WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < {ROWS}) "
        one = "(SELECT * FROM deliveries WHERE status = 'sent' LIMIT 1) AS one"
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:  # they would count each row, which takes longer than all that is measured here
            database.execute(f"DROP TRIGGER {name}")
        database.execute(f"INSERT INTO deliveries ({names}) {numbers} SELECT {wanted} FROM n, {one}")
        for _, sql in triggers:
            database.execute(sql)
        database.commit()
