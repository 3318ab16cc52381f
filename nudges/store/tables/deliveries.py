"""One group of tables: this module is the rows of what is sent, and what is left of old ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class DeliveryRow(Row, table=True):
    """One nudge for one person at one time."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_ready", "workspace_id", "status", "ready_at"),
        Index("ix_deliveries_person", "workspace_id", "person_id", "sent_at"),
        # Whose turn it is after another nudge is read from the index alone, at every tick.
        Index("ix_deliveries_decided", "campaign_id", "nudge_key", "person_id", "status", "sent_at", "occurrence"),
        Index("ix_deliveries_stale", "workspace_id", "status", "fresh_until"),
        Index("ix_deliveries_sent", "workspace_id", "sent_at"),
        # Only of the few rows in doubt. Migration 0011 says so: here it would load the dialects of both databases.
        Index("ix_deliveries_doubt", "workspace_id", "unknown_at"),
    )
    delivery_id: str = Field(primary_key=True)
    workspace_id: str
    campaign_id: int  # 0 for a notice
    nudge_key: str  # the notice's key for a notice
    person_id: str
    occurrence: int = 1  # above 1: a question that came back
    status: str
    reason: str = ""  # SkipReason, or Slack's code for a failure
    is_enqueued: bool = True
    priority: int = 5
    local_due: str = ""
    zone: str = ""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ready_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # due, or later after "not now"
    window_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fresh_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempt: int = 0
    failures: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unknown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    empty_reads: int = 0
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel_id: str = ""
    message_ts: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 0  # of the campaign's text that it was posted with; 0 before


class NoticeRow(Row, table=True):
    """A message to an owner or admin: which text, and its values."""

    __tablename__ = "notices"
    workspace_id: str = Field(primary_key=True)
    notice_key: str = Field(primary_key=True)
    text_key: str
    values: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)


class PastCountRow(Row, table=True):
    """What was counted before the rows behind it were deleted; nobody is in it."""

    __tablename__ = "past_counts"
    campaign_id: int = Field(primary_key=True)
    nudge_key: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # delivery | a ResponseKind | reached | answered | audience
    value: str = Field(default="", primary_key=True)  # a delivery's status, or what was answered
    reason: str = Field(default="", primary_key=True)  # why it was skipped, or `right` and `wrong`
    is_enqueued: bool = Field(default=True, primary_key=True)
    count: int = 0
    people: int = 0
