"""A delivery and its states: this module is one nudge for one person at one time, and every reason against it."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class DeliveryStatus(StrEnum):
    """Where a delivery stands; `planned` rows are the outbox."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    FAILED = "failed"


WAITING = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY, DeliveryStatus.SENDING)


class SkipReason(StrEnum):
    """Why a person does not get a nudge; each has a sentence in the texts."""

    HOLDOUT = "holdout"
    NOT_SENDABLE = "not_sendable"
    STOPPED = "stopped"
    PAUSED = "paused"
    CAP_DAY = "cap_day"
    CAP_WEEK = "cap_week"
    BACKED_OFF = "backed_off"
    PREREQUISITE = "prerequisite"
    NO_WORKING_DAY = "no_working_day"
    STALE = "stale"
    LEFT_AUDIENCE = "left_audience"
    NOT_PILOT = "not_pilot"
    CAMPAIGN_ENDED = "campaign_ended"
    NUDGE_STOPPED = "nudge_stopped"
    FORGOTTEN = "forgotten"
    JOINED_LATE = "joined_late"
    CATCH_UP = "catch_up"
    RECALLED = "recalled"
    TOPIC_OFF = "topic_off"
    GAVE_WAY = "gave_way"
    LEFT_BEHIND = "left_behind"
    NEWCOMER = "newcomer"
    DO_NOT_DISTURB = "do_not_disturb"
    OTHER_ANSWER = "other_answer"
    NOT_TAKEN_UP = "not_taken_up"
    OWN_STORY = "own_story"


@dataclass(frozen=True)
class Planned:
    """The nudge is to go out: wall time and zone are the truth, the instants follow from them."""

    local_due: str  # "2027-01-12T10:00", wall time in `zone`
    zone: str
    due_at: datetime
    window_ends_at: datetime
    fresh_until: datetime


@dataclass(frozen=True)
class Skipped:
    """The nudge is not to go out, and why."""

    reason: SkipReason


@dataclass(frozen=True)
class Waiting:
    """It cannot be decided yet: the day is far, or what must come first is not settled."""


Decision = Planned | Skipped | Waiting


def delivery_id(
    *, key: bytes, workspace_id: str, campaign_id: int, nudge_key: str, person_id: str, occurrence: int
) -> str:
    """Return the same 32 hexadecimal digits for the same delivery, always; nothing can be read back from them."""
    id_of = delivery_ids(
        key=key, workspace_id=workspace_id, campaign_id=campaign_id, nudge_key=nudge_key, occurrence=occurrence
    )
    return id_of(person_id)


def delivery_ids(
    *, key: bytes, workspace_id: str, campaign_id: int, nudge_key: str, occurrence: int = 1
) -> Callable[[str], str]:
    """Return what gives each person's delivery id for one nudge; what is the same for all is read once."""
    campaign, number = str(campaign_id), str(occurrence)
    # Lengths keep ("ab","c") and ("a","bc") apart.
    begin = f"{len(workspace_id)}:{workspace_id}{len(campaign)}:{campaign}{len(nudge_key)}:{nudge_key}"
    end = f"{len(number)}:{number}"
    keyed = hmac.new(key, begin.encode(), hashlib.sha256)

    def id_of(person_id: str) -> str:
        own = keyed.copy()
        own.update(f"{len(person_id)}:{person_id}{end}".encode())
        return own.hexdigest()[:32]

    return id_of


@dataclass(frozen=True)
class NewDelivery:
    """A decision about one person and nudge, ready to be stored."""

    delivery_id: str
    campaign_id: int
    nudge_key: str
    person_id: str
    decision: Planned | Skipped
    occurrence: int = 1
    priority: int = 5


@dataclass(frozen=True)
class Decided:
    """One decision and whom it is about."""

    decision: Planned | Skipped
    person_ids: Mapping[str, str]  # by delivery id


@dataclass(frozen=True)
class NewDeliveries:
    """Decisions about many people and one nudge, ready to be stored."""

    campaign_id: int
    nudge_key: str
    decided: Sequence[Decided]
    occurrence: int = 1
    priority: int = 5


class Doubt(NamedTuple):
    """A delivery whose outcome nobody knows: at which attempt, and after how many readings that did not find it."""

    delivery_id: str
    attempt: int
    empty_reads: int


@dataclass(frozen=True)
class Delivery:
    """One stored delivery that has a time."""

    delivery_id: str
    campaign_id: int
    nudge_key: str
    person_id: str
    status: DeliveryStatus
    attempt: int
    failures: int
    local_due: str
    zone: str
    due_at: datetime
    window_ends_at: datetime
    fresh_until: datetime
    claimed_at: datetime | None
    sent_at: datetime | None
    empty_reads: int
    channel_id: str
    message_ts: str
    version: int = 0  # of the campaign's text that it was posted with; 0 before
    priority: int = 5
    occurrence: int = 1

    @property
    def is_review(self) -> bool:
        """Whether this is a question that came back."""
        return self.occurrence > FIRST

    @property
    def is_notice(self) -> bool:
        """Whether this is a message to an owner or admin rather than a nudge."""
        return self.campaign_id == NOTICES

    @property
    def doubt(self) -> Doubt:
        """What is not known while this is unknown."""
        return Doubt(self.delivery_id, self.attempt, self.empty_reads)


FIRST = 1  # the occurrence of a nudge that a person has not met; questions that come back are counted on from it
NOTICES = 0  # the campaign id of messages to owners and admins


def person_hash(*, key: bytes, workspace_id: str, person_id: str) -> str:
    """Return the keyed hash under which evidence and typed words are kept."""
    return hmac.new(key, f"person:{workspace_id}:{person_id}".encode(), hashlib.sha256).hexdigest()[:32]
