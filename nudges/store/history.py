"""What went before: this module is the reading queries that planning and eligibility ask; it writes nothing."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import FIRST, NOTICES, DeliveryStatus
from nudges.domain.delivery.eligibility import NEVER, Sending
from nudges.domain.delivery.sharing import Claim
from nudges.store import rollups
from nudges.store.delivery_rows import PLAIN_STATUS
from nudges.store.engine import fetch, fetch_all, fetch_one
from nudges.store.tables import CampaignRow, DeliveryRow, ResponseRow

# What may already stand in the person's conversation counts as sent when caps are asked.
_COUNTED = (DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
_LATEST = 64  # more than any caps allow in the weeks that count
_HERE = (col(DeliveryRow.workspace_id) == bindparam("workspace_id"), col(DeliveryRow.campaign_id) != NOTICES)
_THEIRS = (*_HERE, col(DeliveryRow.person_id) == bindparam("person_id"))
_IS_ANSWERED = (
    select(col(ResponseRow.delivery_id)).where(col(ResponseRow.delivery_id) == col(DeliveryRow.delivery_id)).exists()
)
_COUNTING = (
    select(
        col(DeliveryRow.person_id),
        col(DeliveryRow.delivery_id),
        col(DeliveryRow.sent_at),
        col(DeliveryRow.claimed_at),
        col(DeliveryRow.window_ends_at),
        _IS_ANSWERED,
        col(DeliveryRow.campaign_id),
        col(DeliveryRow.nudge_key),
        col(DeliveryRow.priority),
        (col(DeliveryRow.occurrence) > FIRST).label("is_review"),
    )
    .where(*_HERE, PLAIN_STATUS.in_(_COUNTED))
    .order_by(func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at)).desc())
)
SENDINGS = _COUNTING.where(col(DeliveryRow.person_id) == bindparam("person_id")).limit(_LATEST + 1)
SENDINGS_OF_SEVERAL = _COUNTING.where(col(DeliveryRow.person_id).in_(bindparam("ids", expanding=True)))
_PAUSED = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.status) == "paused")
_CLAIM = ("delivery_id", "campaign_id", "nudge_key", "priority", "due_at", "ready_at", "window_ends_at", "fresh_until")
_CLAIMING = select(col(DeliveryRow.person_id), *(getattr(DeliveryRow, name) for name in _CLAIM)).where(
    *_HERE,
    PLAIN_STATUS.in_((DeliveryStatus.PLANNED, DeliveryStatus.RETRY)),
    col(DeliveryRow.sent_at).is_(None),  # so the index by person leads to the few that wait
    col(DeliveryRow.campaign_id).not_in(_PAUSED),
    col(DeliveryRow.occurrence) == FIRST,  # nothing new gives way to a question that comes back
)
CLAIMS = _CLAIMING.where(col(DeliveryRow.person_id) == bindparam("person_id"))
CLAIMS_OF_SEVERAL = _CLAIMING.where(col(DeliveryRow.person_id).in_(bindparam("ids", expanding=True)))
_SHARES = (
    select(col(DeliveryRow.campaign_id), func.count())
    .where(*_THEIRS, col(DeliveryRow.sent_at) >= bindparam("since"))
    .group_by(col(DeliveryRow.campaign_id))
)
_WAITING = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)
_UNSETTLED = select(col(DeliveryRow.unknown_at), col(DeliveryRow.read_at)).where(
    col(DeliveryRow.workspace_id) == bindparam("workspace_id"), col(DeliveryRow.status) == DeliveryStatus.UNKNOWN
)
UNKNOWN = (
    select(col(DeliveryRow.delivery_id))
    .where(*_THEIRS, col(DeliveryRow.delivery_id) != bindparam("besides"))
    .where(col(DeliveryRow.status) == DeliveryStatus.UNKNOWN)
    .limit(1)
)


def sendings(session: Session, workspace_id: str, person_id: str, *, besides: str) -> list[Sending]:
    """Return the latest nudges of a person over all campaigns, newest first, without the delivery named."""
    rows = fetch_all(session, SENDINGS, workspace_id=workspace_id, person_id=person_id)
    return [_sending(*rest) for _, delivery_id, *rest in rows if delivery_id != besides][:_LATEST]


def _sending(
    sent_at: datetime | None,
    claimed_at: datetime | None,
    window_ends_at: datetime | None,
    is_answered: bool,
    *which: Any,
) -> Sending:
    at = sent_at or claimed_at or NEVER
    return Sending(at, bool(is_answered), window_ends_at is not None and at >= window_ends_at, *which)


def claims(session: Session, workspace_id: str, person_id: str, *, besides: str) -> list[Claim]:
    """Return all else that waits to be sent to a person and is not held with its campaign."""
    rows = fetch_all(session, CLAIMS, workspace_id=workspace_id, person_id=person_id)
    return [Claim(*row[1:]) for row in rows if row.delivery_id != besides]


def shares(session: Session, workspace_id: str, person_id: str, since: datetime) -> dict[int, int]:
    """Return how many nudges of each campaign the person got since then."""
    rows = fetch(session, _SHARES, workspace_id=workspace_id, person_id=person_id, since=since)
    return {row[0]: row[1] for row in rows}


def decided_counts(session: Session, campaign_id: int) -> dict[str, int]:
    """Return for how many people each nudge has been decided."""
    return rollups.decided(session, campaign_id)


def next_due_at(
    session: Session,
    workspace_id: str,
    *,
    person_id: str = "",
    campaign_id: int = 0,
    after: datetime | None = None,
) -> datetime | None:
    """Return the earliest instant (later than `after`) at which something waits to be sent, or None.

    What a paused campaign holds waits for nobody's clock, so it does not count.
    """
    asked = {"person_id": person_id, "campaign_id": campaign_id, "after": after}
    given = {name: value for name, value in asked.items() if value}
    found = [
        fetch(session, _next_due(*given), workspace_id=workspace_id, status=status, **given).scalar()
        for status in _WAITING
    ]
    return min((one for one in found if one is not None), default=None)


@lru_cache(maxsize=8)
def _next_due(*given: str) -> Executable:
    paused = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.status) == "paused")
    narrower = {
        "person_id": col(DeliveryRow.person_id) == bindparam("person_id"),
        "campaign_id": col(DeliveryRow.campaign_id) == bindparam("campaign_id"),
        "after": col(DeliveryRow.ready_at) > bindparam("after"),
    }
    # One status at a time and in the order of the index, so that it is read from its end and not through.
    statement = select(col(DeliveryRow.ready_at)).where(
        col(DeliveryRow.workspace_id) == bindparam("workspace_id"),
        col(DeliveryRow.status) == bindparam("status"),
        col(DeliveryRow.ready_at).is_not(None),
        col(DeliveryRow.campaign_id).not_in(paused),
        *(narrower[name] for name in given),
    )
    return statement.order_by(col(DeliveryRow.ready_at)).limit(1)


def has_unknown(session: Session, workspace_id: str, person_id: str, *, besides: str) -> bool:
    """Return whether another message may or may not stand in the person's conversation."""
    asked = {"workspace_id": workspace_id, "person_id": person_id, "besides": besides}
    return fetch_one(session, UNKNOWN, **asked) is not None


def unsettled_since(session: Session, workspace_id: str) -> list[tuple[datetime, datetime | None]]:
    """Return for each unknown delivery since when it is and when it was last looked up."""
    rows = fetch(session, _UNSETTLED, workspace_id=workspace_id)
    return [(unknown_at, read_at) for unknown_at, read_at in rows if unknown_at is not None]
