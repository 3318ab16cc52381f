"""Who a campaign is meant for and who is spared: this module is reading for results; it writes nothing."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.tables import AudienceRow


def segments_of(session: Session, campaign_id: int) -> dict[str, str]:
    """Return the segment as whose member each person gets the campaign."""
    columns = (col(AudienceRow.person_id), col(AudienceRow.segment))
    rows = session.execute(select(*columns).where(col(AudienceRow.campaign_id) == campaign_id))
    return {person_id: segment for person_id, segment in rows}  # noqa: C416 - a Row is no pair to the checker


def held_out(session: Session, campaign_id: int) -> set[str]:
    """Return who is spared as a comparison group."""
    where = (col(AudienceRow.campaign_id) == campaign_id, col(AudienceRow.is_held_out))
    return set(session.execute(select(col(AudienceRow.person_id)).where(*where)).scalars())
