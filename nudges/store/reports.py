"""Counting for pages, commands and metrics: this module is reading queries; it writes nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.crowding import Wave
from nudges.domain.delivery.deliveries import NOTICES, DeliveryStatus
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.measuring.metrics import Entry
from nudges.store import campaigns, past, rollups
from nudges.store.delivery_statements import CLAIMABLE
from nudges.store.engine import fetch
from nudges.store.past import PastCount
from nudges.store.tables import DeliveryRow, PersonRow

# One status at a time, so that the index is read from its end and not through.
_READY = (col(DeliveryRow.workspace_id) == bindparam("workspace_id"), col(DeliveryRow.status) == bindparam("status"))
_OLDEST = select(func.min(col(DeliveryRow.ready_at))).where(*_READY)
_DUE_LATELY = select(func.count()).where(
    *_READY, col(DeliveryRow.ready_at) >= bindparam("begun_at"), col(DeliveryRow.ready_at) <= bindparam("now")
)

_WAVES = (
    select(col(DeliveryRow.due_at), col(DeliveryRow.window_ends_at), func.count())
    .where(*_READY, col(DeliveryRow.ready_at) <= bindparam("until"), col(DeliveryRow.campaign_id) != NOTICES)
    .group_by(col(DeliveryRow.due_at), col(DeliveryRow.window_ends_at))
)


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
    found: Counter[tuple[str, str, bool]] = Counter()
    for _, status, reason, is_enqueued, count in rollups.deliveries(session, campaign_id):
        found[(status, reason, is_enqueued)] += count
    for one in past.counts(session, campaign_id):
        if _is_delivery(one):
            found[(one.value, one.reason, one.is_enqueued)] += one.count
    return [Entry(DeliveryStatus(status), reason, is_in, count) for (status, reason, is_in), count in found.items()]


def decided_people(session: Session, campaign_id: int) -> dict[str, int]:
    """Return for how many people each nudge has been decided, those included whose rows are gone."""
    found = Counter(rollups.decided(session, campaign_id))
    for one in past.counts(session, campaign_id):
        if _is_delivery(one):
            found[one.nudge_key] += one.count
    return found


def nudge_counts(session: Session, campaign_id: int) -> dict[str, dict[str, int]]:
    """Return by nudge how many deliveries have each status."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for nudge_key, status, _, _, count in rollups.deliveries(session, campaign_id):
        found[nudge_key][status] += count
    for one in past.counts(session, campaign_id):
        if _is_delivery(one):
            found[one.nudge_key][one.value] += one.count
    return {nudge_key: dict(counts) for nudge_key, counts in found.items()}


def people_reached(session: Session, campaign_id: int) -> int:
    """Return how many distinct people got at least one nudge."""
    return max(_people(session, campaign_id, past.REACHED), _most(session, campaign_id, past.REACHED))


def people_answered(session: Session, campaign_id: int) -> int:
    """Return how many distinct people tapped anything."""
    return max(_people(session, campaign_id, past.ANSWERED), _most(session, campaign_id, past.ANSWERED))


def people_meant(session: Session, campaign_id: int) -> int:
    """Return how many people a campaign is or was meant for."""
    return max(campaigns.ever_size(session, campaign_id), _most(session, campaign_id, past.AUDIENCE))


def response_counts(session: Session, campaign_id: int) -> list[ResponseCount]:
    """Return a campaign's responses counted by kind, value and rightness; barrier kinds are never among them."""
    kinds = [kind.value for kind in ResponseKind]
    wanted = (*kinds, *(rollups.PEOPLE + kind for kind in kinds))
    given: Counter[tuple[str, str, str]] = Counter()
    for kind, _, value, reason, count in rollups.kinds(session, campaign_id, *wanted):
        given[(kind, value, reason)] += count
    found = {
        (kind, value, _is_right(reason)): ResponseCount(
            kind, value, _is_right(reason), count, given[(rollups.PEOPLE + kind, value, reason)]
        )
        for (kind, value, reason), count in given.items()
        if kind in kinds
    }
    for one in past.counts(session, campaign_id):
        if one.kind in kinds:
            _add_past(found, one)
    return list(found.values())


