"""`nudger run` as a process of its own: this module starts it, fills its disk, hides its Slack and tells it to end."""

import resource
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.acceptance.kill_harness import STARTS_AT, cli, environment, people, write_playbooks
from tests.acceptance.quick_process import Nursery
from tests.acceptance.running import free_port, wait_until
from tests.soak import luck

RUN = [sys.executable, "-m", "bot.cli", "run"]
PEOPLE, NUDGES = 120, 1
PATIENCE_S = 150.0  # processes start slowly on a busy machine

pytestmark = pytest.mark.timeout(400)

Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(a_slack(), port=0) as server:
        yield server


def a_slack() -> Slack:
    return Slack(people=people(PEOPLE), start=STARTS_AT.timestamp(), seed=luck(3))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Start `nudger run`; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(env: dict[str, str], largest_file: int = 0) -> "subprocess.Popen[str]":
        def limit() -> None:
            if largest_file:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        log = (tmp_path / f"run-{len(started)}.log").open("w")
        process = subprocess.Popen(
            RUN, env=env, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=log, preexec_fn=limit
        )
        log.close()
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def settings(server: SandboxServer, folder: Path, **more: str) -> dict[str, str]:
    playbooks = folder / "playbooks"
    if not playbooks.exists():
        write_playbooks(playbooks, NUDGES)
    return environment(server, folder, playbooks, **more)


def is_connected(server: SandboxServer) -> bool:
    return server.slack.delivery.transport() is not None


def test_a_second_one_is_refused_and_the_first_ends_in_order_when_told(
    server: SandboxServer, run: Run, tmp_path: Path
) -> None:
    env = settings(server, tmp_path)
    first = run(env)
    wait_until(lambda: is_connected(server), PATIENCE_S)
    second = subprocess.run(
        RUN, env=env | {"NUDGER_PORT": str(free_port())}, cwd=tmp_path, capture_output=True, text=True, timeout=150
    )
    assert second.returncode == 2
    assert "Another Nudger already works on nudger.db" in second.stderr and "Traceback" not in second.stderr
    first.send_signal(signal.SIGTERM)
    said, _ = first.communicate(timeout=150)
    assert first.returncode == 0
    assert "Nudger runs (socket)" in said
    wait_until(lambda: not is_connected(server))


def test_a_slack_that_cannot_be_reached_is_tried_again_until_it_can(run: Run, tmp_path: Path) -> None:
    with SandboxServer(a_slack(), port=0) as away:
        env = settings(away, tmp_path)
        port = away.port
    process = run(env)
    assert process.stdout is not None
    assert "Slack cannot be reached" in process.stdout.readline()
    with SandboxServer(a_slack(), port=port) as back:
        wait_until(lambda: is_connected(back), PATIENCE_S)
        assert process.poll() is None


def test_a_disk_that_fills_up_stops_the_sending_and_nothing_is_lost_or_doubled(
    server: SandboxServer, nursery: Nursery, run: Run, tmp_path: Path
) -> None:
    env = settings(server, tmp_path)
    cli(nursery, env, tmp_path, "people", "sync")
    cli(nursery, env, tmp_path, "publish", "wave", "--yes", "--starts-on", f"{STARTS_AT:%Y-%m-%d}")
    size = (tmp_path / "nudger.db").stat().st_size
    log = tmp_path / "run-0.log"

    full = run(env, largest_file=size + 100_000)
    wait_until(lambda: "sending paused" in log.read_text(encoding="utf-8") or full.poll() is not None, PATIENCE_S)
    assert full.poll() is None, "it waits for room instead of dying"
    assert 0 < len(server.slack.posted()) < PEOPLE
    full.kill()
    full.wait()

    run(env)
    wait_until(lambda: len(delivered(server)) == sent(tmp_path / "nudger.db") == PEOPLE * NUDGES, PATIENCE_S)
    assert set(delivered(server).values()) == {1}


def delivered(server: SandboxServer) -> Counter[str]:
    return Counter(one.delivery_id for one in server.slack.posted() if one.delivery_id)


def sent(database: Path) -> int:
    """Return how many deliveries the app's own books call sent."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10) as connection:
        query = "SELECT count(*) FROM deliveries WHERE campaign_id > 0 AND status = 'sent'"
        return int(connection.execute(query).fetchone()[0])
