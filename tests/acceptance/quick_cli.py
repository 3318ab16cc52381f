"""`nudger` again and again without waiting for its imports: this module loads it once and forks for each command.

Every command is a process of its own, with its own environment, folder, user and limits, and ends as `nudger` ends.
"""

import contextlib
import ctypes
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
CAPABILITIES_V3 = 0x20080522


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class QuickCli:
    """A process that waits for commands; `run` returns when one has ended."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.acceptance.quick_cli"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def run(
        self, *arguments: str, cwd: Path, env: Mapping[str, str], largest_file: int = 0, is_plain: bool = False
    ) -> Done:
        """Run one command to its end; `largest_file` is what the disk takes, `is_plain` obeys permissions."""
        order = {
            "arguments": arguments,
            "cwd": str(cwd),
            "env": dict(env),
            "largest_file": largest_file,
            "is_plain": is_plain,
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        return Done(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=PATIENCE_S)


def serve() -> None:
    """Take orders from standard input, one a line, and answer each with a line."""
    warm_up()
    for line in sys.stdin:
        order = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                _become(order, out.fileno(), err.fileno())
            _, status = os.waitpid(child, 0)
            done = Done(os.waitstatus_to_exitcode(status), _text(out), _text(err))
        print(json.dumps(done.__dict__), flush=True)


def warm_up() -> None:
    """Load and compile what commands need, so that each child finds it done."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        os.environ.update(DATABASE_URL=f"sqlite:///{folder}/warm.db", NUDGER_PLAYBOOKS=str(ROOT / "playbooks"))
        for command in ("migrate", "check"):
            sys.argv = ["nudger", command]
            ran()


def _become(order: Mapping[str, Any], out: int, err: int) -> None:
    """Be the command, and never return."""
    signal.alarm(PATIENCE_S)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    for target, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, out), (2, err)):
        os.dup2(source, target)
    if order["largest_file"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], order["largest_file"]))
    if order["is_plain"] and os.geteuid() == 0:
        _lose_privileges()
    sys.argv = ["nudger", *order["arguments"]]
    os._exit(ran())


def _lose_privileges() -> None:
    """Stay root by name, so that all files can be read, and obey permissions as other users must."""
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
    if ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def ran(command: Callable[[], object] | None = None) -> int:
    """Run `nudger` with the arguments that are set, or another command, to its end; return its exit code."""
    from bot.cli import main

    code: object = 0
    try:
        (command or main)()
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else int(code is not None)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


if __name__ == "__main__":
    serve()
