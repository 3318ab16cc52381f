"""One group of tables: this module is which database this is, whom it serves and who looked at what."""

from datetime import date, datetime

from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class InstanceRow(Row, table=True):
    """Which database this is; one row."""

    __tablename__ = "instance"
    id: int = Field(default=1, primary_key=True)
    instance_id: str
    epoch: int = 0
    key_fingerprint: str
    first_period_on: date
    home: str = ""  # where it stood at its last start, on PostgreSQL


class WorkspaceRow(Row, table=True):
    """One Slack workspace, and whether it is held."""

    __tablename__ = "workspaces"
    workspace_id: str = Field(primary_key=True)
    name: str = ""
    hold_reason: str = ""
    held_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    synced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ticked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuditRow(Row, table=True):
    """Who looked at or changed what; only ever added to."""

    __tablename__ = "audit"
    audit_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    action: str
    subject: str = ""
