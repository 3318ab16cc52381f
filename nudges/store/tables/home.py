"""One group of tables: this module is the rows of what people keep and choose in their Home."""

from datetime import datetime

from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class SavedNudgeRow(Row, table=True):
    """A nudge that a person keeps for later; whether it was ever sent to them does not matter."""

    __tablename__ = "saved_nudges"
    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    campaign_id: int = Field(primary_key=True)
    nudge_key: str = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=UtcDateTime)


class VoteRow(Row, table=True):
    """What a person wants next, and what they wanted before they changed their mind in the same quarter."""

    __tablename__ = "votes"
    workspace_id: str = Field(primary_key=True)
    quarter: int = Field(primary_key=True)  # of the calendar: year times four, and its number from 0
    person_id: str = Field(primary_key=True)
    voted_at: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    playbook: str
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when they changed their mind
