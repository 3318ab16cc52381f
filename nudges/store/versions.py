"""Every text a campaign runs, ran or waits to run on: this module is the only writer of `campaign_versions`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.campaigns import content_hash_of
from nudges.store.tables import CampaignVersionRow


@dataclass(frozen=True)
class Version:
    """One text of a campaign, found by its content hash; it ran if it has begun."""

    campaign_id: int
    version: int
    content_hash: str
    text_hash: str
    text: str
    company_text: str
    written_by: str
    written_at: datetime
    approved_by: str = ""
    began_at: datetime | None = None
    audience: int = 0


def add(
    session: Session,
    campaign_id: int,
    *,
    text: str,
    company_text: str,
    text_hash: str,
    written_by: str,
    now: datetime,
) -> Version:
    """Keep a text as the campaign's next version, before anything runs on it."""
    newest = select(func.max(col(CampaignVersionRow.version))).where(_of(campaign_id))
    number = (session.execute(newest).scalar_one() or 0) + 1
    content_hash = content_hash_of(text, company_text)
    new = Version(campaign_id, number, content_hash, text_hash, text, company_text, written_by, now)
    session.execute(insert(CampaignVersionRow).values(**new.__dict__))
    return new


def begin(session: Session, campaign_id: int, version: int, *, approved_by: str, audience: int, now: datetime) -> None:
    """Record that the campaign runs on this version from now on, who agreed, and for how many people."""
    where = (_of(campaign_id), col(CampaignVersionRow.version) == version)
    values = {"approved_by": approved_by, "began_at": now, "audience": audience}
    session.execute(update(CampaignVersionRow).where(*where).values(**values))


def rewrite(session: Session, campaign_id: int, *, text: str, company_text: str) -> None:
    """Put another text in the place of every one a campaign ever had, where words must not be kept any longer."""
    values = {"text": text, "company_text": company_text, "content_hash": content_hash_of(text, company_text)}
    values["text_hash"] = content_hash_of(text, "")
    session.execute(update(CampaignVersionRow).where(_of(campaign_id)).values(**values))


def version_of(session: Session, campaign_id: int, version: int) -> Version | None:
    """Return one version of a campaign, or None."""
    row = session.get(CampaignVersionRow, (campaign_id, version))
    return _to_version(row) if row else None


def versions(session: Session, campaign_id: int) -> list[Version]:
    """Return all texts of a campaign, oldest first, those included that never ran."""
    statement = select(CampaignVersionRow).where(_of(campaign_id)).order_by(col(CampaignVersionRow.version))
    return [_to_version(row) for row in session.execute(statement).scalars()]


def _of(campaign_id: int) -> ColumnElement[bool]:
    return col(CampaignVersionRow.campaign_id) == campaign_id


def _to_version(row: CampaignVersionRow) -> Version:
    return Version(
        campaign_id=row.campaign_id,
        version=row.version,
        content_hash=row.content_hash,
        text_hash=row.text_hash,
        text=row.text,
        company_text=row.company_text,
        written_by=row.written_by,
        written_at=row.written_at,
        approved_by=row.approved_by,
        began_at=row.began_at,
        audience=row.audience,
    )
