"""One group of tables: this module is the rows of what colleagues told of their own work."""

from datetime import date

from sqlmodel import Field

from nudges.store.tables.base import Row


class StoryRow(Row, table=True):
    """A story under its author's keyed hash; name, id and job stand beside it only where the author agreed."""

    __tablename__ = "stories"
    workspace_id: str = Field(primary_key=True)
    story_id: str = Field(primary_key=True)
    author_hash: str = Field(index=True)
    author_id: str = ""
    author_name: str = ""
    department: str = ""
    role: str = ""
    title: str = ""
    team: str = ""
    manager_id: str = ""
    language: str = ""
    playbook: str = ""
    consent: str  # inside | outside | anonymous | private
    state: str  # kept | waiting | asked | own_words | shared | declined
    words: str
    edited: str = ""
    told_on: date  # a day, not an instant: two clicks a second apart must not meet
    keep_until: date
    decided_by: str = ""
    reason: str = ""
    campaign_id: int | None = None
    shared_on: date | None = None
    credited_on: date | None = None
    revision: int = 1
