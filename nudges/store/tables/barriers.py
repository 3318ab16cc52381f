"""One group of tables: this module is the rows of evidence and decisions about groups."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class BarrierReportRow(Row, table=True):
    """A person's own word, under a keyed hash, that something is in the way; one below weight 1 is a guess of ours."""

    __tablename__ = "barrier_reports"
    workspace_id: str = Field(primary_key=True)
    person_hash: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    playbook: str = Field(default="", primary_key=True)
    weight: float = Field(default=1.0, sa_column_kwargs={"server_default": "1"})
    week: int | None = None  # of the company's own calendar; unknown for what an older release stored


class AskBackRow(Row, table=True):
    """The last time a person was asked whether we heard them right; one row a person."""

    __tablename__ = "ask_backs"
    workspace_id: str = Field(primary_key=True)
    person_hash: str = Field(primary_key=True)
    ask_id: str
    kind: str = ""  # empty once it was answered
    playbook: str = ""
    reply_id: int | None = None
    asked_at: datetime = Field(sa_type=UtcDateTime)


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
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: not since it was opened
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    eased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    play: str = ""
    reason: str = ""
    probability: float | None = None
    revision: int = 0
    why: list[list[str]] | None = Field(default=None, sa_column=Column(JSON, nullable=True))  # keys of reasons.py
    heard_in: int | None = None  # the last closed period in which what people said asked for it


class FlagEventRow(Row, table=True):
    """One line of a flag's history."""

    __tablename__ = "flag_events"
    workspace_id: str = Field(primary_key=True)
    flag_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    what: str
    actor_id: str = ""
    about_id: str = ""
    detail: str = ""
