"""Counting for pages, commands and metrics: this module is reading queries; it writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.deliveries import NOTICES, DeliveryStatus
from nudges.domain.metrics import Entry
from nudges.store.tables import AudienceRow, DeliveryRow, PersonRow, ResponseRow


@dataclass(frozen=True)
class ResponseCount:
    """How many distinct people gave a response of this kind and value."""

    kind: str
    value: str
    is_right: bool | None
    responses: int
    people: int


@dataclass(frozen=True)
class SentNudge:
    """One delivery in a person's own history."""

    delivery_id: str
    campaign_id: int
    nudge_key: str
    status: str
    reason: str
    due_at: datetime | None
    sent_at: datetime | None


def entries(session: Session, campaign_id: int) -> list[Entry]:
    """Return the deliveries of a campaign counted by how they stand."""
    keys = (col(DeliveryRow.status), col(DeliveryRow.reason), col(DeliveryRow.is_enqueued))
    skipped = col(DeliveryRow.status) == DeliveryStatus.SKIPPED
    statement = select(*keys, skipped, func.count()).where(col(DeliveryRow.campaign_id) == campaign_id).group_by(*keys)
    rows = session.execute(statement).all()
    return [
        Entry(DeliveryStatus(status), reason if is_skipped else "", bool(is_enqueued), count)
        for status, reason, is_enqueued, is_skipped, count in rows
    ]


def pairs(session: Session, campaign_id: int, nudges: int) -> tuple[int, int]:
    """Return how many (person, nudge) pairs a campaign is about, and how many of them are not decided.

    People count who are in the audience or ever had a delivery; for those who left, what was never decided is no pair.
    """
    members = select(col(AudienceRow.person_id)).where(col(AudienceRow.campaign_id) == campaign_id)
    mine = col(DeliveryRow.campaign_id) == campaign_id
    inside = col(DeliveryRow.person_id).in_(members)
    size = session.execute(select(func.count()).select_from(members.subquery())).scalar_one()
    decided = session.execute(select(func.count()).where(mine, inside)).scalar_one()
    outside = session.execute(select(func.count()).where(mine, ~inside)).scalar_one()
    return size * nudges + outside, size * nudges - decided


def nudge_counts(session: Session, campaign_id: int) -> dict[str, dict[str, int]]:
    """Return by nudge how many deliveries have each status."""
    keys = (col(DeliveryRow.nudge_key), col(DeliveryRow.status))
    statement = select(*keys, func.count()).where(col(DeliveryRow.campaign_id) == campaign_id).group_by(*keys)
    found: dict[str, dict[str, int]] = {}
    for nudge_key, status, count in session.execute(statement).all():
        found.setdefault(nudge_key, {})[status] = count
    return found


def people_reached(session: Session, campaign_id: int) -> int:
    """Return how many distinct people got at least one nudge."""
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.status) == DeliveryStatus.SENT)
    return session.execute(select(func.count(func.distinct(col(DeliveryRow.person_id)))).where(*where)).scalar_one()


def people_answered(session: Session, campaign_id: int) -> int:
    """Return how many distinct people tapped anything."""
    where = col(ResponseRow.campaign_id) == campaign_id
    return session.execute(select(func.count(func.distinct(col(ResponseRow.person_id)))).where(where)).scalar_one()


def response_counts(session: Session, campaign_id: int) -> list[ResponseCount]:
    """Return a campaign's responses counted by kind, value and rightness; barrier kinds are never among them."""
    keys = (col(ResponseRow.kind), col(ResponseRow.value), col(ResponseRow.is_right))
    people = func.count(func.distinct(col(ResponseRow.person_id)))
    statement = select(*keys, func.count(), people).where(col(ResponseRow.campaign_id) == campaign_id).group_by(*keys)
    return [ResponseCount(*row) for row in session.execute(statement).all()]


def people_by_kind(session: Session, workspace_id: str) -> dict[str, int]:
    """Return how many accounts of each kind there are."""
    kind = col(PersonRow.kind)
    statement = select(kind, func.count()).where(col(PersonRow.workspace_id) == workspace_id).group_by(kind)
    return {kind: count for kind, count in session.execute(statement)}  # noqa: C416 - a Row is no pair to the checker


def deliveries_of(session: Session, workspace_id: str, person_id: str, *, limit: int = 1000) -> list[SentNudge]:
    """Return all deliveries of a person without notices, newest first."""
    statement = (
        select(
            col(DeliveryRow.delivery_id),
            col(DeliveryRow.campaign_id),
            col(DeliveryRow.nudge_key),
            col(DeliveryRow.status),
            col(DeliveryRow.reason),
            col(DeliveryRow.due_at),
            col(DeliveryRow.sent_at),
        )
        .where(
            col(DeliveryRow.workspace_id) == workspace_id,
            col(DeliveryRow.person_id) == person_id,
            col(DeliveryRow.campaign_id) != NOTICES,
        )
        .order_by(func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.due_at)).desc())
        .limit(limit)
    )
    return [SentNudge(*row) for row in session.execute(statement).all()]


def count_where(session: Session, workspace_id: str, *statuses: DeliveryStatus, since: datetime | None = None) -> int:
    """Return how many nudges have one of these statuses; with `since`, how many were sent or claimed from then on."""
    where = [
        col(DeliveryRow.workspace_id) == workspace_id,
        col(DeliveryRow.campaign_id) != NOTICES,
        col(DeliveryRow.status).in_(statuses),
    ]
    if since is not None:
        where.append(func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at)) >= since)
    return session.execute(select(func.count()).where(*where)).scalar_one()


def waiting_due(session: Session, workspace_id: str, now: datetime) -> tuple[int, datetime | None]:
    """Return how many deliveries are ready and not sent yet, and since when the oldest is."""
    ready_at = col(DeliveryRow.ready_at)
    where = (
        col(DeliveryRow.workspace_id) == workspace_id,
        col(DeliveryRow.status).in_((DeliveryStatus.PLANNED, DeliveryStatus.RETRY)),
        ready_at <= now,
    )
    count, oldest = session.execute(select(func.count(), func.min(ready_at)).where(*where)).one()
    return count, oldest
