"""Forgetting in time: this module deletes what we promised not to keep."""

from dataclasses import dataclass
from datetime import timedelta

from nudges.services.core import Core
from nudges.services.periods import period_now
from nudges.store import flags, responses

EVENTS_KEPT = timedelta(hours=25)
TEXTS_KEPT = timedelta(days=30)
PERIODS_KEPT = 3  # the last closed ones that a decision may still look at


@dataclass(frozen=True)
class Pruning:
    """How many rows went."""

    events: int
    texts: int
    reports: int


def prune_history(core: Core) -> Pruning:
    """Delete old event ids, words people typed, and evidence that no decision looks at any more."""
    now = core.clock()
    with core.db.begin() as session:
        events, texts = responses.prune(session, events_before=now - EVENTS_KEPT, texts_before=now - TEXTS_KEPT)
        oldest = period_now(session, core) - PERIODS_KEPT
        reports = flags.prune_reports(session, core.workspace_id, before_period=oldest)
    return Pruning(events, texts, reports)
