"""One group of tables: this module is the rows of what groups did in a week, counted; nobody is in them."""

from sqlmodel import Field

from nudges.store.tables.base import Row


class WeeklyCountRow(Row, table=True):
    """What one group of at least five people was asked, answered and used in one closed week."""

    __tablename__ = "weekly_counts"
    workspace_id: str = Field(primary_key=True)
    week: int = Field(primary_key=True)  # from the first period's first day
    scope_type: str = Field(primary_key=True)
    scope_id: str = Field(primary_key=True)
    members: int  # who stood there since the period began
    asked: int
    answered: int
    usable: int = 0  # days on which the tool could be used; 0 where no usage is known
    used: int = 0
    department: str = ""  # of a team: where most of its people are
    place: str = ""


class WeekRow(Row, table=True):
    """A week that was counted, once."""

    __tablename__ = "weeks"
    workspace_id: str = Field(primary_key=True)
    week: int = Field(primary_key=True)
