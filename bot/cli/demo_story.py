"""What a kill has done, in plain words: this module is the sentences that the demo's page and terminal show."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from nudges.domain.delivery.doubts import NO_DOUBTS, Doubts


@dataclass(frozen=True)
class Kill:
    """One kill: of what, when, and when it went on; both instants are the sandbox's."""

    what: str  # "demo" or "app"
    at: datetime
    back_at: datetime


@dataclass(frozen=True)
class Truth:
    """What Slack holds against what the books say, by delivery."""

    posted: int = 0
    doubled: int = 0
    missing: int = 0  # called sent, and not there


@dataclass(frozen=True)
class Findings:
    """What is known so far: by the app, once it is back, and by a count at Slack."""

    is_back: bool = False
    doubts: Doubts = NO_DOUBTS
    truth: Truth = field(default_factory=Truth)

    @property
    def is_settled(self) -> bool:
        """Return whether nothing about this kill can change any more."""
        return self.is_back and not self.doubts.unsettled and not self.doubts.waiting


def story(kill: Kill, found: Findings, zone: tzinfo, city: str) -> str:
    """Return one paragraph for the page's notice: what happened, what was unknown, how it was settled."""
    went_on = "went on" if kill.what == "demo" else "was started again"
    when = f"The {kill.what} was killed at {_time(kill.at, kill, zone)} and {went_on} at"
    opening = f"{when} {_time(kill.back_at, kill, zone)} ({city} time)."
    if not found.is_back:
        return f"{opening} Nudger is coming back and looks up what nobody can know yet."
    # More is sent while the story stands on the page: once it is settled, its count is that of a past moment.
    held = "By then Slack held" if found.is_settled else "Slack holds"
    counted = f"{held} {_truth(found.truth)} As the admin, type /nudge health to ask Nudger."
    return f"{opening} {_doubts(found.doubts)}\n{counted}"


def _time(at: datetime, kill: Kill, zone: tzinfo) -> str:
    is_one_day = kill.at.astimezone(zone).date() == kill.back_at.astimezone(zone).date()
    return f"{at.astimezone(zone):%H:%M:%S}" if is_one_day else f"{at.astimezone(zone):%H:%M:%S on %A, %d %B}"


def _doubts(doubts: Doubts) -> str:
    """Say how many messages were in doubt and what came of each."""
    if not doubts.total:
        return "No message was in doubt."
    ways = {
        "found": ("was found at Slack", "were found at Slack"),
        "again": ("was not there and was sent again", "were not there and were sent again"),
        "waiting": ("is not there and will be sent again", "are not there and will be sent again"),
        "too_late": ("was not there, and its time was over", "were not there, and their time was over"),
        "full": (
            "was not there, and gave way to another message for the same person",
            "were not there, and gave way to other messages for the same people",
        ),
        "given_up": ("was not there and is no longer wanted", "were not there and are no longer wanted"),
        "unsettled": ("is still being looked up", "are still being looked up"),
    }
    told = "; ".join(f"{count} {ways[name][count != 1]}" for name, count in doubts.parts if count)
    is_open = doubts.unsettled or doubts.waiting
    verb = ("is" if is_open else "was") if doubts.total == 1 else ("are" if is_open else "were")
    return f"{_messages(doubts.total)} {verb} in doubt: {told}."


def _truth(truth: Truth) -> str:
    if truth.posted < 2 and not truth.doubled and not truth.missing:
        return f"{'1 message, once' if truth.posted else 'no message'}; none is missing."
    doubled = f"{truth.doubled} of them twice" if truth.doubled else "none of them twice"
    missing = f"{truth.missing} that the books call sent {'is' if truth.missing == 1 else 'are'} missing"
    return f"{_messages(truth.posted)}, {doubled}; {missing if truth.missing else 'none is missing'}."


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count:,} messages"
