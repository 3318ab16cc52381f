"""One group of tables: this module is the rows of what people did and typed."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class ResponseRow(Row, table=True):
    """What a person did with a delivery; each kind once."""

    __tablename__ = "responses"
    __table_args__ = (Index("ix_responses_nudge", "campaign_id", "person_id", "nudge_key"),)
    delivery_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    workspace_id: str = Field(index=True)
    campaign_id: int
    nudge_key: str
    person_id: str = Field(index=True)
    value: str = ""
    is_right: bool | None = None
    confidence: str = Field(default="", sa_column_kwargs={"server_default": ""})  # guess | think_so | sure
    responded_at: datetime = Field(sa_type=UtcDateTime)


class ReplyRow(Row, table=True):
    """Words a person typed; deleted after thirty days."""

    __tablename__ = "replies"
    reply_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    person_hash: str = Field(index=True)
    source: str  # dm | form
    text: str
    received_at: datetime = Field(sa_type=UtcDateTime)


class SeenEventRow(Row, table=True):
    """An event Slack told us; kept 25 hours so that a repeat counts for nothing."""

    __tablename__ = "seen_events"
    workspace_id: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
