"""One group of tables: this module is the rows of what may be seen of closed periods, without a person in them."""

from sqlmodel import Field

from nudges.store.tables.base import Row


class PeriodLimitsRow(Row, table=True):
    """The limits a period began with; they hold until its end, whatever company.yaml says meanwhile."""

    __tablename__ = "period_limits"
    workspace_id: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    k: int
    r: int


class PublicationRow(Row, table=True):
    """A cell of a closed period as it may be seen; without a kind it says that the group is large enough at all."""

    __tablename__ = "publications"
    workspace_id: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    scope_type: str = Field(primary_key=True)
    scope_id: str = Field(primary_key=True)
    kind: str = Field(default="", primary_key=True)
    band: str = ""
    counted_in: int
    moved: int = 0
