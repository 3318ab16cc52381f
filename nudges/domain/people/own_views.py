"""What one person may see of themselves: this module is the read models of Home, of "why me?" and of what is stored."""

from dataclasses import dataclass
from datetime import datetime

from nudges.domain.measuring.views import Role, Wishes


@dataclass(frozen=True)
class NudgeLine:
    """One nudge in a person's own history."""

    title: str
    kind: str
    summary: str
    sent_at: datetime
    answer: str = ""
    was_right: bool | None = None
    feedback: str = ""


@dataclass(frozen=True)
class NextNudge:
    """What is planned next: of which playbook, and of which kind; what it says is not told before."""

    title: str
    kind: str


@dataclass(frozen=True)
class SavedLine:
    """One nudge that a person has kept for later."""

    campaign_id: int
    nudge_key: str
    title: str
    kind: str
    summary: str
    saved_at: datetime


@dataclass(frozen=True)
class Candidate:
    """A playbook that somebody may vote for; `is_new` says that nothing of it has reached them."""

    playbook: str
    title: str
    is_new: bool = True


@dataclass(frozen=True)
class BallotView:
    """One person's vote: what stands to choice, what they chose, and how many want the same, as a band."""

    candidates: tuple[Candidate, ...] = ()
    chosen: str = ""  # a candidate's playbook, or that of one that is no candidate any more
    chosen_title: str = ""
    band: str = ""  # empty where it may not be told, or not yet
    is_leading: bool = False  # nothing else is wanted by more
    k: int = 5


@dataclass(frozen=True)
class Topic:
    """What a person has met of one topic in questions; seen by nobody else."""

    title: str
    met: int
    known: int
    coming_back: int = 0
    next_at: datetime | None = None  # from when the next of them may come back


@dataclass(frozen=True)
class HomeView:
    """A person's Home: what came, what is next, what they chose."""

    first_name: str
    zone: str
    wishes: Wishes
    sent: tuple[NudgeLine, ...]
    sent_count: int
    next_at: datetime | None
    role: Role
    now: datetime | None = None
    next_nudge: NextNudge | None = None
    topics: tuple[Topic, ...] = ()
    saved: tuple[SavedLine, ...] = ()
    ballot: BallotView = BallotView()
    stored: tuple[tuple[str, int], ...] = ()  # part of `my_data`, and how many records it has


@dataclass(frozen=True)
class WhyLine:
    """Why a nudge came: the campaign, the rule in words, and whether the person is in a comparison group."""

    playbook_title: str
    campaign: str
    segment: str
    rule: str
    owner_id: str
    is_held_out: bool
    last_sent_at: datetime | None
    next_at: datetime | None
    last_skip: str = ""


@dataclass(frozen=True)
class WhyView:
    """Why this person gets (or does not get) nudges."""

    wishes: Wishes
    lines: tuple[WhyLine, ...]
    working_hours: str
    zone: str


@dataclass(frozen=True)
class WhyNudge:
    """Why one nudge came to one person: the rule, who decided it, when, and how it is compared."""

    title: str
    kind: str
    campaign: str
    owner_id: str
    segment: str  # that of the day they were taken in; empty when nobody knows any more
    rule: str  # empty when it was rewritten since
    is_still_in: bool  # or was, when the campaign took them in
    planned_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    zone: str
    spared_share: float = 0.0  # of whole teams, by lot; 0: nobody is spared
    follows: str = ""  # the nudge of the person's that it follows
    k: int = 5
