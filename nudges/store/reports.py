"""Counting for pages, commands and metrics: this module is reading queries; it writes nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.deliveries import NOTICES, DeliveryStatus
from nudges.domain.metrics import Entry
from nudges.domain.responses import ResponseKind
from nudges.store import campaigns, history, past
from nudges.store.past import PastCount
from nudges.store.tables import DeliveryRow, PersonRow, ResponseRow


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
    # Grouped as the index is ordered; the nudge is summed over here, which is cheaper than sorting in the database.
    keys = (col(DeliveryRow.nudge_key), col(DeliveryRow.status), col(DeliveryRow.reason), col(DeliveryRow.is_enqueued))
    statement = select(*keys, func.count()).where(col(DeliveryRow.campaign_id) == campaign_id).group_by(*keys)
    found: Counter[tuple[str, str, bool]] = Counter()
    for _, status, reason, is_enqueued, count in session.execute(statement).all():
        found[(status, reason if status == DeliveryStatus.SKIPPED else "", bool(is_enqueued))] += count
    for one in past.counts(session, campaign_id):
        if _is_delivery(one):
            found[(one.value, one.reason, one.is_enqueued)] += one.count
    return [Entry(DeliveryStatus(status), reason, is_in, count) for (status, reason, is_in), count in found.items()]


def decided_people(session: Session, campaign_id: int) -> dict[str, int]:
    """Return for how many people each nudge has been decided, those included whose rows are gone."""
    found = Counter(history.decided_counts(session, campaign_id))
    for one in past.counts(session, campaign_id):
        if _is_delivery(one):
            found[one.nudge_key] += one.count
    return found


def nudge_counts(session: Session, campaign_id: int) -> dict[str, dict[str, int]]:
    """Return by nudge how many deliveries have each status."""
    keys = (col(DeliveryRow.nudge_key), col(DeliveryRow.status))
    statement = select(*keys, func.count()).where(col(DeliveryRow.campaign_id) == campaign_id).group_by(*keys)
    found: dict[str, dict[str, int]] = {}
    for nudge_key, status, count in session.execute(statement).all():
        found.setdefault(nudge_key, {})[status] = count
    for one in past.counts(session, campaign_id):
        if _is_delivery(one):
            here = found.setdefault(one.nudge_key, {})
            here[one.value] = here.get(one.value, 0) + one.count
    return found


def people_reached(session: Session, campaign_id: int) -> int:
    """Return how many distinct people got at least one nudge."""
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.status) == DeliveryStatus.SENT)
    people = func.count(func.distinct(col(DeliveryRow.person_id)))
    present = session.execute(select(people).where(*where)).scalar_one()
    return max(present, _most(session, campaign_id, past.REACHED))


def people_answered(session: Session, campaign_id: int) -> int:
    """Return how many distinct people tapped anything."""
    people = func.count(func.distinct(col(ResponseRow.person_id)))
    present = session.execute(select(people).where(col(ResponseRow.campaign_id) == campaign_id)).scalar_one()
    return max(present, _most(session, campaign_id, past.ANSWERED))


def people_meant(session: Session, campaign_id: int) -> int:
    """Return how many people a campaign is or was meant for."""
    return max(campaigns.ever_size(session, campaign_id), _most(session, campaign_id, past.AUDIENCE))


def response_counts(session: Session, campaign_id: int) -> list[ResponseCount]:
    """Return a campaign's responses counted by kind, value and rightness; barrier kinds are never among them."""
    keys = (col(ResponseRow.kind), col(ResponseRow.value), col(ResponseRow.is_right))
    people = func.count(func.distinct(col(ResponseRow.person_id)))
    statement = select(*keys, func.count(), people).where(col(ResponseRow.campaign_id) == campaign_id).group_by(*keys)
    found = {(row[0], row[1], row[2]): ResponseCount(*row) for row in session.execute(statement).all()}
    for one in past.counts(session, campaign_id):
        if one.kind in set(ResponseKind):
            _add_past(found, one)
    return list(found.values())


def _add_past(found: dict[tuple[str, str, bool | None], ResponseCount], one: PastCount) -> None:
    key = (one.kind, one.value, one.reason == past.RIGHT if one.reason else None)
    now = found.get(key, ResponseCount(*key, 0, 0))
    # The same people may be in both: adding them up could show a small group as a large one.
    found[key] = ResponseCount(*key, now.responses + one.count, max(now.people, one.people))


def _is_delivery(one: PastCount) -> bool:
    return one.kind == past.DELIVERY


def _most(session: Session, campaign_id: int, kind: str) -> int:
    return max((one.people for one in past.counts(session, campaign_id) if one.kind == kind), default=0)


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


def rows_of_person(session: Session, workspace_id: str, person_id: str) -> list[dict[str, Any]]:
    """Return everything kept of a person's deliveries, notices included, newest first, for their own eyes."""
    hidden = ("workspace_id", "person_id")
    columns = [column for column in DeliveryRow.__table__.columns if column.name not in hidden]  # type: ignore[attr-defined]
    where = (col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.person_id) == person_id)
    newest = func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.due_at), col(DeliveryRow.created_at)).desc()
    return [dict(row) for row in session.execute(select(*columns).where(*where).order_by(newest)).mappings()]


def count_where(session: Session, workspace_id: str, *statuses: DeliveryStatus, since: datetime | None = None) -> int:
    """Return how many nudges have one of these statuses; with `since`, how many were sent or claimed from then on."""
    where = [
        col(DeliveryRow.workspace_id) == workspace_id,
        col(DeliveryRow.campaign_id) != NOTICES,
        col(DeliveryRow.status).in_(statuses),
    ]
    if since is not None:
        at = col(DeliveryRow.sent_at) if DeliveryStatus.SENT in statuses else col(DeliveryRow.claimed_at)
        where.append(at >= since)
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
