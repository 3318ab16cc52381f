"""What went before: this module is the reading queries that planning and eligibility ask; it writes nothing."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Executable, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from nudges.domain.deliveries import NOTICES, DeliveryStatus
from nudges.domain.eligibility import NEVER, Sending
from nudges.domain.planning import Predecessor
from nudges.store.engine import fetch, fetch_all
from nudges.store.tables import AudienceRow, CampaignRow, DeliveryRow, ResponseRow

# What may already stand in the person's conversation counts as sent when caps are asked.
_COUNTED = (DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
_NEVER_SENT = (DeliveryStatus.SKIPPED, DeliveryStatus.EXPIRED, DeliveryStatus.FAILED)
_LATEST = 40
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
    )
    .where(*_HERE, or_(*(col(DeliveryRow.status) == status for status in _COUNTED)))
    .order_by(func.coalesce(col(DeliveryRow.sent_at), col(DeliveryRow.claimed_at)).desc())
)
SENDINGS = _COUNTING.where(col(DeliveryRow.person_id) == bindparam("person_id")).limit(_LATEST + 1)
SENDINGS_OF_SEVERAL = _COUNTING.where(col(DeliveryRow.person_id).in_(bindparam("ids", expanding=True)))
_WAITING = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)
_UNSETTLED = select(col(DeliveryRow.unknown_at), col(DeliveryRow.read_at)).where(
    col(DeliveryRow.workspace_id) == bindparam("workspace_id"), col(DeliveryRow.status) == DeliveryStatus.UNKNOWN
)
_DECIDED = (
    select(col(DeliveryRow.nudge_key), func.count(col(DeliveryRow.person_id).distinct()))
    .where(col(DeliveryRow.campaign_id) == bindparam("campaign_id"))
    .group_by(col(DeliveryRow.nudge_key))
)
_UNKNOWN = (
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
    sent_at: datetime | None, claimed_at: datetime | None, window_ends_at: datetime | None, is_answered: bool
) -> Sending:
    at = sent_at or claimed_at or NEVER
    return Sending(at, is_answered=bool(is_answered), is_catch_up=window_ends_at is not None and at >= window_ends_at)


def undecided(session: Session, campaign_id: int, nudge_key: str, *, is_pilot: bool | None = None) -> list[str]:
    """Return the people of the audience, past ones included, for whom this nudge has not been decided.

    `is_pilot` asks only for the pilot's people, or only for the rest.
    """
    same = (
        col(DeliveryRow.campaign_id) == campaign_id,
        col(DeliveryRow.nudge_key) == nudge_key,
        col(DeliveryRow.person_id) == col(AudienceRow.person_id),
    )
    is_decided = select(col(DeliveryRow.person_id)).where(*same).exists()
    statement = select(col(AudienceRow.person_id)).where(col(AudienceRow.campaign_id) == campaign_id, ~is_decided)
    if is_pilot is not None:
        statement = statement.where(col(AudienceRow.is_pilot).is_(is_pilot))
    return list(session.execute(statement.order_by(col(AudienceRow.person_id))).scalars())


def decided_counts(session: Session, campaign_id: int) -> dict[str, int]:
    """Return for how many people each nudge has been decided."""
    return {row[0]: row[1] for row in fetch(session, _DECIDED, campaign_id=campaign_id)}


def predecessors(
    session: Session, campaign_id: int, nudge_key: str, *, before: str, sent_until: datetime
) -> dict[str, Predecessor]:
    """Return how `before` stands for those whose next nudge can be decided and is not.

    That is: it was sent until the instant named, or it will not be sent.
    """
    asked = {"campaign_id": campaign_id, "nudge_key": nudge_key, "before": before, "sent_until": sent_until}
    rows = fetch(session, _predecessors(), **asked)
    return {person_id: Predecessor(DeliveryStatus(status), sent_at) for person_id, status, sent_at in rows}


@lru_cache(maxsize=1)
def _predecessors() -> Executable:
    first, following = aliased(DeliveryRow), aliased(DeliveryRow)
    same = (
        col(following.campaign_id) == bindparam("campaign_id"),
        col(following.nudge_key) == bindparam("nudge_key"),
        col(following.person_id) == col(first.person_id),
    )
    is_sent = (col(first.status) == DeliveryStatus.SENT) & (col(first.sent_at) <= bindparam("sent_until"))
    return select(col(first.person_id), col(first.status), col(first.sent_at)).where(
        col(first.campaign_id) == bindparam("campaign_id"),
        col(first.nudge_key) == bindparam("before"),
        is_sent | col(first.status).in_(_NEVER_SENT),
        ~select(col(following.person_id)).where(*same).exists(),
    )


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
    return _first_instant(row[0] for row in fetch(session, _next_due(*given), workspace_id=workspace_id, **given))


@lru_cache(maxsize=8)
def _next_due(*given: str) -> Executable:
    paused = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.status) == "paused")
    narrower = {
        "person_id": col(DeliveryRow.person_id) == bindparam("person_id"),
        "campaign_id": col(DeliveryRow.campaign_id) == bindparam("campaign_id"),
        "after": col(DeliveryRow.ready_at) > bindparam("after"),
    }
    return select(func.min(col(DeliveryRow.ready_at))).where(
        col(DeliveryRow.workspace_id) == bindparam("workspace_id"),
        or_(*(col(DeliveryRow.status) == status for status in _WAITING)),
        col(DeliveryRow.campaign_id).not_in(paused),
        *(narrower[name] for name in given),
    )


def has_unknown(session: Session, workspace_id: str, person_id: str, *, besides: str) -> bool:
    """Return whether another message may or may not stand in the person's conversation."""
    asked = {"workspace_id": workspace_id, "person_id": person_id, "besides": besides}
    return fetch(session, _UNKNOWN, **asked).first() is not None


def unsettled_since(session: Session, workspace_id: str) -> list[tuple[datetime, datetime | None]]:
    """Return for each unknown delivery since when it is and when it was last looked up."""
    rows = fetch(session, _UNSETTLED, workspace_id=workspace_id)
    return [(unknown_at, read_at) for unknown_at, read_at in rows if unknown_at is not None]


def _first_instant(values: Iterable[datetime | None]) -> datetime | None:
    return next((value for value in values if value is not None), None)
