"""What a campaign's people got and did, row by row: this module is reading for results; it writes nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.deliveries import DeliveryStatus
from nudges.store.tables import AudienceRow, DeliveryRow, ResponseRow

_BATCH = 2000


class Tap(NamedTuple):
    """One thing that one person did with one nudge; a tuple, since there are hundreds of thousands."""

    nudge_key: str
    person_id: str
    kind: str
    value: str
    responded_at: datetime


def segments_of(session: Session, campaign_id: int) -> dict[str, str]:
    """Return the segment as whose member each person gets the campaign."""
    columns = (col(AudienceRow.person_id), col(AudienceRow.segment))
    rows = session.execute(select(*columns).where(col(AudienceRow.campaign_id) == campaign_id))
    return {person_id: segment for person_id, segment in rows}  # noqa: C416 - a Row is no pair to the checker


def held_out(session: Session, campaign_id: int) -> set[str]:
    """Return who is spared as a comparison group."""
    where = (col(AudienceRow.campaign_id) == campaign_id, col(AudienceRow.is_held_out))
    return set(session.execute(select(col(AudienceRow.person_id)).where(*where)).scalars())


def sendings(session: Session, campaign_id: int) -> Iterator[tuple[str, str, datetime]]:
    """Give every nudge that was sent: its key, to whom, when."""
    columns = (col(DeliveryRow.nudge_key), col(DeliveryRow.person_id), col(DeliveryRow.sent_at))
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.status) == DeliveryStatus.SENT)
    rows = session.execute(select(*columns).where(*where).execution_options(yield_per=_BATCH))
    yield from ((nudge_key, person_id, sent_at) for nudge_key, person_id, sent_at in rows if sent_at is not None)


def taps(session: Session, campaign_id: int) -> Iterator[Tap]:
    """Give everything that was tapped; which barrier somebody named is not among it."""
    columns = (
        col(ResponseRow.nudge_key), col(ResponseRow.person_id), col(ResponseRow.kind), col(ResponseRow.value),
        col(ResponseRow.responded_at),
    )  # fmt: skip
    statement = select(*columns).where(col(ResponseRow.campaign_id) == campaign_id)
    for row in session.execute(statement.execution_options(yield_per=_BATCH)):
        yield Tap(*row)
