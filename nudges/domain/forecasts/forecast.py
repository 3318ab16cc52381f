"""What is known before anything is sent, and what is foreseen: this module is a forecast's question and its answer.

Nothing here touches a database: a service reads everybody once into a `World`, and `forecast_engine` lives through it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from nudges.domain.delivery.deliveries import DeliveryStatus, Planned, SkipReason
from nudges.domain.delivery.eligibility import Sending
from nudges.domain.delivery.presence import UNSAID, Presence
from nudges.domain.delivery.staging import Staging
from nudges.domain.delivery.taps import SeatState
from nudges.domain.people.people import Person
from nudges.domain.people.topics import ALL_TOPICS, TopicWish
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.follow_ups import Given
from nudges.domain.playbooks.playbook import FixedDay, Nudge, Playbook


@dataclass(frozen=True)
class Seat:
    """One person's place in a campaign."""

    segment: str
    is_held_out: bool = False
    is_inside: bool = True
    is_pilot: bool = False
    joined_at: datetime | None = None  # None: meant since the campaign was published


@dataclass(frozen=True)
class Run:
    """One campaign that sends, running already or about to be published."""

    campaign_id: int
    name: str
    playbook: Playbook
    staging: Staging
    seats: Mapping[str, Seat]
    over_after: Mapping[str, date]  # by nudge: the last day on which it is still looked at
    begins_now: bool = False  # published at the forecast's first instant
    stopped: Mapping[str, SkipReason] = field(default_factory=dict)  # by nudge: why nobody gets it any more
    newcomers_until: date | None = None  # the last day of joining for a whole course of one's own

    def following(self, nudge_key: str) -> list[Nudge]:
        """Return the nudges that wait for this one."""
        return [
            nudge
            for nudge in self.playbook.nudges
            if not isinstance(nudge.when, FixedDay) and nudge.when.after == nudge_key
        ]


@dataclass(frozen=True)
class Wish:
    """What a person asked of us, and whether we have ever written to them."""

    is_stopped: bool = False
    paused_until: datetime | None = None
    is_introduced: bool = False
    topics: TopicWish = ALL_TOPICS
    is_fewer: bool = False
    back_at: datetime | None = None


@dataclass(frozen=True)
class Stored:
    """A decision that stands in the database already."""

    delivery_id: str
    campaign_id: int
    nudge_key: str
    person_id: str
    status: DeliveryStatus
    decided_at: datetime
    reason: str = ""
    priority: int = 5
    attempt: int = 0
    planned: Planned | None = None
    ready_at: datetime | None = None
    sent_at: datetime | None = None

    given: Mapping[str, Given] = field(default_factory=dict)  # by kind of response


@dataclass(frozen=True)
class SeatTaken:
    """How somebody stands with a workshop before the forecast begins."""

    campaign_id: int
    nudge_key: str
    session: str
    person_id: str
    state: SeatState
    presence: Presence = UNSAID


@dataclass(frozen=True)
class Got:
    """One nudge of any campaign that a person has got before the forecast begins."""

    campaign_id: int
    nudge_key: str
    sending: Sending


@dataclass(frozen=True)
class World:
    """All that a forecast knows; read once."""

    now: datetime
    company: Company
    key: bytes
    workspace_id: str
    people: Mapping[str, Person]
    runs: Sequence[Run]
    wishes: Mapping[str, Wish] = field(default_factory=dict)
    stored: Sequence[Stored] = ()
    got: Mapping[str, Sequence[Got]] = field(default_factory=dict)
    past: Mapping[int, Playbook] = field(
        default_factory=dict
    )  # of campaigns that send no more, but were heard of lately
    seats: Sequence[SeatTaken] = ()  # of workshops, in the order of asking
    posts_per_second: float = 0.0  # 0: as if posting took no time
    lifts: Mapping[str, int] = field(default_factory=dict)  # by playbook, from the votes of today


class Event(StrEnum):
    """What happens to a person in a forecast."""

    PLANNED = "planned"
    PUT_OFF = "put_off"
    SENT = "sent"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    REOPENED = "reopened"
    REACTED = "reacted"


@dataclass(frozen=True)
class Happening:
    """One line of a single person's story; `until` is for what was planned or put off."""

    at: datetime
    event: Event
    campaign_id: int
    nudge_key: str
    reason: str = ""  # why it was put off or skipped, or how the person reacted
    until: datetime | None = None
    because_of: tuple[tuple[int, str], ...] = ()  # campaign and nudge of what took the slot


@dataclass(frozen=True)
class Foreseen:
    """What becomes of one nudge for one person; `planned` status means: not settled when the forecast ends."""

    campaign_id: int
    nudge_key: str
    person_id: str
    status: DeliveryStatus
    reason: SkipReason | str = ""
    planned: Planned | None = None
    sent_at: datetime | None = None
    is_first_ever: bool = False
    was_stored: bool = False  # settled before the forecast began
    because_of: tuple[tuple[int, str], ...] = ()  # what took its slot, when it was put off or lost

    @property
    def is_sent(self) -> bool:
        """Whether the person gets it."""
        return self.status == DeliveryStatus.SENT


@dataclass(frozen=True)
class Outlook:
    """The whole forecast: every decision, and the story of the people who were watched."""

    foreseen: Sequence[Foreseen]
    stories: Mapping[str, Sequence[Happening]] = field(default_factory=dict)
    unused: int = 0  # reactions to nudges that were never sent
    widened: Mapping[int, date] = field(default_factory=dict)  # by campaign: the first day of the rest
    halted: Mapping[int, str] = field(default_factory=dict)  # by campaign: the stop rule that held

    def of(self, campaign_id: int) -> list[Foreseen]:
        """Return what becomes of one campaign's nudges."""
        return [one for one in self.foreseen if one.campaign_id == campaign_id]
