"""Workspaces that have left: this module erases all that is stored about them, once they have been gone for a month."""

import logging

from nudges.clock import Clock
from nudges.domain.people.installations import ERASED_AFTER
from nudges.store import erasing, instance
from nudges.store.engine import Database

logger = logging.getLogger(__name__)

ROWS_AT_ONCE = 2_000  # others must not wait until hundreds of thousands are gone


def erase_left(db: Database, clock: Clock) -> list[str]:
    """Erase every workspace whose installation ended that long ago and is not back; return their ids."""
    before = clock() - ERASED_AFTER
    with db.reading() as session:
        left = instance.ended_before(session, before)
    for workspace_id in left:
        while _erase_some(db.of_workspace(workspace_id), workspace_id, clock):
            pass
        logger.info("workspace erased", extra={"workspace_id": workspace_id})
    return left


def _erase_some(db: Database, workspace_id: str, clock: Clock) -> bool:
    with db.begin() as session:
        # Asked again each time: somebody may be installing the app once more.
        if workspace_id not in instance.ended_before(session, clock() - ERASED_AFTER):
            return False
        return erasing.erase_some(session, workspace_id, limit=ROWS_AT_ONCE) > 0
