"""Planning's part of `make bench`: this module plans a million deliveries on each database and prints ratios.

The baseline, "pure SQL", is what a database can do at best with the same rows: one INSERT ... SELECT in one transaction
that joins audience, people and wishes with a small table of decisions made beforehand, passes over what is decided
already (the same anti-join), and writes into the same table with the same indexes. It is spared what SQL cannot do,
the calendar and the keyed ids: they are not counted, and in the place of an id stands whatever 32 digits are cheapest
(`randomblob` on SQLite, `md5` on PostgreSQL). It is spared the triggers behind `rollups` too, for which we pay. It
could not be used: one transaction keeps clicks waiting for as long as it takes, and its ids are new ones each time.

Ours runs in a process of its own, whose peak of memory is read. `python -m tests.bench_planning` takes several minutes
for each database, with `--quick` (a tenth) less than one; NUDGER_BENCH_PEOPLE says how many people otherwise. Ratios by
processor time, the database's own processes included, hold on a busy machine; those by the clock need a quiet one.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from procrastinate import App, SyncPsycopgConnector
from sqlalchemy import Column, MetaData, Table, Text, bindparam, event, insert, text

from nudges.services.core import Core
from nudges.services.delivery.plan_deliveries import AT_ONCE, expire_stale, plan_deliveries
from nudges.services.people.sync_people import refresh_audiences
from nudges.store import rollup_triggers
from nudges.store.engine import Database, UtcDateTime, checkpoint, open_database
from nudges.store.migrate import upgrade
from tests.bench_timing import Took, timed
from tests.big_company import FRIDAY, a_core, furnish
from tests.databases import postgres_server

PEOPLE, QUICK = 1_000_000, 100_000
AGAIN = 5  # how often "nothing new" is asked: once is too short to be measured
JOBS = 10_000  # queued or scheduled one by one; the rate of more is no better
COLUMNS = (
    "delivery_id, workspace_id, campaign_id, nudge_key, person_id, occurrence, status, reason, is_enqueued, priority, "
    "local_due, zone, due_at, ready_at, window_ends_at, fresh_until, attempt, failures, empty_reads, channel_id, "
    "message_ts, created_at, version"
)
PURE = """
INSERT INTO deliveries ({columns})
SELECT {key}, p.workspace_id, a.campaign_id, 'first-tip', a.person_id, 1,
  CASE WHEN a.is_held_out OR w.stopped_at IS NOT NULL OR w.paused_until >= k.fresh_until THEN 'skipped'
    ELSE 'planned' END,
  CASE WHEN a.is_held_out THEN 'holdout' WHEN w.stopped_at IS NOT NULL THEN 'stopped'
    WHEN w.paused_until >= k.fresh_until THEN 'paused' ELSE '' END,
  NOT (a.is_held_out OR w.stopped_at IS NOT NULL OR coalesce(w.paused_until >= k.fresh_until, false)), 5,
  k.local_due, k.zone, k.due_at, k.due_at, k.window_ends_at, k.fresh_until, 0, 0, 0, '', '', :now, 0
FROM audience a
JOIN people p ON p.workspace_id = 'T0BIG' AND p.person_id = a.person_id
LEFT JOIN preferences w ON w.workspace_id = 'T0BIG' AND w.person_id = a.person_id
JOIN calendars k ON k.slack_zone = p.slack_zone AND k.country = p.country AND k.hours = p.hours
  AND k.working_days = p.working_days
WHERE a.campaign_id = 1 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.campaign_id = a.campaign_id
  AND d.nudge_key = 'first-tip' AND d.person_id = a.person_id)
"""
CALENDARS = """
SELECT p.slack_zone, p.country, p.hours, p.working_days, max(d.local_due) AS local_due, max(d.zone) AS zone,
  max(d.due_at) AS due_at, max(d.window_ends_at) AS window_ends_at, max(d.fresh_until) AS fresh_until
