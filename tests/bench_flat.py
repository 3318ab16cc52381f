"""What a delivery costs beside a long past: this module measures planning and sending with more and more rows behind.

A company of ten thousand people is planned for and its messages are sent on SQLite, next to 10,000, 100,000 and a
million deliveries that were sent to a hundred thousand people before. Seconds are of the processor, so that a busy
machine changes them less. `python -m tests.bench_flat` takes a minute or two; `--quick` leaves the million out.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import bindparam, text

from nudges.services.core import Core
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.people.sync_people import refresh_audiences
from nudges.store import ahead, deliveries, instance, rollup_triggers
from nudges.store.engine import Database, UtcDateTime, open_database
from nudges.store.migrate import upgrade
from tests.big_company import FRIDAY, TEAM, a_core, furnish
from tests.fakes import FixedClock, RecordingMessenger, utc

PEOPLE = 10_000
BEHIND = (10_000, 100_000, 1_000_000)
TUESDAY = utc("2027-01-12 10:00")
CLAIMED = 20
SENT = 600
TIMES = 15
PAST = """
INSERT INTO deliveries (delivery_id, workspace_id, campaign_id, nudge_key, person_id, occurrence, status, reason,
  is_enqueued, priority, local_due, zone, due_at, ready_at, window_ends_at, fresh_until, sent_at, attempt, failures,
  empty_reads, channel_id, message_ts, created_at, version)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)
SELECT lower(hex(randomblob(16))), :workspace_id, 99, 'old-' || (i / 100000), 'U' || (10000000 + i % 100000), 1, 'sent',
  '', true, 5, '', 'Europe/Lisbon', :then, :then, :then, :then, :then, 1, 0, 0, 'D', '1', :then, 1
FROM n
"""


def flat(*behind: int) -> None:
    """Print what planning and claiming cost with so many rows of history."""
    print("      history   planned, each   sent, each   nothing new   a claim of 20   standings of 20", flush=True)
    for rows in behind:
        with tempfile.TemporaryDirectory() as folder:
            database = open_database(f"sqlite:///{folder}/flat.db")
            upgrade(database)
            furnish(database, PEOPLE)
            put_past(database, rows)
            with database.begin() as session:
                instance.ensure_workspace(session, TEAM, "Big")
            figures = _figures(a_core(database, Path(folder)))
            print(f"    {rows:9,}   {'   '.join(figures)}", flush=True)
            database.close()


def put_past(database: Database, rows: int) -> None:
    """Put so many sent deliveries of an earlier campaign into the database, and count them."""
    asked = {"last": rows - 1, "workspace_id": TEAM, "then": FRIDAY.replace(year=2026)}
    with database.writer.begin() as connection:
        rollup_triggers.remove(connection)  # counting row by row is not what is measured here
        connection.execute(text(PAST).bindparams(bindparam("then", type_=UtcDateTime)), asked)
        rollup_triggers.ensure(connection)


def _figures(core: Core) -> list[str]:
    refresh_audiences(core)
    planned = worked(lambda: plan_deliveries(core))
    plan_deliveries(core)
    again = statistics.median(worked(lambda: plan_deliveries(core)) for _ in range(TIMES))
    sent = _sent(core)
    claims, standings = zip(*(_claim(core) for _ in range(TIMES)), strict=True)
    each = (
        planned / PEOPLE * 1e6,
        sent * 1e6,
        again * 1e3,
        statistics.median(claims) * 1e3,
        statistics.median(standings) * 1e3,
    )
    units = ("us", "us", "ms", "ms", "ms")
    return [f"{figure:.2f} {unit}" for figure, unit in zip(each, units, strict=True)]


def _sent(core: Core) -> float:
    """Return what a message takes from the claim to the mark, to a Slack that costs nothing."""
    slack = RecordingMessenger(FixedClock(TUESDAY))
    here = replace(core, clock=FixedClock(TUESDAY), messenger=slack)

    def send(most: int) -> None:
        while len(slack.standing) < most:
            assert send_due(here, limit=CLAIMED)

    send(1)  # first come those in far zones whose time is over
    before = len(slack.standing)
    return worked(lambda: send(SENT)) / (len(slack.standing) - before)


def _claim(core: Core) -> tuple[float, float]:
    claimed: list[str] = []

    def claim() -> None:
        with core.db.begin() as session:
            later = FRIDAY.replace(day=12, hour=23)
            found = deliveries.claim_due(session, core.workspace_id, now=later, limit=CLAIMED)
        claimed.extend(one.delivery_id for one in found)

    def stand() -> None:
        with core.db.reading() as session:
            ahead.standings_of(session, claimed)

    took = worked(claim), worked(stand)
    assert len(claimed) == CLAIMED
    return took


def worked(work: Callable[[], object]) -> float:
    """Return the seconds of our processor that something takes; SQLite works in our own process."""
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    flat(*(BEHIND[:2] if "--quick" in sys.argv else BEHIND))
