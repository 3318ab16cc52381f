"""Every kind of nudge that is no question: this module is what a tip and a story hold, and `Nudge`, any of them."""

from typing import Annotated, Literal

from pydantic import Field

from nudges.domain.fields import Line, Prose
from nudges.domain.nudge_parts import NudgeBase, Part
from nudges.domain.quizzes import Quiz


class StoryAuthor(Part):
    """The colleague who tells the story."""

    name: Line
    team: Line


class Tip(NudgeBase):
    """A short piece of help with a job to be done."""

    kind: Literal["tip"] = "tip"
    text: Prose


class Story(NudgeBase):
    """A success story of a named colleague."""

    kind: Literal["story"] = "story"
    by: StoryAuthor
    text: Prose


Nudge = Annotated[Tip | Story | Quiz, Field(discriminator="kind")]
