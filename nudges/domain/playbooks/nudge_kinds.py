"""Every kind of nudge: this module is what a tip and a story hold, and `Nudge`, any of the kinds there are."""

from typing import Annotated, Literal

from pydantic import Field

from nudges.domain.playbooks.content_kinds import Challenge, Exclusive, HowTo, Leader, Poll, Workshop
from nudges.domain.playbooks.fields import Line, Prose
from nudges.domain.playbooks.nudge_parts import NudgeBase, Part
from nudges.domain.playbooks.quizzes import Quiz
from nudges.domain.playbooks.sequels import Attendance, FollowUp, Reminder


class StoryAuthor(Part):
    """The colleague who tells the story."""

    name: Line
    team: Line | None = None  # where the team would point at one person, it is left out


class Tip(NudgeBase):
    """A short piece of help with a job to be done."""

    kind: Literal["tip"] = "tip"
    text: Prose


class Story(NudgeBase):
    """A success story of a named colleague."""

    kind: Literal["story"] = "story"
    by: StoryAuthor
    text: Prose


# What an author writes comes first; the last three follow from a workshop or a challenge by themselves.
Nudge = Annotated[
    Tip | Story | Quiz | HowTo | Workshop | Challenge | Exclusive | Poll | Leader | Reminder | Attendance | FollowUp,
    Field(discriminator="kind"),
]
