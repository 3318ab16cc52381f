"""One group of tables: this module is the rows of workshops, of their seats and of those who wait for one."""

from datetime import datetime

from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class WorkshopRow(Row, table=True):
    """One coming together, and how many seats are taken; nobody is in it."""

    __tablename__ = "workshops"
    workspace_id: str = Field(primary_key=True)
    campaign_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    nudge_key: str = Field(primary_key=True)
    session: str = Field(primary_key=True)  # the first day of those who are invited; `dated` where it has a date
    taken: int = 0


class WorkshopSeatRow(Row, table=True):
    """How a person stands with a workshop."""

    __tablename__ = "workshop_seats"
    workspace_id: str = Field(primary_key=True)
    campaign_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    nudge_key: str = Field(primary_key=True)
    session: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True, index=True)
    state: str  # seated | waiting | given_back
    asked_at: datetime = Field(sa_type=UtcDateTime)
    own_word: str = Field(default="", sa_column_kwargs={"server_default": ""})  # came | missed, as they say
    host_word: str = Field(default="", sa_column_kwargs={"server_default": ""})  # as the host says, which counts
