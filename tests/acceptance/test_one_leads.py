"""Several processes, and one that sleeps for too long: this module is the tests that one leads and none doubles."""

import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.acceptance.kill_harness import STARTS_AT, environment, people, write_playbooks
from tests.acceptance.quick_process import FAILPOINT, Nursery, QuickProcess
from tests.acceptance.running import free_port, wait_until
from tests.soak import luck

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
STARTS = int(os.environ.get("NUDGER_ROUNDS", "200" if IS_SOAK else "3"))
# Stopped at another point it may be in the middle of a write, and keeps the file locked until it goes on.
POINTS = ["after-intent", "before-post", "after-post"] if IS_SOAK else ["after-intent"]
SLEEPS = int(os.environ.get("NUDGER_ROUNDS", "67" if IS_SOAK else "1"))  # for each of three points
AT_ONCE = 8
PEOPLE = 40
LEASE_S = 0.6
PATIENCE_S = 90.0  # processes start slowly on a busy machine
QUICK = {"NUDGER_TIMEOUT_S": "0.5", "NUDGER_LEASE_S": str(LEASE_S), "NUDGER_SETTLE_S": "1.2", "NUDGER_TICK_S": "0.2"}

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    slack = Slack(people=people(PEOPLE), start=STARTS_AT.timestamp(), seed=luck(3))
    with SandboxServer(slack, port=0) as server:
        yield server


def published(server: SandboxServer, nursery: Nursery, folder: Path, nudges: int, **more: str) -> dict[str, str]:
    """Publish a wave in a new folder; return the environment of who works on it."""
    folder.mkdir(exist_ok=True)
    env = environment(server, folder, write_playbooks(folder / "playbooks", nudges), **more)
    for command in ("people sync", f"publish wave --yes --starts-on {STARTS_AT:%Y-%m-%d}"):
        assert nursery.nudger(*command.split(), env=env, cwd=folder).wait() == 0
    return env


def posted(server: SandboxServer) -> Counter[str]:
    return Counter(one.delivery_id for one in server.slack.posted() if one.delivery_id)


def standing(server: SandboxServer) -> Counter[str]:
    """Return how often each delivery stands at Slack: a late post beside another one is taken away."""
    channels = server.slack.state.channels
    there = (one for one in server.slack.posted() if one.ts in channels[one.channel].messages)
    return Counter(one.delivery_id for one in there if one.delivery_id)


def states(folder: Path) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{folder}/nudger.db?mode=ro", uri=True, timeout=10)) as books:
        query = "SELECT status, count(*) FROM deliveries WHERE campaign_id > 0 GROUP BY status"
        return dict(books.execute(query).fetchall())


def is_stopped(process: QuickProcess) -> bool:
    state = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    return state == "T"


@pytest.mark.timeout(60 + 20 * STARTS)
def test_of_eight_started_at_once_one_leads_and_nothing_is_doubled(
    server: SandboxServer, nursery: Nursery, tmp_path: Path
) -> None:
    env = published(server, nursery, tmp_path, 3)
    for number in range(STARTS):
        log = f"{number}.log"
        ports = [{"NUDGER_PORT": str(free_port())} for _ in range(AT_ONCE)]
        eight = [nursery.nudger("run", env=env | port, cwd=tmp_path, log=log) for port in ports]
        wait_until(lambda eight=eight: sum(one.poll() is None for one in eight) <= 1, PATIENCE_S)  # type: ignore[misc]
        wait_until(lambda log=log: "Nudger runs" in (tmp_path / log).read_text("utf-8"), PATIENCE_S)  # type: ignore[misc]
        (leader,) = [one for one in eight if one.poll() is None]
        assert [one.returncode for one in eight if one is not leader] == [2] * (AT_ONCE - 1)
        said = (tmp_path / log).read_text("utf-8")
        assert said.count("Another Nudger already works on nudger.db") == AT_ONCE - 1
        assert "Traceback" not in said
        leader.kill()
        leader.wait()
    last = nursery.nudger("run", env=env, cwd=tmp_path)
    wait_until(lambda: states(tmp_path) == {"sent": PEOPLE * 3}, PATIENCE_S)
    last.kill()
    assert (len(posted(server)), set(posted(server).values())) == (PEOPLE * 3, {1})


@pytest.mark.timeout(60 + 30 * SLEEPS)
@pytest.mark.parametrize("point", POINTS)
def test_who_slept_past_the_lease_changes_nothing_once_another_has_taken_over(
    server: SandboxServer, nursery: Nursery, tmp_path: Path, point: str
) -> None:
    """The one way on SQLite: whoever finds a machine asleep removes its lock by hand and starts a second Nudger."""
    for number in range(SLEEPS):
        folder = tmp_path / str(number)
        before = standing(server)
        env = published(server, nursery, folder, 1, **QUICK)
        sleeper = nursery.nudger("run", env=env | {FAILPOINT: f"{point}:stop"}, cwd=folder, log="sleeper.log")
        wait_until(lambda sleeper=sleeper: is_stopped(sleeper), PATIENCE_S)  # type: ignore[misc]
        (folder / "nudger.db.lock").unlink()
        second = nursery.nudger("run", env=env | {"NUDGER_PORT": str(free_port())}, cwd=folder, log="second.log")
        wait_until(lambda folder=folder: states(folder) == {"sent": PEOPLE}, PATIENCE_S)  # type: ignore[misc]
        rows = everything(folder)

        sleeper.send_signal(signal.SIGCONT)
        awake_at = time.monotonic()
        wait_until(lambda at=awake_at: time.monotonic() > at + LEASE_S, PATIENCE_S)  # type: ignore[misc]

        assert everything(folder) == rows, "the fenced update changed something"
        wait_until(lambda before=before: set((standing(server) - before).values()) == {1}, PATIENCE_S)  # type: ignore[misc]
        for process in (sleeper, second):
            process.kill()
            process.wait()


def test_a_machine_that_was_suspended_goes_on_where_it_was(
    server: SandboxServer, nursery: Nursery, tmp_path: Path
) -> None:
    env = published(server, nursery, tmp_path, 1, **QUICK)
    sleeper = nursery.nudger("run", env=env | {FAILPOINT: "before-post:stop"}, cwd=tmp_path)
    wait_until(lambda: is_stopped(sleeper), PATIENCE_S)
    asleep_at = time.monotonic()
    wait_until(lambda: time.monotonic() > asleep_at + 2 * LEASE_S, PATIENCE_S)
    sleeper.send_signal(signal.SIGCONT)
    wait_until(lambda: states(tmp_path) == {"sent": PEOPLE}, PATIENCE_S)
    assert (len(posted(server)), set(posted(server).values())) == (PEOPLE, {1})
    sleeper.kill()


def everything(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{folder}/nudger.db?mode=ro", uri=True, timeout=10)) as books:
        return books.execute("SELECT * FROM deliveries ORDER BY delivery_id").fetchall()
