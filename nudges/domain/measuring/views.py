"""What pages and commands show: this module is read models, already counted and already safe to show."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from nudges.domain.barriers.evidence import AskBack
from nudges.domain.delivery.crowding import Crowding
from nudges.domain.delivery.doubts import NO_DOUBTS, Doubts
from nudges.domain.delivery.messages import Message
from nudges.domain.measuring.disclosure import band
from nudges.domain.people.topics import ALL_TOPICS, TopicWish
from nudges.domain.playbooks.company import Brief


class Role(StrEnum):
    """What a person may do; read at each use."""

    EMPLOYEE = "employee"
    AUTHOR = "author"
    APPROVER = "approver"  # an author who may also agree to what others publish
    ADMIN = "admin"


class Verdict(StrEnum):
    """What became of a click."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    NOT_YOURS = "not_yours"
    GONE = "gone"


@dataclass(frozen=True)
class Outcome:
    """What became of a click; and the message in its present state, where that was asked for."""

    verdict: Verdict
    message: Message | None = None
    ask: AskBack | None = None  # what a form's words sound like, where the person is asked


@dataclass(frozen=True)
class ReplyOutcome:
    """Whether a typed reply was new, and the word it was if it was one we act on (`stop`, `help`, else empty).

    `ask` is what it sounds like, where the person is asked back; `sounds_so` says that it sounds like something in the
    way, asked or not.
    """

    is_new: bool
    word: str = ""
    ask: AskBack | None = None
    sounds_so: bool = False


@dataclass(frozen=True)
class Wishes:
    """A person's wishes after a change, with their zone for showing times."""

    is_stopped: bool
    paused_until: datetime | None
    zone: str
    is_fewer: bool = False
    most_a_week: int = 0
    topics: TopicWish = ALL_TOPICS
    own_hours: str = ""  # as the person asked for them; empty: the usual ones
    hours: str = ""  # when we write, which is what those and the working hours leave
    is_outside: bool = False  # some of the hours asked for are not working hours, and count all the same


@dataclass(frozen=True)
class BooksView:
    """Promise 3 in figures for one campaign, counted in deliveries (one nudge for one person)."""

    audience_people: int
    nudges: int
    audience: int
    enqueued: int
    not_enqueued: tuple[tuple[str, int], ...]
    sent: int
    planned: int
    retry: int
    sending: int
    unknown: int
    skipped: tuple[tuple[str, int], ...]
    expired: int
    failed: int
    is_balanced: bool


@dataclass(frozen=True)
class BandedShare:
    """A share in steps of ten points and, as a band, of how many; two looks cannot be subtracted to one person."""

    share: str  # "30-40 %"
    of: str  # "20-49"


@dataclass(frozen=True)
class Shares:
    """What people did; None where fewer than k people are behind a side of it."""

    people_reached: int
    answered: BandedShare | None = None
    quiz_right: BandedShare | None = None
    useful: BandedShare | None = None


@dataclass(frozen=True)
class CampaignView:
    """One campaign as an admin sees it."""

    name: str
    title: str
    status: str
    starts_on: date
    ends_on: date | None
    published_at: datetime
    owner_id: str
    books: BooksView
    shares: Shares
    next_at: datetime | None
    nudge_rows: tuple[tuple[str, str, int, int], ...]  # key, kind, sent, waiting
    stopped_nudges: tuple[tuple[str, str], ...]  # key, Slack's code
    has_edit: bool = False
    returned_to: str = ""  # to how many people its questions came back, as a band; such messages are in no books


@dataclass(frozen=True)
class StatusView:
    """`/nudge status`: everything at a glance."""

    now: datetime
    zone: str
    is_held: bool
    hold_reason: str
    people: int
    sendable: int
    stopped: int | None
    paused: int | None
    campaigns: tuple[CampaignView, ...]
    sent_today: int
    unknown: int
    open_flags: int
    next_at: datetime | None
    faults: tuple[str, ...]  # playbook files that cannot be used now
    doubts: Doubts = NO_DOUBTS  # of the last seven days
    missing: tuple[str, ...] = ()  # parts of which no process was seen lately: web, worker, clock
    crowding: Crowding | None = None  # None: what is due within a day fits into its windows


@dataclass(frozen=True)
class SegmentView:
    """Who is in a segment: how many, by place, and up to twenty names for an author's check."""

    name: str
    rule: str
    count: int
    by_place: tuple[tuple[str, int], ...]
    sample: tuple[str, ...]
    nearest: str = ""  # offered when the name is not known
    is_known: bool = True
    is_guarded: bool = False  # the rule asks what people did: no names and places, and a band instead of the count
    band: str = ""  # where it is guarded; empty for fewer than may be shown
    brief: Brief | None = None
    notes: tuple[str, ...] = ()  # what makes the rule find fewer people than its author may expect


@dataclass(frozen=True)
class HealthView:
    """Is it running well."""

    now: datetime
    zone: str
    is_held: bool
    hold_reason: str
    last_tick_at: datetime | None
    waiting_due: int
    oldest_due_at: datetime | None
    unknown: int
    failed_today: int
    last_sync_at: datetime | None
    people: int
    database: str
    version: str
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()  # groups that Slack does not show
    doubts: Doubts = NO_DOUBTS  # of the last seven days
    missing: tuple[str, ...] = ()  # parts of which no process was seen lately: web, worker, clock


@dataclass(frozen=True)
class Draft:
    """What publishing would do, before anything is stored."""

    playbook: str
    title: str
    name: str
    starts_on: date
    ends_on: date
    audience: int
    not_sendable: int
    without_zone: int
    held_out: int
    segments: tuple[tuple[str, str, int], ...]  # name, rule in words, people
    nudges: tuple[tuple[str, str, str, int], ...]  # key, kind, when in words, people
    warnings: tuple[str, ...]
    minutes_at_pace: int
    private_k: int = 0  # above 0: the audience hangs on what people did, so figures are shown as bands of this k

    def figure(self, count: int) -> str:
        """Return a number of people as it may be shown."""
        return str(count) if not self.private_k else band(count, self.private_k) or f"<{self.private_k}"