FROM deliveries d JOIN people p ON p.workspace_id = d.workspace_id AND p.person_id = d.person_id
WHERE d.nudge_key = 'first-tip' AND d.status = 'planned' GROUP BY 1, 2, 3, 4
"""
INSTANTS = ("due_at", "window_ends_at", "fresh_until")
ANTI_JOIN = """
SELECT count(*) FROM audience a WHERE a.campaign_id = 1 AND NOT EXISTS (SELECT 1 FROM deliveries d
WHERE d.campaign_id = a.campaign_id AND d.nudge_key = 'first-tip' AND d.person_id = a.person_id)
"""
SUMS = """
SELECT status, reason, CASE status WHEN 'planned' THEN due_at END AS due_at, count(*)
FROM deliveries WHERE nudge_key = 'first-tip'
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def planning(people: int = QUICK) -> None:
    """Print how planning so many compares, on SQLite and on PostgreSQL."""
    print(f"planning {people:,} deliveries", flush=True)
    scheduled = _rate(schedule)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with postgres_server(is_durable=True) as server:
            with _opened(server.new_database()) as empty:
                queued = _rate(lambda: queue(empty.url), empty)
            print(f"  procrastinate {_said(queued)}, APScheduler {_said(scheduled)}", flush=True)
            base = server.new_database()
            drawn = _prepared(base, people)
            copies = [server.new_database(base) for _ in range(2)]
            _compare("PostgreSQL", copies, people, drawn=drawn, others=(queued, scheduled))
        drawn = _prepared(f"sqlite:///{path}/base.db", people)
        for name in ("ours", "pure"):
            shutil.copy(path / "base.db", path / f"{name}.db")
        copies = [f"sqlite:///{path}/{name}.db" for name in ("ours", "pure")]
        _compare("SQLite", copies, people, drawn=drawn, others=(queued, scheduled))


def _prepared(url: str, people: int) -> dict[str, float]:
    """Put the company into a database and draw the campaign's audience; return how that went."""
    database = open_database(url)
    upgrade(database)
    furnish(database, people)
    database.close()
    drawn = _alone("draw", url)
    database = open_database(url)
    if not database.is_sqlite:
        with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    checkpoint(database)
    database.close()
    return drawn


def _compare(
    name: str, urls: Sequence[str], people: int, *, drawn: Mapping[str, float], others: tuple[Took, Took]
) -> None:
    ours = _alone("plan", urls[0])
    with _opened(urls[0]) as planned, _opened(urls[1]) as empty:
        pure, anti_join = _pure(planned, empty)
        assert _sums(planned) == _sums(empty), "SQL decided otherwise"
    expired = _alone("expire", urls[0])
    mine = Took(ours["plan_s"] / people, ours["plan_cpu"] / people)
    against = {"pure SQL": Took(pure.seconds / people, pure.worked / people)}
    against |= dict(zip(("procrastinate", "APScheduler"), others, strict=True))
    ratios = "\n".join(
        f"    {other.seconds / mine.seconds:.2f}x of {what}'s rate, {other.worked / mine.worked:.2f}x by processor time"
        for what, other in against.items()
    )
    print(
        f"  {name}: {_said(mine)}; pure SQL {_said(against['pure SQL'])}\n{ratios}\n"
        f"    peak {ours['peak_mb']:.0f} MB   longest transaction {ours['longest_ms']:.0f} ms\n"
        f"    nothing new {ours['again_s']:.3f} s: {ours['again_s'] / anti_join.seconds:.2f}x of an anti-join, "
        f"{ours['again_cpu'] / anti_join.worked:.2f}x by processor time\n"
        f"    all expired in {expired['expire_s']:.1f} s; audience drawn in {drawn['draw_s']:.1f} s, looked "
        f"at again in {drawn['redraw_s']:.1f} s, peak {drawn['peak_mb']:.0f} MB, longest {drawn['longest_ms']:.0f} ms",
        flush=True,
    )


def _said(each: Took) -> str:
    return f"{1 / each.seconds:,.0f}/s ({each.worked * 1e6:.0f} us of processor each)"


