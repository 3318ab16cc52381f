"""Counts that outlive their rows: this module is the only writer of `past_counts`; nobody's name is in them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.tables import PastCountRow

DELIVERY, REACHED, ANSWERED, AUDIENCE = "delivery", "reached", "answered", "audience"
RIGHT, WRONG = "right", "wrong"


@dataclass(frozen=True)
class PastCount:
    """So many rows that stood alike, and of how many people at least."""

    nudge_key: str
    kind: str
    value: str
    reason: str
    is_enqueued: bool
    count: int
    people: int


def add(session: Session, campaign_id: int, counts: Iterable[PastCount]) -> None:
    """Add to what was counted before.

    People cannot be added up, since they may be the same ones: the largest number seen is kept, which never shows a
    small group as a large one.
    """
    for new in counts:
        key = (campaign_id, new.nudge_key, new.kind, new.value, new.reason, new.is_enqueued)
        row = session.get(PastCountRow, key)
        if row is None:
            session.add(PastCountRow(campaign_id=campaign_id, **new.__dict__))
        else:
            row.count += new.count
            row.people = max(row.people, new.people)


def people(kind: str, count: int) -> PastCount:
    """Return how many distinct people a campaign reached, or was answered by, or was meant for."""
    return PastCount("", kind, "", "", True, 0, count)


def counts(session: Session, campaign_id: int) -> list[PastCount]:
    """Return all that was counted of a campaign before its rows went."""
    rows = session.execute(select(PastCountRow).where(col(PastCountRow.campaign_id) == campaign_id)).scalars()
    return [
        PastCount(row.nudge_key, row.kind, row.value, row.reason, row.is_enqueued, row.count, row.people)
        for row in rows
    ]
