"""One group of tables: this module is the rows about people and what they asked of us."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column
from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class PersonRow(Row, table=True):
    """One account: what Slack says joined with the people file."""

    __tablename__ = "people"
    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    kind: str = "member"
    first_name: str = ""
    slack_zone: str = ""
    slack_title: str = ""
    slack_language: str = ""
    department: str = ""
    place: str = ""
    country: str = ""
    region: str = ""
    role: str = ""
    title: str = ""
    team: str = ""
    manager_id: str = ""
    language: str = ""
    hours: str = ""
    working_days: str = ""
    attributes: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    lot: int = Field(default=0, sa_type=BigInteger)  # drawn from the id; samples are taken by it
    is_in_directory: bool = False
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class PreferenceRow(Row, table=True):
    """What a person asked of us, and the conversation we have with them."""

    __tablename__ = "preferences"
    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    introduced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel_id: str = ""
    topics: str = ""  # "not mail files" or "only files"; empty: all
    own_hours: str = ""  # "10:00-16:00 mon-thu"; empty: the usual ones
    fewer_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the end of an absence that no pause tells of


class ForgottenRow(Row, table=True):
    """A keyed tombstone: somebody asked to be forgotten, and stays so."""

    __tablename__ = "forgotten"
    workspace_id: str = Field(primary_key=True)
    person_hash: str = Field(primary_key=True)
    forgotten_at: datetime = Field(sa_type=UtcDateTime)
    cleared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: traces may be left in the files
