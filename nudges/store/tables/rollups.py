"""One group of tables: this module is the rows of counts that stand in for counting."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from nudges.store.tables.base import Row


class RollupRow(Row, table=True):
    """How many deliveries or responses stand alike; kept by the database itself, see rollup_triggers.py."""

    __tablename__ = "rollups"
    __table_args__ = (Index("ix_rollups_workspace", "workspace_id", "kind", "value", "quarter"),)
    # The campaign comes first: reports are asked for one campaign.
    campaign_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(primary_key=True)  # delivery | a ResponseKind | first | reached | answered | people_... | again
    nudge_key: str = Field(primary_key=True)  # empty for notices, whose keys are without number
    value: str = Field(primary_key=True)  # a delivery's status, or what was answered
    reason: str = Field(primary_key=True)  # why it was skipped, or `right` and `wrong`
    is_enqueued: bool = Field(primary_key=True)
    segment: str = Field(primary_key=True)  # of what was sent and answered; empty otherwise
    quarter: int = Field(primary_key=True, sa_type=BigInteger)  # quarters of an hour since 1970; 0 where none matters
    workspace_id: str = Field(primary_key=True)
    count: int = Field(default=0, sa_type=BigInteger)
