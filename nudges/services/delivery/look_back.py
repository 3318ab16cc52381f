"""What a crash left behind: this module reads how its doubts ended and what the books call sent."""

from dataclasses import dataclass
from datetime import datetime

from nudges.domain.delivery.doubts import Doubts
from nudges.store.doubts import doubts_since, sent_ids
from nudges.store.engine import Database


@dataclass(frozen=True)
class LookBack:
    """The doubts since an instant, and every delivery that counts as sent, both of one moment."""

    doubts: Doubts
    sent_ids: frozenset[str]


def look_back(db: Database, workspace_id: str, since: datetime) -> LookBack:
    """Return both from one look, so that they fit together; StorageError when the database cannot be read."""
    with db.reading() as session:
        return LookBack(doubts_since(session, workspace_id, since), sent_ids(session, workspace_id))
