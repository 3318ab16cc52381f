"""A disk that answers EIO: this module is the test that sending stops, says so, and goes on by itself afterwards."""

import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Slack
from tests.acceptance.kill_harness import STARTS_AT, cli, environment, people, write_playbooks
from tests.acceptance.quick_process import Nursery
from tests.acceptance.running import wait_until
from tests.acceptance.test_one_leads import states
from tests.soak import luck
from tests.store.disk import build

PEOPLE = 120
PATIENCE_S = 120.0

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    slack = Slack(people=people(PEOPLE), start=STARTS_AT.timestamp(), seed=luck(3))
    with SandboxServer(slack, port=0) as server:
        yield server


def readiness(port: str) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()
    except OSError as error:
        return str(error)


def test_a_disk_that_answers_eio_stops_the_sending_and_all_goes_on_when_it_is_well_again(
    server: SandboxServer, nursery: Nursery, tmp_path: Path
) -> None:
    env = environment(server, tmp_path, write_playbooks(tmp_path / "playbooks", 1), NUDGER_PACE="20/10/20")
    for command in ("people sync", f"publish wave --yes --starts-on {STARTS_AT:%Y-%m-%d}"):
        cli(nursery, env, tmp_path, *command.split())
    broken = tmp_path / "disk-is-broken"
    shim = {
        "LD_PRELOAD": str(build(tmp_path)),
        "DISK_FILE": f"{tmp_path}/nudger.db",
        "DISK_BROKEN_IF": str(broken),
        "NUDGER_TICK_S": "0.3",
    }
    log = tmp_path / "run.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"], env=env | shim, cwd=tmp_path, stdout=file, stderr=file
        )
    try:
        wait_until(lambda: len(server.slack.posted()) >= 10, PATIENCE_S)
        broken.touch()
        wait_until(lambda: "sending paused" in log.read_text("utf-8"), PATIENCE_S)
        wait_until(lambda: "job could not finish" in log.read_text("utf-8"), PATIENCE_S)
        posted = len(server.slack.posted())
        pauses = log.read_text("utf-8").count("sending paused")
        wait_until(lambda: log.read_text("utf-8").count("sending paused") > pauses, PATIENCE_S)
        assert len(server.slack.posted()) == posted < PEOPLE, "nothing is posted that cannot be noted before"
        assert process.poll() is None, "it waits instead of dying"

        broken.unlink()
        wait_until(lambda: states(tmp_path) == {"sent": PEOPLE}, PATIENCE_S)
        counts = Counter(one.delivery_id for one in server.slack.posted() if one.delivery_id)
        assert (len(counts), set(counts.values())) == (PEOPLE, {1})
        wait_until(lambda: readiness(env["NUDGER_PORT"]) == "ready\n", PATIENCE_S)
    finally:
        process.kill()
        process.wait()
