"""More than tips, stories and quizzes: this module is how-tos, workshops, challenges, exclusives, polls and leaders.

What follows by itself from some of them (a reminder, a question afterwards) is in sequels.py.
"""

from typing import Literal

from pydantic import Field

from nudges.domain.delivery.taps import CHALLENGE_TAPS, WORKSHOP_TAPS
from nudges.domain.playbooks.fields import ChoiceText, Line, Link, Name, Prose, Step
from nudges.domain.playbooks.nudge_parts import Held, NudgeBase, Part, TryIt

SEATS_MAX = 1_000
STEPS_MAX = 7
DAYS_TO_TRY = 7


class Video(Part):
    """A short film behind a link; its picture, with words, is the nudge's `image`."""

    link: Link
    minutes: int | None = Field(default=None, ge=1, le=60)


class HowTo(NudgeBase):
    """How something is done: a few short steps, a video, or both."""

    kind: Literal["howto"] = "howto"
    text: Prose = ""
    steps: tuple[Step, ...] = Field(default=(), max_length=STEPS_MAX)
    video: Video | None = None


class Workshop(NudgeBase):
    """An invitation to come together, with so many seats, at a place or behind a link."""

    kind: Literal["workshop"] = "workshop"
    title: Line
    text: Prose
    held: Held
    place: Line | None = None
    join: Link | None = None
    seats: int = Field(ge=1, le=SEATS_MAX)

    @property
    def taps(self) -> tuple[str, ...]:
        """Return what can be tapped."""
        return WORKSHOP_TAPS


class Challenge(NudgeBase):
    """Something small to try on one's own work; who says yes is asked once, days later, how it went."""

    kind: Literal["challenge"] = "challenge"
    text: Prose
    task: Line
    days: int = Field(default=DAYS_TO_TRY, ge=1, le=DAYS_TO_TRY)

    @property
    def taps(self) -> tuple[str, ...]:
        """Return what can be tapped."""
        return CHALLENGE_TAPS


class Exclusive(NudgeBase):
    """A pointer to something that is found in the new tool and nowhere else."""

    kind: Literal["exclusive"] = "exclusive"
    text: Prose
    try_it: TryIt


class PollOption(Part):
    """One thing to vote for."""

    key: Name
    text: ChoiceText


class Poll(NudgeBase):
    """A question without a right answer: two to five things to vote for with one tap."""

    kind: Literal["poll"] = "poll"
    question: Prose
    text: Prose = ""
    options: tuple[PollOption, ...] = Field(min_length=2, max_length=5)

    @property
    def taps(self) -> tuple[str, ...]:
        """Return what can be tapped."""
        return tuple(option.key for option in self.options)


class Leader(NudgeBase):
    """A word from the playbook's sponsor, in their own words."""

    kind: Literal["leader"] = "leader"
    text: Prose
