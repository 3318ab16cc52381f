"""What went before: this module is the reading queries that planning and eligibility ask; it writes nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from nudges.domain.deliveries import NOTICES, DeliveryStatus
from nudges.domain.eligibility import NEVER, Sending
from nudges.domain.planning import Predecessor
from nudges.store.tables import AudienceRow, CampaignRow, DeliveryRow, ResponseRow

# What may already stand in the person's conversation counts as sent when caps are asked.
_COUNTED = (DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
_NEVER_SENT = (DeliveryStatus.SKIPPED, DeliveryStatus.EXPIRED, DeliveryStatus.FAILED)
_LATEST = 40


def sendings(session: Session, workspace_id: str, person_id: str, *, besides: str) -> list[Sending]:
    """Return the latest nudges of a person over all campaigns, newest first, without the delivery named."""
    same = col(ResponseRow.delivery_id) == col(DeliveryRow.delivery_id)
    is_answered = select(col(ResponseRow.delivery_id)).where(same).exists()
    at = func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at))
    statement = (
        select(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at), col(DeliveryRow.window_ends_at), is_answered)
        .where(
            col(DeliveryRow.workspace_id) == workspace_id,
            col(DeliveryRow.person_id) == person_id,
            col(DeliveryRow.campaign_id) != NOTICES,
            col(DeliveryRow.status).in_(_COUNTED),
            col(DeliveryRow.delivery_id) != besides,
        )
        .order_by(at.desc())
        .limit(_LATEST)
    )
    return [_sending(*row) for row in session.execute(statement).all()]


def _sending(
    sent_at: datetime | None, claimed_at: datetime | None, window_ends_at: datetime | None, is_answered: bool
) -> Sending:
    at = sent_at or claimed_at or NEVER
    return Sending(at, is_answered=bool(is_answered), is_catch_up=window_ends_at is not None and at >= window_ends_at)


def undecided(session: Session, campaign_id: int, nudge_key: str) -> list[str]:
    """Return the people of the audience, past ones included, for whom this nudge has not been decided."""
    same = (
        col(DeliveryRow.campaign_id) == campaign_id,
        col(DeliveryRow.nudge_key) == nudge_key,
        col(DeliveryRow.person_id) == col(AudienceRow.person_id),
    )
    is_decided = select(col(DeliveryRow.person_id)).where(*same).exists()
    statement = select(col(AudienceRow.person_id)).where(col(AudienceRow.campaign_id) == campaign_id, ~is_decided)
    return list(session.execute(statement.order_by(col(AudienceRow.person_id))).scalars())


def decided_counts(session: Session, campaign_id: int) -> dict[str, int]:
    """Return for how many people each nudge has been decided."""
    people = func.count(col(DeliveryRow.person_id).distinct())
    statement = select(col(DeliveryRow.nudge_key), people).where(col(DeliveryRow.campaign_id) == campaign_id)
    rows = session.execute(statement.group_by(col(DeliveryRow.nudge_key))).all()
    return {nudge_key: count for nudge_key, count in rows}  # noqa: C416 - a Row is no pair to the type checker


def predecessors(
    session: Session, campaign_id: int, nudge_key: str, *, before: str, sent_until: datetime
) -> dict[str, Predecessor]:
    """Return how `before` stands for those whose next nudge can be decided and is not.

    That is: it was sent until the instant named, or it will not be sent.
    """
    first, following = aliased(DeliveryRow), aliased(DeliveryRow)
    same = (
        col(following.campaign_id) == campaign_id,
        col(following.nudge_key) == nudge_key,
        col(following.person_id) == col(first.person_id),
    )
    is_sent = (col(first.status) == DeliveryStatus.SENT) & (col(first.sent_at) <= sent_until)
    statement = select(col(first.person_id), col(first.status), col(first.sent_at)).where(
        col(first.campaign_id) == campaign_id,
        col(first.nudge_key) == before,
        is_sent | col(first.status).in_(_NEVER_SENT),
        ~select(col(following.person_id)).where(*same).exists(),
    )
    rows = session.execute(statement).all()
    return {person_id: Predecessor(DeliveryStatus(status), sent_at) for person_id, status, sent_at in rows}


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
    waiting = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)
    paused = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.status) == "paused")
    where = [col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.status).in_(waiting)]
    where.append(col(DeliveryRow.campaign_id).not_in(paused))
    if person_id:
        where.append(col(DeliveryRow.person_id) == person_id)
    if campaign_id:
        where.append(col(DeliveryRow.campaign_id) == campaign_id)
    if after is not None:
        where.append(col(DeliveryRow.ready_at) > after)
    return _first_instant(session.execute(select(func.min(col(DeliveryRow.ready_at))).where(*where)).scalars().all())


def has_unknown(session: Session, workspace_id: str, person_id: str, *, besides: str) -> bool:
    """Return whether another message may or may not stand in the person's conversation."""
    statement = select(col(DeliveryRow.delivery_id)).where(
        col(DeliveryRow.workspace_id) == workspace_id,
        col(DeliveryRow.person_id) == person_id,
        col(DeliveryRow.status) == DeliveryStatus.UNKNOWN,
        col(DeliveryRow.campaign_id) != NOTICES,
        col(DeliveryRow.delivery_id) != besides,
    )
    return session.execute(statement.limit(1)).first() is not None


def unsettled_since(session: Session, workspace_id: str) -> list[tuple[datetime, datetime | None]]:
    """Return for each unknown delivery since when it is and when it was last looked up."""
    where = (col(DeliveryRow.workspace_id) == workspace_id, col(DeliveryRow.status) == DeliveryStatus.UNKNOWN)
    rows = session.execute(select(col(DeliveryRow.unknown_at), col(DeliveryRow.read_at)).where(*where)).all()
    return [(unknown_at, read_at) for unknown_at, read_at in rows if unknown_at is not None]


def _first_instant(values: Iterable[datetime | None]) -> datetime | None:
    return next((value for value in values if value is not None), None)
