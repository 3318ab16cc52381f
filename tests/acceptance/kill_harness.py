"""Killing a real process again and again: this module is the loop, the company and the counting of the kill tests."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Slack
from tests.acceptance.quick_process import Nursery
from tests.acceptance.running import free_port

LISBON = ZoneInfo("Europe/Lisbon")
STARTS_AT = datetime(2027, 1, 12, 10, 5, tzinfo=LISBON)  # a Tuesday, inside the window of all nudges
ROOT = Path(__file__).resolve().parents[2]
COMPANY = """
admins: [U0ADMIN]
default_zone: Europe/Lisbon
working_hours: {default: "00:00-23:59 mon-sun"}
caps: {day: 3, week: 3}
segments:
  everybody: {not: {department: Nobody}}
"""
PLAYBOOK = """
playbook: wave
title: One wave
tool: Slack
owner: U0ADMIN
audience: {segments: [everybody]}
personal_wins:
  everybody: {kind: easier_day, text: A shorter day}
nudges:
"""
TIP = """  - tip: tip-%d
    when: {week: 1, day: tue, at: "10:00", window: 12h}
    text: Ask in the channel first and save yourself a long mail.
"""


@dataclass(frozen=True)
class Truth:
    """What stands at Slack in the end, counted by delivery id."""

    posted: int
    doubled: int
    distinct: int


def people(count: int) -> list[dict[str, object]]:
    """Return so many plain users and one admin."""
    ids = [*(f"U0P{number:05d}" for number in range(count - 1)), "U0ADMIN"]
    return [{"id": id_, "real_name": f"Person {id_}", "tz": "Europe/Lisbon"} for id_ in ids]


def write_playbooks(folder: Path, nudges: int) -> Path:
    """Write a company and a playbook with so many tips due at once; return their folder."""
    folder.mkdir()
    (folder / "company.yaml").write_text(COMPANY, encoding="utf-8")
    tips = "".join(TIP % number for number in range(nudges))
    (folder / "wave.yaml").write_text(PLAYBOOK + tips, encoding="utf-8")
    return folder


def environment(server: SandboxServer, folder: Path, playbooks: Path, **more: str) -> dict[str, str]:
    """Return the settings of an app that works quickly and settles within seconds."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("NUDGER_", "SLACK_"))}
    ours = {
        "PYTHONPATH": str(ROOT),
        "SLACK_API_URL": server.api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "DATABASE_URL": f"sqlite:///{folder}/nudger.db",
        "NUDGER_PLAYBOOKS": str(playbooks),
        "NUDGER_CLOCK_URL": f"{server.url}/clock",
        "NUDGER_PORT": str(free_port()),
        "NUDGER_PACE": "150/50/300",
        "NUDGER_TICK_S": "0.3",
        "NUDGER_TIMEOUT_S": "1",
        "NUDGER_LEASE_S": "1",
        "NUDGER_SETTLE_S": "3",
    }
    return inherited | ours | more


def cli(nursery: Nursery, env: Mapping[str, str], cwd: Path, *arguments: str) -> None:
    """Run one nudger command to its end; fail the test with its words when it fails."""
    done = nursery.run(*arguments, env=env, cwd=cwd)
    assert done.code == 0, done.out + done.err


class Killable(Protocol):
    """A process as subprocess.Popen and the nursery give it."""

    def kill(self) -> None: ...

    def wait(self) -> int: ...

    def poll(self) -> int | None: ...


def kill_until_done(
    begin: Callable[[], Killable],
    *,
    kills: int,
    seed: int,
    progress: Callable[[], int],
    is_done: Callable[[], bool],
    patience_s: float = 240,
) -> int:
    """Begin the process, let it get something done, kill it -9, so many times; then let it finish. Return the kills."""
    dice = random.Random(seed)
    done = idle = 0
    deadline = time.monotonic() + patience_s
    while done < kills and not is_done():
        process = begin()
        before = progress()
        goal = before + dice.randint(1, 60)
        # A life that has nothing to do ends as well; after some that got nowhere (a busy machine) the next is longer.
        moment = time.monotonic() + dice.uniform(3, 8) * (1 + idle)
        while progress() < goal and time.monotonic() < moment and process.poll() is None:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.05))
        process.kill()
        process.wait()
        done += 1
        idle = 0 if progress() > before else idle + 1
        assert time.monotonic() < deadline, f"only {done} kills in {patience_s} s"
    last = begin()
    try:
        while not is_done():
            assert time.monotonic() < deadline, f"not finished after {patience_s} s: {progress()} posted"
            assert last.poll() is None, "the last process ended by itself"
            time.sleep(0.1)
    finally:
        last.kill()
        last.wait()
    return done


def truth(slack: Slack) -> Truth:
    """Count what stands at Slack."""
    counts = Counter(posted.delivery_id for posted in slack.posted() if posted.delivery_id)
    return Truth(sum(counts.values()), sum(count - 1 for count in counts.values()), len(counts))
