"""Several workers and clocks under fire: this module shows that nothing is lost or doubled on PostgreSQL either."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.acceptance.crowd import SETTINGS, Crowd, slowest
from tests.acceptance.kill_harness import STARTS_AT, cli, environment, people, truth, write_playbooks
from tests.acceptance.quick_process import Nursery
from tests.databases import postgres_server
from tests.soak import luck

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
SHORT = ("kill worker", "restart database", "suspend worker", "kill clock", "suspend clock")  # one of each
FAULTS_DONE = int(os.environ.get("NUDGER_FAULTS", "300")) if IS_SOAK else len(SHORT)
SEED = luck(7)
NUDGES = 3
PEOPLE = FAULTS_DONE * (40 if IS_SOAK else 28) + 40
PATIENCE_S = 60 + FAULTS_DONE * 15
RECOVERY_S = 10.0
WIRE = {
    "lost_answer": 0.05,
    "late_answer": 0.01,
    "late_acceptance": 0.04,
    "server_error": 0.04,
    "not_json": 0.01,
    "late_seconds": 1.2,
    "history_page": 7,
}


@pytest.fixture
def crowd(nursery: Nursery, tmp_path: Path) -> Iterator[Crowd]:
    slack = Slack(people=people(PEOPLE), start=STARTS_AT.timestamp(), seed=SEED)
    with postgres_server() as server, SandboxServer(slack, port=0) as sandbox:
        playbooks = write_playbooks(tmp_path / "playbooks", NUDGES)
        env = environment(sandbox, tmp_path, playbooks, DATABASE_URL=server.new_database(), **SETTINGS)
        env["NUDGER_PACE"] = "60/30/80"  # slow enough for harm to be done while there is something to send
        cli(nursery, env, tmp_path, "people", "sync")
        cli(nursery, env, tmp_path, "publish", "wave", "--yes", "--starts-on", "2027-01-12")
        slack.set_faults(**WIRE)
        crowd = Crowd(nursery, server, slack, env, tmp_path, random.Random(SEED))
        yield crowd
        crowd.end()


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE_S + 120)
def test_workers_killed_and_stopped_and_a_database_that_crashes_lose_nothing_and_double_nothing(crowd: Crowd) -> None:
    total = PEOPLE * NUDGES
    deadline = time.monotonic() + PATIENCE_S
    crowd.start("clock", "clock", "worker", "worker", *(["worker", "worker"] if IS_SOAK else []))
    assert crowd.watch_recovery("start", lambda: False) < 30

    harms = 0
    while harms < FAULTS_DONE and len(crowd.slack.posted()) < total - 100:
        name = crowd.harm("" if IS_SOAK else SHORT[harms])
        harms += 1
        assert crowd.watch_recovery(name, lambda: len(crowd.slack.posted()) >= total - 50) < RECOVERY_S, name
        time.sleep(crowd.dice.uniform(0, 0.3))
    crowd.revive(everybody=True)
    while crowd.statuses() != {"sent": total}:
        assert time.monotonic() < deadline, crowd.statuses()
        time.sleep(0.2)

    found = truth(crowd.slack)
    print(f"\n{harms} harms, {total} deliveries, slowest recoveries: {slowest(crowd)}")
    assert (found.distinct, found.doubled) == (total, 0)
    assert harms >= FAULTS_DONE * 0.8
