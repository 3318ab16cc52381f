"""Evidence in time: this module deletes what no decision looks at any more, counts included."""

from datetime import datetime

from sqlalchemy.orm import Session

from nudges.services.barriers.periods import period_now
from nudges.services.core import Core
from nudges.store import evidence, flags

PERIODS_KEPT = 3  # the last closed ones that a decision may still look at


def prune_evidence(session: Session, core: Core, *, asked_before: datetime) -> int:
    """Delete reports and memberships of periods that no decision looks at; return how many reports."""
    oldest = period_now(session, core) - PERIODS_KEPT
    gone = evidence.prune(session, core.workspace_id, before_period=oldest, asked_before=asked_before)
    flags.prune_memberships(session, core.workspace_id, before_period=oldest)
    return gone
