"""Out of the files too: this module sees that nothing of a forgotten person is left in the database's own files.

A look right after the erasing usually finds nothing. Where something is left, or nobody could look, the job writes the
files anew within a minute; a tombstone says until then that this is still to be done, whatever crashes.
"""

import logging
from collections.abc import Sequence

from nudges.services.core import Core
from nudges.store import forgotten
from nudges.store.engine import checkpoint
from nudges.store.file_traces import is_found, write_anew

logger = logging.getLogger(__name__)

LOOKED_THROUGH_MB = 64  # so much is held in memory for a moment; a larger file is left to the job


def look_through(core: Core, traces: Sequence[bytes]) -> bool:
    """Return whether none of these bytes is left in the files, right after an erasing; the job does the rest.

    Only the process that works on the database may ask: the log is folded into the file first.
    """
    path = core.db.sqlite_path
    if path is None or path.stat().st_size > LOOKED_THROUGH_MB * 1_000_000:
        return False
    with core.db.reading() as session:
        waiting = forgotten.uncleared(session)
    # Of others who wait it is not known what to look for.
    if len(waiting) != 1 or not checkpoint(core.db) or is_found(core.db, traces):
        return False
    _mark(core, waiting)
    return True


def clear_files(core: Core) -> int:
    """Write the database's files anew if somebody's traces may be left in them; return for how many people."""
    with core.db.reading() as session:
        waiting = forgotten.uncleared(session)
    if not waiting or not write_anew(core.db):
        return 0
    _mark(core, waiting)
    logger.info("database files written anew", extra={"people": len(waiting)})
    return len(waiting)


def _mark(core: Core, waiting: Sequence[tuple[str, str]]) -> None:
    with core.db.begin() as session:
        forgotten.mark_cleared(session, waiting, core.clock())
