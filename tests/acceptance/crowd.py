"""Several real processes on one PostgreSQL: this module starts them, harms them, and measures how soon they recover."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bot.sandbox.workspace import Slack
from tests.acceptance.quick_process import Nursery, QuickProcess
from tests.databases import PostgresServer

PROOF = 25  # posts more than were in flight: only a process that lives can have made them
SETTINGS = {
    "NUDGER_SECRET_KEY": "a secret key that all the processes share",
    "NUDGER_LEASE_S": "1.5",
    "NUDGER_TIMEOUT_S": "1",
    "NUDGER_SETTLE_S": "3",
    "NUDGER_TICK_S": "1",
}


@dataclass
class Crowd:
    """Workers and clocks, and the server they share."""

    nursery: Nursery
    server: PostgresServer
    slack: Slack
    env: Mapping[str, str]
    folder: Path
    dice: random.Random
    members: list[tuple[str, QuickProcess]] = field(default_factory=list)
    recoveries: list[tuple[str, float]] = field(default_factory=list)
    stopped: list[tuple[float, QuickProcess]] = field(default_factory=list)

    def start(self, *parts: str) -> None:
        """Start a process for each of these parts."""
        for part in parts:
            self.members.append((part, self.nursery.nudger(part, env=self.env, cwd=self.folder, log=f"{part}.log")))

    def kill(self, part: str) -> None:
        """Kill one -9 and start another in its place."""
        victim = self._pick(part)
        victim[1].kill()
        victim[1].wait()
        self.members.remove(victim)
        self.start(part)

    def suspend(self, part: str, seconds: float) -> None:
        """Stop one as a suspended machine is, until `revive` finds that its time is over."""
        _, victim = self._pick(part)
        if all(victim is not one for _, one in self.stopped):
            victim.send_signal(signal.SIGSTOP)
            self.stopped.append((time.monotonic() + seconds, victim))

    def revive(self, *, everybody: bool = False) -> None:
        """Let those go on whose time is over, or everybody."""
        for until, victim in list(self.stopped):
            if everybody or time.monotonic() >= until:
                victim.send_signal(signal.SIGCONT)
                self.stopped.remove((until, victim))

    def harm(self, name: str = "") -> str:
        """Do one of the harms, by lot unless it is named; return which."""
        harms: dict[str, tuple[int, Callable[[], object]]] = {
            "kill worker": (4, lambda: self.kill("worker")),
            "kill clock": (1, lambda: self.kill("clock")),
            "suspend worker": (3, lambda: self.suspend("worker", self.dice.uniform(2, 9))),
            "suspend clock": (1, lambda: self.suspend("clock", self.dice.uniform(2, 9))),
            "restart database": (2, self.server.restart_immediately),
        }
        if not name:
            [name] = self.dice.choices(list(harms), weights=[weight for weight, _ in harms.values()])
        harms[name][1]()
        return name

    def watch_recovery(self, name: str, is_done: Callable[[], bool], patience_s: float = 60) -> float:
        """Return how long until posts are made that only living processes can have made."""
        before, began = len(self.slack.posted()), time.monotonic()
        while len(self.slack.posted()) < before + PROOF and not is_done():
            self.revive()
            assert time.monotonic() - began < patience_s, f"nothing is sent any more after: {name}"
            time.sleep(0.02)
        self.recoveries.append((name, time.monotonic() - began))
        return self.recoveries[-1][1]

    def end(self) -> None:
        """Let all go on, tell all to end, and wait until they have."""
        self.revive(everybody=True)
        for _, process in self.members:
            process.send_signal(signal.SIGTERM)
        for _, process in self.members:
            process.wait()

    def statuses(self) -> dict[str, int]:
        """Return the books: how many deliveries are in each state; nothing while the server is away."""
        query = "SELECT status, count(*) FROM deliveries WHERE campaign_id > 0 GROUP BY status"
        with suppress(psycopg.Error), psycopg.connect(address(self.env["DATABASE_URL"])) as connection:
            return dict(connection.execute(query).fetchall())
        return {}

    def _pick(self, part: str) -> tuple[str, QuickProcess]:
        return self.dice.choice([member for member in self.members if member[0] == part])


def address(url: str) -> str:
    """Return a database's address as the driver takes it."""
    return url.replace("+psycopg", "", 1)


def slowest(crowd: Crowd) -> dict[str, float]:
    """Return the longest recovery from each kind of harm, in seconds."""
    found: Counter[str] = Counter()
    for name, seconds in crowd.recoveries:
        found[name] = max(found[name], round(seconds, 1))  # type: ignore[assignment]
    return dict(found)
