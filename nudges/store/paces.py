"""How fast each workspace may be written to, as last learnt: this module is the only writer of `paces`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.insertions import insert_into
from nudges.store.tables import PaceRow


@dataclass(frozen=True)
class SavedPace:
    """What a limiter had learnt, and when it was put down."""

    learnt: Mapping[str, float]
    saved_at: datetime


def saved(session: Session, workspace_id: str) -> SavedPace | None:
    """Return what was put down last, or None."""
    columns = (col(PaceRow.snapshot), col(PaceRow.saved_at))
    row = session.execute(select(*columns).where(col(PaceRow.workspace_id) == workspace_id)).first()
    return SavedPace(json.loads(row[0]), row[1]) if row else None


def save(session: Session, workspace_id: str, learnt: Mapping[str, float], now: datetime) -> None:
    """Put down what a limiter has learnt."""
    values = {"snapshot": json.dumps(dict(learnt)), "saved_at": now}
    statement = insert_into(session.get_bind().dialect.name, PaceRow).values(workspace_id=workspace_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["workspace_id"], set_=values))
