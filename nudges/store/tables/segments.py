"""One group of tables: this module is the rows of what segments ask for beside the people file."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class GroupMemberRow(Row, table=True):
    """A person in a user group or a channel that some rule names."""

    __tablename__ = "group_members"
    workspace_id: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)


class GroupReadingRow(Row, table=True):
    """When a group was last read, and Slack's code when it could not be."""

    __tablename__ = "group_readings"
    workspace_id: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    problem: str = ""
    read_at: datetime = Field(sa_type=UtcDateTime)


class UsageRow(Row, table=True):
    """On how many days of a week a person used a tool; an empty tool is the one the file is about."""

    __tablename__ = "usage"
    __table_args__ = (Index("ix_usage_weeks", "workspace_id", "week_on"),)
    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    week_on: date = Field(primary_key=True)
    tool: str = Field(default="", primary_key=True)
    active_days: int
