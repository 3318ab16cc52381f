"""Counts that outlive their rows: this module is the only writer of `past_counts`; nobody's name is in them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import fetch
from nudges.store.tables import PastCountRow

DELIVERY, REACHED, ANSWERED, AUDIENCE = "delivery", "reached", "answered", "audience"
RETURN = "return"  # a delivery of a question that came back: it is in no campaign's books
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


_OF_CAMPAIGN = select(*(getattr(PastCountRow, field.name) for field in fields(PastCount))).where(
    col(PastCountRow.campaign_id) == bindparam("campaign_id")
)


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
    return [PastCount(*row) for row in fetch(session, _OF_CAMPAIGN, campaign_id=campaign_id)]
