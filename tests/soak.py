"""How much of a long test is run: this module reads NUDGER_SOAK, and NUDGER_SOAK_SHARE for a part of the long form."""

import os

IS_LONG = bool(os.environ.get("NUDGER_SOAK"))
SHARE = float(os.environ.get("NUDGER_SOAK_SHARE", "1"))


def times(short: int, long: int) -> int:
    """Return how often: as often as the suite can afford, or with NUDGER_SOAK=1 in full, or that share of it."""
    return max(short, int(long * SHARE)) if IS_LONG else short
