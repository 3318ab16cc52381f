"""The rows: this module is every table, and no row is seen outside the store."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

from nudges.store.engine import UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """What all rows share."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


class InstanceRow(Row, table=True):
    """Which database this is; one row."""

    __tablename__ = "instance"
    id: int = Field(default=1, primary_key=True)
    instance_id: str
    epoch: int = 0
    key_fingerprint: str
    first_period_on: date


class WorkspaceRow(Row, table=True):
    """One Slack workspace, and whether it is held."""

    __tablename__ = "workspaces"
    workspace_id: str = Field(primary_key=True)
    name: str = ""
    hold_reason: str = ""
    held_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    synced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ticked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


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


class ForgottenRow(Row, table=True):
    """A keyed tombstone: somebody asked to be forgotten, and stays so."""

    __tablename__ = "forgotten"
    workspace_id: str = Field(primary_key=True)
    person_hash: str = Field(primary_key=True)
    forgotten_at: datetime = Field(sa_type=UtcDateTime)


class CampaignRow(Row, table=True):
    """One running of a playbook, with the text it began with."""

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)
    campaign_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    name: str
    playbook: str
    text: str
    company_text: str
    text_hash: str
    status: str = "live"
    starts_on: date
    published_at: datetime = Field(sa_type=UtcDateTime)
    published_by: str = ""
    version: int = 1


class AudienceRow(Row, table=True):
    """A person a campaign is or was meant for."""

    __tablename__ = "audience"
    campaign_id: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    segment: str = ""
    is_held_out: bool = False
    entered_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StoppedNudgeRow(Row, table=True):
    """A nudge that Slack refused for everybody."""

    __tablename__ = "stopped_nudges"
    campaign_id: int = Field(primary_key=True)
    nudge_key: str = Field(primary_key=True)
    slack_code: str = ""
    stopped_at: datetime = Field(sa_type=UtcDateTime)


class DeliveryRow(Row, table=True):
    """One nudge for one person at one time."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_ready", "workspace_id", "status", "ready_at"),
        Index("ix_deliveries_person", "workspace_id", "person_id", "sent_at"),
        # Wide enough that planning's look at every tick and an admin's look at the books read the index alone.
        Index("ix_deliveries_books", "campaign_id", "nudge_key", "status", "reason", "is_enqueued"),
        Index("ix_deliveries_decided", "campaign_id", "nudge_key", "person_id", "status"),
        Index("ix_deliveries_sent", "workspace_id", "sent_at"),
    )
    delivery_id: str = Field(primary_key=True)
    workspace_id: str
    campaign_id: int  # 0 for a notice
    nudge_key: str  # the notice's key for a notice
    person_id: str
    occurrence: int = 1
    status: str
    reason: str = ""  # SkipReason, or Slack's code for a failure
    is_enqueued: bool = True
    priority: int = 5
    local_due: str = ""
    zone: str = ""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ready_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # due, or later after "not now"
    window_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fresh_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempt: int = 0
    failures: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unknown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    empty_reads: int = 0
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel_id: str = ""
    message_ts: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class NoticeRow(Row, table=True):
    """A message to an owner or admin: which text, and its values."""

    __tablename__ = "notices"
    workspace_id: str = Field(primary_key=True)
    notice_key: str = Field(primary_key=True)
    text_key: str
    values: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)


class ResponseRow(Row, table=True):
    """What a person did with a delivery; each kind once."""

    __tablename__ = "responses"
    delivery_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    workspace_id: str = Field(index=True)
    campaign_id: int = Field(index=True)
    nudge_key: str
    person_id: str = Field(index=True)
    value: str = ""
    is_right: bool | None = None
    responded_at: datetime = Field(sa_type=UtcDateTime)


class ReplyRow(Row, table=True):
    """Words a person typed; deleted after thirty days."""

    __tablename__ = "replies"
    reply_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    person_hash: str = Field(index=True)
    source: str  # dm | form
    text: str
    received_at: datetime = Field(sa_type=UtcDateTime)


class PastCountRow(Row, table=True):
    """What was counted before the rows behind it were deleted; nobody is in it."""

    __tablename__ = "past_counts"
    campaign_id: int = Field(primary_key=True)
    nudge_key: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # delivery | a ResponseKind | reached | answered | audience
    value: str = Field(default="", primary_key=True)  # a delivery's status, or what was answered
    reason: str = Field(default="", primary_key=True)  # why it was skipped, or `right` and `wrong`
    is_enqueued: bool = Field(default=True, primary_key=True)
    count: int = 0
    people: int = 0


class SeenEventRow(Row, table=True):
    """An event Slack told us; kept 25 hours so that a repeat counts for nothing."""

    __tablename__ = "seen_events"
    workspace_id: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class BarrierReportRow(Row, table=True):
    """A person's own word, under a keyed hash, that something is in the way."""

    __tablename__ = "barrier_reports"
    workspace_id: str = Field(primary_key=True)
    person_hash: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    playbook: str = Field(default="", primary_key=True)


class MembershipRow(Row, table=True):
    """Where a person stood when a period began, under the same hash."""

    __tablename__ = "memberships"
    workspace_id: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    person_hash: str = Field(primary_key=True)
    team: str = ""
    department: str = ""
    place: str = ""


class PeriodRow(Row, table=True):
    """A four-week period that was closed and decided, once."""

    __tablename__ = "periods"
    workspace_id: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    closed_at: datetime = Field(sa_type=UtcDateTime)


class FlagRow(Row, table=True):
    """A decision about a group that needs an owner."""

    __tablename__ = "flags"
    flag_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(index=True)
    scope_type: str
    scope_id: str
    kind: str
    grade: str
    band: str
    state: str = "open"
    owner_id: str = ""
    remedies: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    period: int
    opened_at: datetime = Field(sa_type=UtcDateTime)


class AuditRow(Row, table=True):
    """Who looked at or changed what; only ever added to."""

    __tablename__ = "audit"
    audit_id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    action: str
    subject: str = ""
