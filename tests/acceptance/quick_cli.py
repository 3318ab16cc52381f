"""`nudger` in a process that has loaded it already: this module warms up, sets limits and runs a command to its end."""

import contextlib
import ctypes
import io
import os
import resource
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
CAPABILITIES_V3 = 0x20080522


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


def warm_up() -> None:
    """Load and compile what commands need, so that each child finds it done."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        os.environ.update(DATABASE_URL=f"sqlite:///{folder}/warm.db", NUDGER_PLAYBOOKS=str(ROOT / "playbooks"))
        for command in ("migrate", "check"):
            sys.argv = ["nudger", command]
            ran()


def restrain(largest_file: int, *, is_plain: bool) -> None:
    """Let this process write no larger files (0: any size); a plain one obeys permissions as other users must."""
    if largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    if is_plain and os.geteuid() == 0:
        _lose_privileges()


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
