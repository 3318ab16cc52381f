"""One group of tables: this module is the rows of evidence and decisions about groups."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class BarrierReportRow(Row, table=True):
    """A person's own word, under a keyed hash, that something is in the way."""

    __tablename__ = "barrier_reports"
    workspace_id: str = Field(primary_key=True)
    person_hash: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    playbook: str = Field(default="", primary_key=True)


class MembershipRow(Row, table=True):
    """Where a person stood when a period began, under the same hash."""

    __tablename__ = "memberships"
    workspace_id: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    person_hash: str = Field(primary_key=True)
    team: str = ""
    department: str = ""
    place: str = ""


class PeriodRow(Row, table=True):
    """A four-week period that was closed and decided, once."""

    __tablename__ = "periods"
    workspace_id: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    closed_at: datetime = Field(sa_type=UtcDateTime)


class FlagRow(Row, table=True):
    """A decision about a group that needs an owner."""

    __tablename__ = "flags"
    flag_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(index=True)
    scope_type: str
    scope_id: str
    kind: str
    grade: str
    band: str
    state: str = "open"
    owner_id: str = ""
    remedies: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    period: int
    opened_at: datetime = Field(sa_type=UtcDateTime)
