"""Rows for tests of the store: this module is deliveries, campaigns and reads with usual values."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, NewDelivery
from nudges.store import campaigns, deliveries
from nudges.store.campaigns import Campaign, CampaignStatus
from nudges.store.engine import Database
from tests.builders import a_planned
from tests.fakes import utc
from tests.places import PLACES, new_database

HERE, THERE = "T0HERE", "T0THERE"
NOON = utc("2027-01-12 12:00")
_numbers = count(1)


def a_new(delivery_id: str = "", **values: Any) -> NewDelivery:
    """Return a decision of its own person, due at noon unless said otherwise."""
    number = next(_numbers)
    due_at = values.pop("due_at", NOON)
    usual: dict[str, Any] = {
        "campaign_id": 1,
        "nudge_key": "tip",
        "person_id": f"U{number}",
        "decision": a_planned(due_at),
    }
    return NewDelivery(delivery_id or f"d{number}", **(usual | values))


def a_campaign(name: str = "find-an-expert", **values: Any) -> Campaign:
    """Return a live campaign ready to be stored."""
    usual: dict[str, Any] = {
        "campaign_id": 0,
        "playbook": name,
        "text": "text",
        "company_text": "company",
        "text_hash": "hash",
        "status": CampaignStatus.LIVE,
        "starts_on": date(2027, 1, 11),
        "published_at": NOON,
        "published_by": "U0PRIYA",
        "version": 1,
    }
    return Campaign(name=name, **(usual | values))


def put(db: Database, *new: NewDelivery, workspace_id: str = HERE) -> int:
    """Store decisions; return how many were added."""
    with db.begin() as session:
        return deliveries.enqueue(session, workspace_id, new, NOON - timedelta(days=1))


def claim(db: Database, now: datetime = NOON, *, limit: int = 20, workspace_id: str = HERE) -> list[Delivery]:
    """Claim what is due."""
    with db.begin() as session:
        return deliveries.claim_due(session, workspace_id, now=now, limit=limit)


def read(db: Database, delivery_id: str, workspace_id: str = HERE) -> Delivery:
    """Return a stored delivery."""
    with db.reading() as session:
        found = deliveries.find(session, workspace_id, delivery_id)
    assert found is not None, f"{delivery_id} is not there"
    return found


def put_campaign(session: Session, name: str = "find-an-expert", workspace_id: str = HERE, **values: Any) -> int:
    """Store a campaign and return its id."""
    return campaigns.create(session, workspace_id, a_campaign(name, **values))


def filled_database(path: Path, fill: Callable[[Session, str], object], *workspaces: str) -> Iterator[Database]:
    """Give a database in which each of these workspaces was filled, in this order."""
    database = new_database(path)
    for workspace_id in workspaces:
        with database.begin() as session:
            fill(session, workspace_id)
    yield database
    database.close()
    PLACES.leave(path)
