"""What all nudges are made of: this module is the pieces that every kind of nudge shares."""

from collections.abc import Mapping
from datetime import time, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from nudges.domain.fields import (
    ChoiceText,
    Label,
    Language,
    Line,
    Link,
    Name,
    Prose,
    Reference,
    Reply,
    RuleCode,
    Saying,
)
from nudges.domain.hours import Weekday

DEFAULT_WINDOW = timedelta(hours=2)


class Part(BaseModel):
    """A piece of a file people write: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Stage(StrEnum):
    """Sell (why), show (how it looks), ask (only then)."""

    SELL = "sell"
    SHOW = "show"
    ASK = "ask"


class FixedDay(Part):
    """`{week: 1, day: tue, at: "10:00"}`: a day counted from the campaign's start."""

    week: int = Field(ge=1, le=104)
    day: Weekday
    at: time
    window: timedelta = DEFAULT_WINDOW
    valid_for: timedelta | None = None


class AfterNudge(Part):
    """`{after: x, days: 7}`: calendar days after another was sent, at `at` or else at that sending's local time."""

    after: Reference
    days: int = Field(ge=0, le=366)
    at: time | None = None
    window: timedelta = DEFAULT_WINDOW
    valid_for: timedelta | None = None


When = FixedDay | AfterNudge


class TryIt(Part):
    """A button that leads to the place where the tip can be tried: a channel's name or an https link."""

    label: Label
    channel: Reference | None = None
    link: Link | None = None


class Image(Part):
    """A picture shown under the text, with the words that a screen reader speaks for it."""

    link: Link
    alt: Line | None = None


class ChoiceWords(Part):
    """One choice of a quiz in another language."""

    text: ChoiceText
    reply: Reply


class NudgeWords(Part):
    """A nudge's words in another language; what is left out is shown in the playbook's own language."""

    text: Prose | None = None
    question: Prose | None = None
    choices: Mapping[Name, ChoiceWords] = Field(default_factory=dict)
    label: Label | None = None  # of the try_it button
    fallback: Line | None = None
    alt: Line | None = None


class NudgeBase(Part):
    """What all nudges share."""

    key: Name
    when: When
    stage: Stage | None = None
    try_it: TryIt | None = None
    priority: int = Field(default=5, ge=1, le=9)
    fallback: Line | None = None  # what a notification shows and a screen reader speaks; by default the text's start
    image: Image | None = None
    translations: Mapping[Language, NudgeWords] = Field(default_factory=dict)
    waive: Mapping[RuleCode, Saying] = Field(default_factory=dict)
