"""What was in doubt: this module counts, from the deliveries themselves, how doubts ended; it writes nothing."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.delivery.doubts import Doubts
from nudges.store.engine import fetch
from nudges.store.tables import DeliveryRow

_STATUS = col(DeliveryRow.status)
# A row claimed after its doubt began was not found and taken anew; settling itself leaves the claim as it was.
_IS_ANEW = col(DeliveryRow.claimed_at) > col(DeliveryRow.unknown_at)
_ON_ITS_WAY = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY, DeliveryStatus.SENDING)
_FULL = (SkipReason.CAP_DAY, SkipReason.CAP_WEEK, SkipReason.CATCH_UP, SkipReason.BACKED_OFF, SkipReason.GAVE_WAY)


def _how_it_ended() -> ColumnElement[str]:
    return case(
        (_STATUS == DeliveryStatus.UNKNOWN, "unsettled"),
        ((_STATUS == DeliveryStatus.SENT) & _IS_ANEW, "again"),
        (_STATUS == DeliveryStatus.SENT, "found"),
        (_STATUS.in_(_ON_ITS_WAY), "waiting"),
        (_STATUS == DeliveryStatus.EXPIRED, "too_late"),
        (col(DeliveryRow.reason).in_(_FULL), "full"),
        else_="given_up",
    )


_COUNTS = (
    select(_how_it_ended().label("ended"), func.count())
    # Said in the words of the index that holds only such rows, so that no other row is looked at.
    .where(col(DeliveryRow.workspace_id) == bindparam("workspace_id"), col(DeliveryRow.unknown_at).is_not(None))
    .where(col(DeliveryRow.unknown_at) >= bindparam("since"))
    .group_by("ended")
)


def doubts_since(session: Session, workspace_id: str, since: datetime) -> Doubts:
    """Return what has become unknown since then, and how each stands now."""
    rows = fetch(session, _COUNTS, workspace_id=workspace_id, since=since).all()
    return Doubts(**{str(ended): int(count) for ended, count in rows})


def sent_ids(session: Session, workspace_id: str) -> frozenset[str]:
    """Return every delivery that the books call sent; for the small worlds of demos and tests."""
    of_here = col(DeliveryRow.workspace_id) == workspace_id
    statement = select(col(DeliveryRow.delivery_id)).where(of_here, _STATUS == DeliveryStatus.SENT)
    return frozenset(session.scalars(statement))
