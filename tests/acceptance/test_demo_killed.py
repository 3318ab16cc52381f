"""The two-minute test: this module kills the whole demo in the middle of a wave and starts it again."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.keeping import past_of
from tests.acceptance.kill_harness import ROOT
from tests.acceptance.running import free_port, wait_until
from tests.soak import luck

PATIENCE_S = 150.0  # processes start slowly on a busy machine
ADMIN = "U0AMIR"
SEED = luck(5)

pytestmark = pytest.mark.timeout(600)


class Demo:
    """`nudger demo` in a folder, once or again."""

    def __init__(self, folder: Path, port: int, *more: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._said = folder / f"said-{len(list(folder.glob('said-*')))}.txt"
        command = [sys.executable, "-m", "bot.cli", "demo", "--size", "200", "--port", str(port), *more]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )

    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    def wait_until_open(self) -> None:
        wait_until(lambda: "Ctrl-C ends it" in self.said() or self.process.poll() is not None, PATIENCE_S)
        assert self.process.poll() is None, self.said()

    def app_pid(self) -> int:
        """Return the process of the app, as the demo has told its visitor."""
        return [int(found) for found in re.findall(r"kill -9 (\d+)", self.said())][1]

    def view(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/ui/view", params={"person": ADMIN}, trust_env=False).json()
        return found

    def move(self, to: object) -> None:
        body = {"to": to, "person": ADMIN}
        httpx.post(f"{self.url}/ui/clock", json=body, trust_env=False).raise_for_status()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def posted(self) -> Counter[str]:
        """Return how often each delivery was accepted, as the sandbox has written it down before it answered."""
        posted = past_of(self._folder / ".demo" / "slack.jsonl").lists.get("posted", [])
        return Counter(one["delivery_id"] for one in posted if isinstance(one, dict) and one["delivery_id"])

    def books(self) -> dict[str, str]:
        """Return the state of every delivery that was enqueued, by the app's own books."""
        with sqlite3.connect(f"file:{self._folder}/.demo/nudger.db?mode=ro", uri=True, timeout=10) as connection:
            return dict(connection.execute("SELECT delivery_id, status FROM deliveries WHERE is_enqueued").fetchall())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "playbooks").symlink_to(ROOT / "playbooks")
    return tmp_path


@pytest.fixture
def started() -> Iterator[list[Demo]]:
    demos: list[Demo] = []
    yield demos
    for demo in demos:
        if demo.process.poll() is None:
            demo.process.send_signal(signal.SIGTERM)
        demo.process.wait(timeout=60)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that waits to be buried by somebody who takes his time runs no longer.
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text() if Path("/proc").exists() else True


def test_a_demo_killed_in_the_middle_of_a_wave_goes_on_and_says_what_was_in_doubt(
    folder: Path, started: list[Demo]
) -> None:
    port = free_port()
    first = Demo(folder, port)
    started.append(first)
    first.wait_until_open()

    # A second one in the same folder is sent to the first.
    second = Demo(folder, port)
    assert second.process.wait(timeout=PATIENCE_S) == 2
    assert f"A demo runs in this folder already at {first.url}/" in second.said()

    # Kill all of it while messages leave; the app, which nobody has killed, ends with it.
    stands, before = first.view()["now"], first.posted().total()
    app_pid, enough = first.app_pid(), before + random.Random(SEED).randint(1, 30)
    first.move(stands + 6 * 3600)
    wait_until(lambda: first.posted().total() >= enough, PATIENCE_S)
    first.kill()
    wait_until(lambda: not is_running(app_pid))
    accepted = first.posted()

    # Started again it goes on, at the same address, and finishes the walk that was under way.
    again = Demo(folder, port)
    started.append(again)
    again.wait_until_open()
    assert "goes on where it was" in again.said() and f"Open {first.url}/" in again.said()
    wait_until(lambda: not again.view()["clock"]["moving"], PATIENCE_S)
    assert again.view()["now"] >= stands + 6 * 3600
    wait_until(lambda: not unsettled(again.books()), PATIENCE_S)

    posted, books = again.posted(), again.books()
    assert accepted.keys() <= posted.keys(), "what had been accepted is still there"
    assert set(posted.values()) == {1}, "nothing is there twice"
    assert {one for one, status in books.items() if status == "sent"} == posted.keys(), "nothing is missing"

    wait_until(lambda: "none is missing" in again.view()["notice"]["text"], PATIENCE_S)
    told = again.view()["notice"]["text"]
    assert told.startswith("The demo was killed at ") and "none of them twice" in told
    assert told in again.said(), "the terminal tells the same"


def unsettled(books: dict[str, str]) -> list[str]:
    """Return the deliveries of which nobody knows yet what came of them."""
    return [one for one, status in books.items() if status in ("sending", "unknown", "retry")]
