"""How much of a long test is run, and with which luck: this module reads three variables.

`NUDGER_SOAK=1` asks for the long form, `NUDGER_SOAK_SHARE=0.1` for a tenth of it, `NUDGER_SEED=101` for other luck.
"""

import os

IS_LONG = bool(os.environ.get("NUDGER_SOAK"))
SHARE = float(os.environ.get("NUDGER_SOAK_SHARE", "1"))


def times(short: int, long: int) -> int:
    """Return how often: as often as the suite can afford, or with NUDGER_SOAK=1 in full, or that share of it."""
    return max(short, int(long * SHARE)) if IS_LONG else short


def luck(usual: int) -> int:
    """Return where chance begins: where it does in the suite, or where NUDGER_SEED says."""
    return int(os.environ.get("NUDGER_SEED", usual))


def lucks(count: int, usual: int = 0) -> range:
    """Return that many seeds, one after the other."""
    return range(luck(usual), luck(usual) + count)
