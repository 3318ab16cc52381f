"""One group of tables: this module is the rows of what was published, who agreed, and messages that are changed."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class CampaignVersionRow(Row, table=True):
    """A text that a campaign runs on, ran on, or waits to run on."""

    __tablename__ = "campaign_versions"
    campaign_id: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    content_hash: str = Field(index=True)
    text_hash: str
    text: str
    company_text: str
    written_by: str
    written_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str = ""
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: it never ran
    audience: int = 0  # for how many people it began


class ApprovalRow(Row, table=True):
    """A question to a second person, and what they said."""

    __tablename__ = "approvals"
    approval_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(index=True)
    campaign_id: int = Field(index=True)
    kind: str  # publish | update | widen
    version: int
    content_hash: str
    reason: str  # company | growth | pilot
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    rest_starts_on: date | None = None  # the day asked for, when widening
    decision: str = ""  # "" | approved | declined | replaced
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    why: str = ""


class MessageWorkRow(Row, table=True):
    """One order to correct or recall messages that were sent."""

    __tablename__ = "message_works"
    work_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(index=True)
    campaign_id: int
    nudge_key: str = ""  # empty: every nudge
    kind: str  # correct | recall
    version: int
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MessageChangeRow(Row, table=True):
    """One sent message that an order is about."""

    __tablename__ = "message_changes"
    __table_args__ = (Index("ix_message_changes_due", "state", "ready_at"),)
    work_id: int = Field(primary_key=True)
    delivery_id: str = Field(primary_key=True)
    state: str = "waiting"  # waiting | done | kept | failed
    code: str = ""  # Slack's, for a failure
    failures: int = 0
    ready_at: datetime = Field(sa_type=UtcDateTime)
