"""What people see before they agree: this module is the read models of approvals, pilots, corrections and recalls."""

from dataclasses import dataclass
from datetime import date, datetime

from nudges.domain.measuring.disclosure import band


@dataclass(frozen=True)
class PilotView:
    """How a pilot stands; every figure is a band, and empty where too few people are behind it."""

    segment: str
    people: int
    verdict: str  # ready | halted | a Lack
    rule: str = ""  # the stop rule, when it is halted
    reached: str = ""
    answered: str = ""
    useful: str = ""
    answers_wanted: int = 0
    useful_wanted: float = 0.0


@dataclass(frozen=True)
class ApprovalView:
    """One question to a second person, with the plan of exactly the content it is about."""

    approval_id: int
    content_hash: str
    campaign: str
    title: str
    kind: str  # publish | update | widen
    reason: str  # company | growth | pilot
    asked_by: str
    asked_at: datetime
    zone: str
    starts_on: date  # the first day of those who would begin
    is_moved: bool  # the day asked for is past, so it is a later one
    audience: int
    reached: int  # of them, who would begin then
    added: int  # of them, who are new
    segments: tuple[tuple[str, str, int], ...]  # name, rule in words, people
    nudges: tuple[tuple[str, str, str], ...]  # key, kind, when in words
    pilot: PilotView | None = None
    is_edited_since: bool = False  # the file has changed since; that change is not part of this
    private_k: int = 0  # above 0: the audience hangs on what people did, so figures are shown as bands of this k

    def figure(self, count: int) -> str:
        """Return a count as it may be shown."""
        return str(count) if not self.private_k else band(count, self.private_k) or f"<{self.private_k}"


@dataclass(frozen=True)
class ChangeView:
    """What correcting or recalling a nudge would do."""

    campaign: str
    nudge_key: str  # empty: every nudge
    version: int
    messages: int  # to be updated, or deleted; how many of them were answered is not told
    waiting: int = 0  # not sent yet: skipped
    before: str = ""  # the words that stand there
    after: str = ""  # the words they would be given


@dataclass(frozen=True)
class ChangeOrdered:
    """An order that the running app works through."""

    work_id: int
    campaign: str
    nudge_key: str
    messages: int
    skipped: int = 0
