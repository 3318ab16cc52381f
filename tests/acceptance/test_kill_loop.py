"""Kill -9 at random moments: this module shows that no message is lost and none is doubled, on real processes."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.acceptance.kill_harness import (
    STARTS_AT,
    cli,
    environment,
    kill_until_done,
    people,
    truth,
    write_playbooks,
)
from tests.acceptance.quick_process import Nursery
from tests.soak import luck

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
NUDGES = 3
KILLS = int(os.environ.get("NUDGER_ROUNDS", "500" if IS_SOAK else "12"))
PEOPLE = KILLS * (80 if IS_SOAK else 35) // NUDGES + 1
PATIENCE_S = 200 + KILLS * 12
FAULTS = {
    "lost_answer": 0.05,
    "late_answer": 0.01,
    "late_acceptance": 0.04,
    "server_error": 0.04,
    "not_json": 0.01,
    "late_seconds": 1.5,
    "history_page": 7,
}
NAIVE = "tests.acceptance.naive_worker:work"
SEED = luck(5)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    slack = Slack(people=people(PEOPLE), start=STARTS_AT.timestamp(), seed=luck(11))
    with SandboxServer(slack, port=0) as server:
        yield server


def counts(database: Path) -> dict[str, int]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10) as connection:
        query = "SELECT status, count(*) FROM deliveries WHERE campaign_id > 0 GROUP BY status"
        return dict(connection.execute(query).fetchall())


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE_S + 60)
def test_kills_at_any_moment_lose_nothing_and_double_nothing(
    server: SandboxServer, nursery: Nursery, tmp_path: Path
) -> None:
    env = environment(server, tmp_path, write_playbooks(tmp_path / "playbooks", NUDGES))
    cli(nursery, env, tmp_path, "people", "sync")
    cli(nursery, env, tmp_path, "publish", "wave", "--yes", "--starts-on", "2027-01-12")
    server.slack.set_faults(**FAULTS)
    total, database = PEOPLE * NUDGES, tmp_path / "nudger.db"

    def is_done() -> bool:
        return len(server.slack.posted()) >= total and counts(database).get("sent", 0) == total

    kills = kill_until_done(
        lambda: nursery.nudger("run", env=env, cwd=tmp_path),
        kills=KILLS,
        seed=SEED,
        progress=lambda: len(server.slack.posted()),
        is_done=is_done,
        patience_s=PATIENCE_S,
    )

    found = truth(server.slack)
    assert (found.distinct, found.doubled) == (total, 0)
    assert counts(database) == {"sent": total}
    assert kills >= KILLS * 0.5  # where a life is long between two kills, the wave is through before the last


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("order", ["before", "after"])
def test_the_naive_orders_lose_or_double(server: SandboxServer, nursery: Nursery, tmp_path: Path, order: str) -> None:
    """Negative controls: marking before sending loses, marking after sending doubles; or the loop proves nothing."""
    total = min(300, PEOPLE - 1)
    server.slack.set_faults(**FAULTS)
    marked = tmp_path / "naive.db"
    env = environment(server, tmp_path, tmp_path)
    env |= {"NAIVE_TOTAL": str(total), "NAIVE_ORDER": order, "NAIVE_DATABASE": str(marked)}

    def is_done() -> bool:
        if not marked.exists():
            return False
        with sqlite3.connect(marked, timeout=10) as connection:
            exists = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            return bool(exists) and connection.execute("SELECT count(*) FROM marked").fetchone()[0] >= total

    kill_until_done(
        lambda: nursery.call(NAIVE, env=env, cwd=tmp_path),
        kills=6,
        seed=3,
        progress=lambda: len(server.slack.posted()),
        is_done=is_done,
        patience_s=150,
    )

    found = truth(server.slack)
    if order == "before":
        assert found.distinct < total
    else:
        assert found.doubled > 0
