"""What a lost job left: this module looks where something is due and sees to it that a worker will come."""

import logging
from datetime import datetime

from bot.work.beats import DEAD_AFTER
from bot.work.queue import SEND, Queue, Work
from nudges.store.engine import Database
from nudges.store.work_due import workspaces_with_work

logger = logging.getLogger(__name__)


def sweep(database: Database, queue: Queue, now: datetime) -> int:
    """Drop what dead workers held, add a send job wherever something is due and none stands; return how many."""
    dropped = queue.heal(DEAD_AFTER)
    if dropped:
        logger.warning("jobs of workers that are no more were dropped", extra={"jobs": dropped})
    with database.reading() as session:
        due = workspaces_with_work(session, now)
    unserved = set(due) - queue.sending() if due else set()
    return queue.add(Work(SEND, workspace_id) for workspace_id in sorted(unserved))
