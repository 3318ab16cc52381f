"""One group of tables: this module is the rows by which several processes share the work on PostgreSQL."""

from datetime import datetime

from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class ProcessRow(Row, table=True):
    """One process of this database, and when it last said that it lives, by the database's clock."""

    __tablename__ = "processes"
    process_id: int | None = Field(default=None, primary_key=True)
    part: str  # web | worker | clock | run
    place: str  # the machine's name and the process's number there
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class PaceRow(Row, table=True):
    """What the limiter of a workspace has learnt, for the worker that sends next."""

    __tablename__ = "paces"
    workspace_id: str = Field(primary_key=True)
    snapshot: str
    saved_at: datetime = Field(sa_type=UtcDateTime)


class QueueStepRow(Row, table=True):
    """A step of the shape of procrastinate's own tables that has been taken."""

    __tablename__ = "queue_steps"
    step: str = Field(primary_key=True)
