"""Start, part of `make bench`: quick commands beside a process that only imports the app, and a start to ready."""

import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, Slack

ROOT = Path(__file__).resolve().parents[1]
APP = [sys.executable, "-c", "import bot.runner"]
RUNS = 3
USES = 100
ADA = {"id": "U0ADA", "real_name": "Ada Silva", "tz": "Europe/Lisbon"}


def starting(line: Callable[[str, float, float, str], None]) -> None:
    """Time what people wait for, and say how much memory an idle Nudger holds."""
    app = _quickest(APP)
    for words in (["--help"], ["check", "playbooks"]):
        ours = _quickest([sys.executable, "-m", "bot.cli", *words])
        line(f"nudger {words[0]}, the whole process", ours, app, "importing the app, the whole process")
    _ready()


def _quickest(command: list[str]) -> float:
    """Return the processor time of a process: the clock would show what else the machine does."""
    runs = []
    for _ in range(RUNS + 1):  # the first one compiles, as installing does
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=ROOT, env=_installed(), check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        runs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(runs)


def _installed() -> dict[str, str]:
    """Return an environment in which compiled modules are kept, as they are where Nudger is installed."""
    kept = str(Path(tempfile.gettempdir()) / "nudger-bench-compiled")
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "PYTHONPYCACHEPREFIX": kept
    }


def _ready() -> None:
    """Start on a new database, then on the same one again; the second one is also used a hundred times."""
    with tempfile.TemporaryDirectory() as folder, SandboxServer(Slack(people=[ADA]), port=0) as server:
        for what in ("a new database", "a known one"):
            port = _free_port()
            ours = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": server.api_url,
                    "DATABASE_URL": f"sqlite:///{folder}/nudger.db", "NUDGER_PORT": str(port)}  # fmt: skip
            started = time.perf_counter()
            process = subprocess.Popen([sys.executable, "-m", "bot.cli", "run"], cwd=ROOT, env=_installed() | ours,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
            try:
                while not _is_ready(port) and time.perf_counter() - started < 60:
                    time.sleep(0.02)
                took, used = time.perf_counter() - started, _processor_seconds(process.pid)
                print(f"start to ready on {what}: {took:.2f} s, {used:.2f} s of it ours; {_idle(process.pid)}")
                if what == "a known one":
                    print(f"  used {USES} times, {_used(server.slack)}; {_idle(process.pid)}")
            finally:
                process.terminate()
                process.wait(timeout=30)


def _used(slack: Slack) -> str:
    """Open Home and ask in turn; return how long the first one and the one in the middle took."""
    took = []
    for number in range(USES):
        began = time.perf_counter()
        if number % 2:
            slack.do.command(ADA["id"], "/nudge", ("find a table", "why", "help", "my-data")[number // 2 % 4])
        else:
            slack.do.open(ADA["id"])
        took.append(time.perf_counter() - began)
    return f"the first {took[0] * 1000:.0f} ms, half of them under {sorted(took)[USES // 2] * 1000:.0f} ms"


def _idle(pid: int) -> str:
    """Wait until nothing is done any more, and say how much memory it holds then."""
    used, until = -1.0, time.perf_counter() + 60
    while (now := _processor_seconds(pid)) - used > 0.05 and time.perf_counter() < until:
        used = now
        time.sleep(2)
    return f"idle memory: {_memory(pid)} MiB"


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
    except httpx.HTTPError:
        return False


def _processor_seconds(pid: int) -> float:
    spent = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> str:
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text("utf-8")) if status.exists() else None
    return str(int(found[1]) // 1024) if found else "unknown"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


if __name__ == "__main__":
    starting(lambda what, ours, app, _: print(f"{what}: {ours:.2f} s, the app {app:.2f} s, {ours / app:.2f}x"))
