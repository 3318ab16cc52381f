"""Processes that start in a twentieth of a second: this module loads Nudger once and forks a process for each start.

Each is a process of its own, with its own environment, folder and log, and dies by SIGKILL as any other; only its
imports are done. Whatever still runs when the nursery closes, or dies, is killed.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import signal
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.acceptance.quick_cli import ROOT, Done, ran, restrain, warm_up

PATIENCE_S = 60
PR_SET_PDEATHSIG = 1
FAILPOINT = "NUDGER_FAILPOINT"
LOADED = (  # what all tests together start; a process finds it done
    "bot.cli.running",
    "bot.work.clock",
    "bot.work.processes",
    "bot.work.sending",
    "bot.work.worker",
    "tests.acceptance.naive_worker",
    "tests.acceptance.short_lives",
    "tests.services.period_life",
    "tests.services.wave_life",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
)


@dataclass
class QuickProcess:
    """One process that the nursery forked."""

    pid: int
    nursery: "Nursery"
    log: Path
    returncode: int | None = None

    def send_signal(self, number: int) -> None:
        """Send a signal; one that has ended stays known by its number until it was waited for."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill -9."""
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """Return how it ended, or None while it runs."""
        if self.returncode is None:
            self.returncode = self.nursery.ended(self.pid, is_waiting=False)
        return self.returncode

    def wait(self) -> int:
        """Return how it ended, once it has."""
        if self.returncode is None:
            self.returncode = self.nursery.ended(self.pid, is_waiting=True)
        assert self.returncode is not None
        return self.returncode


class Nursery:
    """A process that has everything loaded and forks on demand."""

    def __init__(self) -> None:
        self._started: list[QuickProcess] = []
        command = [sys.executable, "-m", "tests.acceptance.quick_process"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def nudger(self, *arguments: str, env: Mapping[str, str], cwd: Path, log: str = "run.log") -> QuickProcess:
        """Start `nudger ...`; the log is added to."""
        return self._start({"arguments": arguments}, env, cwd / log)

    def run(
        self, *arguments: str, env: Mapping[str, str], cwd: Path, largest_file: int = 0, is_plain: bool = False
    ) -> Done:
        """Run `nudger ...` to its end; `largest_file` is what the disk takes, `is_plain` obeys permissions."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            limits = {"largest_file": largest_file, "is_plain": is_plain, "seconds": PATIENCE_S}
            order = {"arguments": arguments, "err": str(err), "folder": str(cwd), **limits}
            code = self._start(order, env, out).wait()
            return Done(code, out.read_text("utf-8", "replace"), err.read_text("utf-8", "replace"))

    def call(self, function: str, *, env: Mapping[str, str], cwd: Path, log: str = "run.log") -> QuickProcess:
        """Start a function, named as `module:function`, in a process of its own."""
        return self._start({"function": function}, env, cwd / log)

    def ended(self, pid: int, *, is_waiting: bool) -> int | None:
        """Return how a process ended, or None while it runs."""
        code = self._ask({"pid": pid, "is_waiting": is_waiting})["code"]
        return None if code is None else int(code)

    def tidy(self) -> None:
        """Kill whatever was started and still runs."""
        for process in self._started:
            process.kill()
            process.wait()
        self._started.clear()

    def close(self) -> None:
        """End it, and all that it started."""
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate(timeout=PATIENCE_S)

    def _start(self, order: Mapping[str, Any], env: Mapping[str, str], log: Path) -> QuickProcess:
        answer = self._ask({"folder": str(log.parent), "err": str(log), **order, "env": dict(env), "log": str(log)})
        self._started.append(QuickProcess(int(answer["pid"]), self, log))
        return self._started[-1]

    def _ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        line = self._process.stdout.readline()
        assert line, "the nursery has ended"
        answer: dict[str, Any] = json.loads(line)
        return answer


def wait_for_any(processes: list[QuickProcess], seconds: float) -> None:
    """Return when one of them has ended, or the time is over."""
    watched = [os.pidfd_open(process.pid) for process in processes if process.returncode is None]
    try:
        select.select(watched, [], [], seconds)
    finally:
        for number in watched:
            os.close(number)


def serve() -> None:
    """Take orders from standard input, one a line, and answer each with a line."""
    warm_up()
    for module in LOADED:
        importlib.import_module(module)
    # Whom to trust in HTTPS takes a tenth of a second to read, and nobody here speaks HTTPS.
    ssl.create_default_context = lru_cache(ssl.create_default_context)  # type: ignore[assignment]
    httpx.Client().close()
    gc.freeze()  # what is loaded stays shared with every child
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(_look_after(order) if "pid" in order else {"pid": _fork(order)}), flush=True)


def _look_after(order: Mapping[str, Any]) -> dict[str, int | None]:
    pid, status = os.waitpid(order["pid"], 0 if order["is_waiting"] else os.WNOHANG)
    return {"code": os.waitstatus_to_exitcode(status) if pid else None}


def _fork(order: Mapping[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        _become(order)
    return child


def _become(order: Mapping[str, Any]) -> None:
    """Be the process that was asked for, and never return."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.alarm(order.get("seconds", 0))
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    for target, source in (
        (0, os.open(os.devnull, os.O_RDONLY)),
        (1, _added_to(order["log"])),
        (2, _added_to(order["err"])),
    ):
        os.dup2(source, target)
    restrain(order.get("largest_file", 0), is_plain=order.get("is_plain", False))
    if os.environ.get(FAILPOINT):
        importlib.import_module("tests.acceptance.failpoints").install(os.environ[FAILPOINT])
    if "function" in order:
        sys.argv = ["nudger"]
        os._exit(ran(_function(order["function"])))
    sys.argv = ["nudger", *order["arguments"]]
    os._exit(ran())


def _added_to(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)


def _function(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


if __name__ == "__main__":
    serve()
