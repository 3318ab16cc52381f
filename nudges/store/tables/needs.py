"""One group of tables: this module is the rows of what people lack to use a tool; nobody who said so is in them."""

from datetime import datetime

from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class NeedRow(Row, table=True):
    """One need of the whole company with one tool, and what was decided about it."""

    __tablename__ = "needs"
    workspace_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    kind: str
    tool: str = ""
    band: str  # of its first period, and never restated
    opened_at: datetime = Field(sa_type=UtcDateTime)
    heard_at: datetime = Field(sa_type=UtcDateTime)  # the end of the last period that asked for it
    decision: str = ""
    why: str = ""
    by_id: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class NeedPostRow(Row, table=True):
    """How far the webhook is: what it was told last, and when it is tried again."""

    __tablename__ = "need_posts"
    workspace_id: str = Field(primary_key=True)
    url: str = ""  # where it goes; empty: where the settings say
    told: str = ""  # hash of the list that was taken last
    tries: int = 0  # in vain, since then
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    posted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
