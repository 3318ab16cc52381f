"""Threads and their turns: this module says how many arithmetic takes, and how long one may keep others waiting."""

import gc
import os
import sys

TURN_S = 0.001  # a click takes some ten turns until it is acknowledged; Python's usual is five times as long


def bound_threads() -> None:
    """Let sums run in one thread: ours are small, and a thread for each core waits busily and takes memory of its own.

    The library reads it when it is loaded, so this comes first. Whoever sets the variable otherwise is obeyed.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def take_short_turns() -> None:
    """Let threads hand over often, and what was loaded so far rest: looking through it for waste halts all of them."""
    sys.setswitchinterval(TURN_S)
    gc.freeze()
