"""Status and results at scale, part of `make bench`: counts read from `rollups`, beside counting the rows."""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bot.metrics_page import Figures
from nudges.services.measuring.read_status import status
from nudges.services.measuring.results import results
from nudges.store import campaigns, rollups
from nudges.store.engine import Database
from tests import raw_counts
from tests.fakes import utc
from tests.services.house import ADMIN, TEAM, TIP, House, a_text, furnish, visit

DELIVERIES = int(os.environ.get("NUDGER_BENCH_DELIVERIES", "1000000"))
NUDGES = 10
NOW = utc("2027-03-01 12:00")
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)"
_PEOPLE = f"""{_NUMBERS} INSERT INTO audience (campaign_id, person_id, segment, is_held_out, is_pilot, entered_at)
 SELECT :campaign, 'UX' || i, CASE i % 3 WHEN 0 THEN 'customer-service' ELSE 'berlin' END, 0, 0, :start FROM n"""
_DELIVERIES = f"""{_NUMBERS} INSERT INTO deliveries (delivery_id, workspace_id, campaign_id, nudge_key, person_id,
 occurrence, status, reason, is_enqueued, priority, local_due, zone, due_at, ready_at, window_ends_at, fresh_until,
 attempt, failures, empty_reads, channel_id, message_ts, created_at, version, sent_at)
 SELECT i || ':' || :nudge, :team, :campaign, :nudge, 'UX' || i, 1, s, r, s <> 'skipped', 5, '', '', at, at, at, at,
 1, 0, 0, 'D', '1', at, 1, CASE s WHEN 'sent' THEN at END FROM (
 SELECT i, datetime(:start, '+' || (:day * 1440 + i % 480) || ' minutes') || '.000000' AS at,
 CASE i % 20 WHEN 0 THEN 'skipped' WHEN 1 THEN 'expired' WHEN 2 THEN 'planned' ELSE 'sent' END AS s,
 CASE i % 20 WHEN 0 THEN 'cap_week' ELSE '' END AS r FROM n) AS d"""
_ANSWERS = """INSERT INTO responses (delivery_id, kind, workspace_id, campaign_id, nudge_key, person_id, value,
 responded_at) SELECT delivery_id, 'feedback', workspace_id, campaign_id, nudge_key, person_id,
 CASE length(person_id) % 2 WHEN 0 THEN 'useful' ELSE 'not_for_me' END, sent_at FROM deliveries
 WHERE status = 'sent' AND campaign_id = :campaign AND CAST(substr(person_id, 3) AS INTEGER) % 5 = 0"""


def reading(line: Callable[[str, float, float, str], None]) -> None:
    """Fill a house with a million deliveries and read it as admins do."""
    with tempfile.TemporaryDirectory() as folder:
        furnish(Path(folder) / "furnished")
        with visit(Path(folder) / "furnished", Path(folder) / "house", NOW - timedelta(days=50)) as house:
            campaign_id = _fill(house)
            house.clock.now = NOW
            _compare(line, house, campaign_id)


def _fill(house: House) -> int:
    keys = [f"tip-{number}" for number in range(NUDGES)]
    when = '{{week: {}, day: tue, at: "10:00"}}'
    tips = [TIP.format(key=key, when=when.format(number + 1)) for number, key in enumerate(keys)]
    house.run(a_text("big", *tips, segments="customer-service, berlin"), "big")
    with house.core.db.reading() as session:
        found = campaigns.by_name(session, TEAM, "big")
    assert found is not None
    campaign_id = found.campaign_id
    asked = {"many": DELIVERIES // NUDGES, "campaign": campaign_id, "start": "2027-01-12 09:00:00", "team": TEAM}
    started = time.perf_counter()
    with house.core.db.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA cache_size = -400000")
    steps = [
        (_PEOPLE, {}),
        *((_DELIVERIES, {"nudge": key, "day": day}) for day, key in enumerate(keys)),
        (_ANSWERS, {}),
    ]
    for statement, more in steps:
        with house.core.db.begin() as session:
            session.execute(text(statement), asked | more)
    print(f"  (filled with {DELIVERIES:,} deliveries in {time.perf_counter() - started:.0f} s)")
    return campaign_id


def _compare(line: Callable[[str, float, float, str], None], house: House, campaign_id: int) -> None:
    core, db = house.core, house.core.db
    raw = _seconds(lambda: _raw(db, campaign_id))
    with db.reading() as session:
        assert rollups.differences(session) == 0
    figures = Figures(lambda: [core])
    for what, read in (
        ("status", lambda: status(core, ADMIN)),
        ("results", lambda: results(core, ADMIN, "big")),
        ("/metrics", figures),
    ):
        line(f"{what} at {DELIVERIES:,} deliveries", _seconds(read), raw, "the same figures counted row by row")


def _raw(db: Database, campaign_id: int) -> object:
    with db.reading() as session:
        return raw_counts.everything(session, campaign_id, NOW.tzinfo)  # type: ignore[arg-type]


def _seconds(work: Callable[[], object]) -> float:
    runs = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        runs.append(time.perf_counter() - started)
    return min(runs)


if __name__ == "__main__":
    reading(lambda what, ours, raw, _: print(f"{what:<40}{ours * 1000:9.1f} ms{raw * 1000:9.0f} ms  {ours / raw:.4f}x"))
