"""One group of tables: this module is the rows of what runs and for whom."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class CampaignRow(Row, table=True):
    """One running of a playbook, with the text it began with."""

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)
    campaign_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    name: str
    playbook: str
    text: str
    company_text: str
    text_hash: str
    status: str = "live"
    starts_on: date
    published_at: datetime = Field(sa_type=UtcDateTime)
    published_by: str = ""
    version: int = 1
    content_hash: str = ""  # of the playbook's and the company's text together
    is_piloting: bool = False
    rest_starts_on: date | None = None  # the first day of those outside the pilot; empty: the same day
    overruled: str = ""  # stop rules that a person has looked at and passed over


class AudienceRow(Row, table=True):
    """A person a campaign is or was meant for."""

    __tablename__ = "audience"
    __table_args__ = (
        Index("ix_audience_pilot", "campaign_id", "is_pilot"),
        Index("ix_audience_entered", "campaign_id", "entered_at"),  # whoever came late is asked after at every tick
    )
    campaign_id: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    segment: str = ""
    is_held_out: bool = False
    entered_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_pilot: bool = False  # drawn when they entered


class StoppedNudgeRow(Row, table=True):
    """A nudge that Slack refused for everybody, or that was recalled."""

    __tablename__ = "stopped_nudges"
    campaign_id: int = Field(primary_key=True)
    nudge_key: str = Field(primary_key=True)
    slack_code: str = ""
    stopped_at: datetime = Field(sa_type=UtcDateTime)