def _add_past(found: dict[tuple[str, str, bool | None], ResponseCount], one: PastCount) -> None:
    key = (one.kind, one.value, _is_right(one.reason))
    now = found.get(key, ResponseCount(*key, 0, 0))
    # The same people may be in both: adding them up could show a small group as a large one.
    found[key] = ResponseCount(*key, now.responses + one.count, max(now.people, one.people))


def _is_right(reason: str) -> bool | None:
    return reason == past.RIGHT if reason else None


def _people(session: Session, campaign_id: int, kind: str) -> int:
    return sum(count for *_, count in rollups.kinds(session, campaign_id, kind))


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


def planned_at(session: Session, workspace_id: str, delivery_id: str) -> datetime | None:
    """Return when it was decided that a delivery is to go out, or None."""
    where = (col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.delivery_id) == delivery_id)
    statement = select(col(DeliveryRow.created_at)).where(*where)
    return session.execute(statement).scalar_one_or_none()


def rows_of_person(session: Session, workspace_id: str, person_id: str) -> list[dict[str, Any]]:
    """Return everything kept of a person's deliveries, notices included, newest first, for their own eyes."""
    hidden = ("workspace_id", "person_id")
    columns = [column for column in DeliveryRow.__table__.columns if column.name not in hidden]  # type: ignore[attr-defined]
    where = (col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.person_id) == person_id)
    newest = func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.due_at), col(DeliveryRow.created_at)).desc()
    return [dict(row) for row in session.execute(select(*columns).where(*where).order_by(newest)).mappings()]


def count_where(session: Session, workspace_id: str, *statuses: DeliveryStatus) -> int:
    """Return how many nudges have one of these statuses."""
    return rollups.nudges(session, workspace_id, *statuses)


def sent_since(session: Session, workspace_id: str, since: datetime) -> int:
    """Return how many nudges were sent from an instant on, which begins a quarter of an hour."""
    return rollups.nudges(session, workspace_id, DeliveryStatus.SENT, since=since)


def failed_since(session: Session, workspace_id: str, since: datetime) -> int:
    """Return how many nudges that Slack refused were claimed from an instant on."""
    where = (
        col(DeliveryRow.workspace_id) == workspace_id,
        col(DeliveryRow.campaign_id) != NOTICES,
        col(DeliveryRow.status) == DeliveryStatus.FAILED,
        col(DeliveryRow.claimed_at) >= since,
    )
    return session.execute(select(func.count()).where(*where)).scalar_one()


def waves(session: Session, workspace_id: str, until: datetime) -> list[Wave]:
    """Return what waits and may be posted before an instant, by when it is due and when its window ends."""
    asked = {"workspace_id": workspace_id, "until": until}
    return [Wave(*row) for status in CLAIMABLE for row in fetch(session, _WAVES, status=status, **asked)]


def waiting_due(session: Session, workspace_id: str, now: datetime) -> tuple[int, datetime | None]:
    """Return how many deliveries are ready and not sent yet, and since when the oldest is."""
    quarter = rollups.quarter_of(now)
    begun_at = datetime.fromtimestamp(quarter * rollups.QUARTER_S, UTC)
    count, oldest_at = rollups.messages_before(session, workspace_id, *CLAIMABLE, quarter=quarter), None
    for status in CLAIMABLE:
        asked = {"workspace_id": workspace_id, "status": status, "begun_at": begun_at, "now": now}
        count += int(fetch(session, _DUE_LATELY, **asked).scalar_one())
        ready_at = fetch(session, _OLDEST, workspace_id=workspace_id, status=status).scalar_one()
        oldest_at = min(one for one in (oldest_at, ready_at) if one is not None) if oldest_at or ready_at else None
    return count, oldest_at if oldest_at is not None and oldest_at <= now else None
