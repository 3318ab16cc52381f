"""Where tests write: this module finds a place in memory, so that no test waits for a disk.

A commit waits for the disk, some milliseconds each time, and the suite commits hundreds of thousands of times. What the
tests prove is the same: a process that is killed leaves in either place what it wrote, and the power is cut in a copy
of its own (tests/store/disk.c). The long forms, and machines without the room, write to the disk.
"""

import os
import shutil
from pathlib import Path

from tests.soak import IS_LONG

MEMORY = Path("/dev/shm")
MEMINFO = Path("/proc/meminfo")
NEEDED = 4 << 30  # a whole run leaves about a third of it behind until it ends


def in_memory() -> Path | None:
    """Return a folder in memory with room for a whole run; None where there is none, and for the long forms."""
    if IS_LONG or not (os.access(MEMORY, os.W_OK) and MEMINFO.is_file()):
        return None
    facts = dict(line.split(":") for line in MEMINFO.read_text("ascii").splitlines())
    available = int(facts.get("MemAvailable", "0 kB").split()[0]) << 10
    return MEMORY if min(shutil.disk_usage(MEMORY).free, available) > NEEDED else None
