"""One group of tables: this module is the rows of questions that come back to people."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class RecallCardRow(Row, table=True):
    """What is reckoned of one question in one person's memory."""

    __tablename__ = "recall_cards"
    __table_args__ = (
        Index("ix_recall_cards_look", "workspace_id", "look_at", "person_id"),
        Index("ix_recall_cards_campaign", "campaign_id", "ended"),
    )
    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    campaign_id: int = Field(primary_key=True)
    nudge_key: str = Field(primary_key=True)
    stability: float  # days until one in ten would have forgotten it
    difficulty: float  # 1 to 10
    streak: int = 0  # right so often in a row
    is_sure_error: bool = False  # the latest answer was wrong, and the person had been sure
    met_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    look_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when to look whether it can be planned
    occurrence: int = 1  # of the delivery that brought it last
    ended: str = ""  # recall.Ending, or empty while it comes back