def _pure(planned: Database, empty: Database) -> tuple[Took, Took]:
    """Return how long SQL takes for the same rows, and to find that none is missing."""
    key = "lower(hex(randomblob(16)))" if empty.is_sqlite else "md5(a.person_id)"
    typed = {name: UtcDateTime() for name in INSTANTS}
    with planned.reading() as session:
        rows = [dict(row) for row in session.execute(text(CALENDARS).columns(**typed)).mappings()]
    columns = [Column(name, typed.get(name, Text())) for name in rows[0]]
    calendars = Table("calendars", MetaData(), *columns)
    with empty.writer.begin() as connection:
        rollup_triggers.remove(connection)
        calendars.create(connection)
        connection.execute(insert(calendars), rows)
        if not empty.is_sqlite:
            connection.execute(text("ANALYZE"))  # the baseline is to have all that PostgreSQL can know
    pure = text(PURE.format(columns=COLUMNS, key=key)).bindparams(bindparam("now", FRIDAY, UtcDateTime()))
    with timed(empty) as whole, empty.begin() as session:
        if not empty.is_sqlite:
            # Left to itself, PostgreSQL looks for each row through all that the same statement has just written.
            session.execute(text("SET LOCAL enable_nestloop = off"))
        session.execute(pure)
    with timed(empty) as again, empty.reading() as session:
        for _ in range(AGAIN):
            session.execute(text(ANTI_JOIN)).scalar_one()
    return whole[0], Took(again[0].seconds / AGAIN, again[0].worked / AGAIN)


def _sums(database: Database) -> list[tuple[Any, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(SUMS).columns(due_at=UtcDateTime()))]


# ---- what one would otherwise use


def queue(url: str) -> None:
    """Defer a job for each person with procrastinate, as many at once as we write."""
    app = App(connector=SyncPsycopgConnector(conninfo=url.replace("+psycopg", "")))
    with app.open():
        app.schema_manager.apply_schema()
        task = app.configure_task("nudge", schedule_at=FRIDAY)
        for start in range(0, JOBS, AT_ONCE):
            jobs: list[dict[str, Any]] = [{"person_id": f"U{number}"} for number in range(start, start + AT_ONCE)]
            task.batch_defer(*jobs)


def schedule() -> None:
    """Give APScheduler a job for each person, in its memory; nothing would be left of them after a restart."""
    scheduler = BackgroundScheduler()
    scheduler.start(paused=True)
    for number in range(JOBS):
        scheduler.add_job(print, "date", run_date=FRIDAY + timedelta(days=36_500), args=(number,))
    scheduler.shutdown(wait=False)


def _rate(work: Callable[[], None], database: Database | None = None) -> Took:
    with timed(database) as took:
        work()
    return Took(took[0].seconds / JOBS, took[0].worked / JOBS)


# ---- our part, in a process of its own


def _alone(part: str, url: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench_planning", part, url], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _part(part: str, url: str) -> dict[str, float]:
    """Do our part on this database and return seconds, megabytes at most and the longest transaction."""
    with _opened(url) as database, tempfile.TemporaryDirectory() as folder:
        core, longest = a_core(database, Path(folder)), _watched(database)
        found: dict[str, float] = {}
        for name, work in _works(core)[part]:
            times = AGAIN if name == "again" else 1
            with timed(database) as took:
                for _ in range(times):
                    work()
            found[f"{name}_s"], found[f"{name}_cpu"] = took[0].seconds / times, took[0].worked / times
        return found | {
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "longest_ms": max(longest),
        }


def _works(core: Core) -> dict[str, list[tuple[str, Callable[[], object]]]]:
    long_after = FRIDAY + timedelta(days=30)
    return {
        "draw": [("draw", lambda: refresh_audiences(core)), ("redraw", lambda: refresh_audiences(core))],
        "plan": [
            ("plan", lambda: plan_deliveries(core)),
            ("rest", lambda: plan_deliveries(core)),  # what follows a nudge that is not sent
            ("again", lambda: plan_deliveries(core)),
        ],
        "expire": [("expire", lambda: expire_stale(core, long_after))],
    }


def _watched(database: Database) -> list[float]:
    """Return a list that takes down how many milliseconds each writing transaction lasts."""
    begun, lasted = [0.0], [0.0]
    event.listen(database.writer, "begin", lambda _: begun.__setitem__(0, time.perf_counter()))
    event.listen(database.writer, "checkin", lambda *_: lasted.append((time.perf_counter() - begun[0]) * 1000))
    return lasted


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    yield database
    database.close()


def main() -> None:
    """Run the whole, or one part for the process that asks for it."""
    if len(sys.argv) == 3:
        print(json.dumps(_part(*sys.argv[1:])))
    else:
        asked = int(os.environ.get("NUDGER_BENCH_PEOPLE", PEOPLE))
        planning(QUICK if "--quick" in sys.argv else asked)


if __name__ == "__main__":
    main()
