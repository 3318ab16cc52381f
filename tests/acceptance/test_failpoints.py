"""Kill -9 at each named point, and each after each other: this module is the tests that nothing is lost or doubled."""

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.acceptance.failpoints import DELIVERY_POINTS
from tests.acceptance.kill_harness import STARTS_AT, environment, people, write_playbooks
from tests.acceptance.quick_process import FAILPOINT, Nursery
from tests.acceptance.short_lives import IN_A_WAVE
from tests.soak import luck

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
ROUNDS = int(os.environ.get("NUDGER_ROUNDS", "50" if IS_SOAK else "1"))
SEED = luck(5)
# What stands in the database and at Slack differs between these; each other point leaves the same as one of them.
UNLIKE = ("after-intent", "after-post", "after-sent", "put-back", "planned")
LIVE = "tests.acceptance.short_lives:live"

pytestmark = pytest.mark.slow


def walk(round_number: int) -> list[str]:
    """Return at which points the lives of a round end: every pair, in the suite every pair of what differs."""
    names = sorted(DELIVERY_POINTS)
    random.Random(SEED + round_number).shuffle(names)
    return every_pair(names) if IS_SOAK else every_pair([name for name in names if name in UNLIKE]) + names


def every_pair(names: list[str]) -> list[str]:
    """Return a walk in which each name follows each name, itself included, exactly once."""
    left = {name: list(names) for name in names}
    stack, found = [names[0]], []
    while stack:  # Hierholzer: a circle through all arrows of the complete graph
        following = left[stack[-1]]
        if following:
            stack.append(following.pop())
        else:
            found.append(stack.pop())
    return found[::-1]


def test_a_walk_meets_every_pair_once() -> None:
    names = list("abcd")
    found = every_pair(names)
    assert Counter(pairwise(found)) == Counter({(one, two): 1 for one in names for two in names})


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    slack = Slack(people=people(len(walk(0)) * IN_A_WAVE), start=STARTS_AT.timestamp(), seed=luck(3))
    with SandboxServer(slack, port=0) as server:
        yield server


@pytest.mark.timeout(1800 if IS_SOAK else 180)
@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_after_a_kill_at_any_point_and_another_at_any_point_nothing_is_lost_or_doubled(
    server: SandboxServer, nursery: Nursery, tmp_path: Path, round_number: int
) -> None:
    ahead = {"LIFE_CLOCK_AHEAD_S": str(server.slack.clock.now() - time.time()), "LIFE_IS_LAST": "0"}
    env = environment(server, tmp_path, write_playbooks(tmp_path / "playbooks", 1), **ahead)
    assert nursery.nudger("people", "sync", env=env, cwd=tmp_path).wait() == 0
    assert nursery.nudger("people", "import", waves_file(tmp_path), env=env, cwd=tmp_path).wait() == 0

    for number, name in enumerate(walk(round_number)):
        life = {FAILPOINT: name, "LIFE_SEED": f"{SEED}/{round_number}/{number}"}
        assert nursery.call(LIVE, env=env | life, cwd=tmp_path).wait() == -9, f"life {number} never came to {name}"
    last = {"LIFE_IS_LAST": "1", "LIFE_SEED": "last"}
    assert nursery.call(LIVE, env=env | last, cwd=tmp_path).wait() == 0

    posted = Counter(one.delivery_id for one in server.slack.posted() if one.delivery_id)
    assert set(posted.values()) == {1}, "doubled"
    with closing(sqlite3.connect(tmp_path / "nudger.db")) as books:
        sent = books.execute("SELECT delivery_id FROM deliveries WHERE status = 'sent'").fetchall()
        everything = books.execute("SELECT count(*) FROM deliveries").fetchone()[0]
        campaigns = books.execute("SELECT count(*) FROM campaigns").fetchone()[0]
        answers = books.execute("SELECT count(*), count(DISTINCT delivery_id) FROM responses").fetchone()
    assert {row[0] for row in sent} == set(posted), "lost"
    assert len(sent) == everything == campaigns * IN_A_WAVE
    assert answers == (everything, everything)


def waves_file(folder: Path) -> str:
    """Write in which wave everybody is; return the file."""
    ids = [str(one["id"]) for one in people(len(walk(0)) * IN_A_WAVE)]  # at most one wave a life
    lines = [f"{person_id},Wave {number // IN_A_WAVE}" for number, person_id in enumerate(ids)]
    (folder / "people.csv").write_text("\n".join(["slack_id,department", *lines]) + "\n", "utf-8")
    return "people.csv"
