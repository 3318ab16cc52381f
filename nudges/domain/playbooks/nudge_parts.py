"""What all nudges are made of: this module is the pieces that every kind of nudge shares."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from nudges.domain.delivery.taps import COMMIT_TAPS
from nudges.domain.playbooks.fields import (
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
    Step,
    Zone,
)
from nudges.domain.times.hours import Weekday

DEFAULT_WINDOW = timedelta(hours=2)
USUAL_LENGTH = timedelta(hours=1)  # of a workshop
MOST_ASKED = 5  # ways in which people ask for a nudge


class Part(BaseModel):
    """A piece of a file people write: frozen, and an unknown key is an error."""

    # What reads a file is built when the first file is read: most processes need few of these types, and no part alone.
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)

    @classmethod
    def fields_by_key(cls) -> Mapping[str, FieldInfo]:
        """Return the fields by the keys that stand for them in a file."""
        return {info.alias or name: info for name, info in cls.model_fields.items()}


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
    """`{after: x, days: 7}`: calendar days after another was sent, at `at` or else at that sending's local time.

    With `if: wrong` only for those who answered so; follow_ups.py says what may stand there.
    """

    model_config = ConfigDict(populate_by_name=True)

    after: Reference
    only_if: Reference | None = Field(default=None, alias="if")  # `if` is a word of Python's own
    days: int = Field(ge=0, le=366)
    at: time | None = None
    window: timedelta = DEFAULT_WINDOW
    valid_for: timedelta | None = None


class Held(Part):
    """When a workshop is: a date, or a day counted from the campaign's start; the time is that of its own zone."""

    on: date | None = None
    week: int | None = Field(default=None, ge=1, le=104)
    day: Weekday | None = None
    at: time
    zone: Zone
    lasts: timedelta = USUAL_LENGTH


class AroundSession(Part):
    """The working day before or after a workshop, for those whom the invitation `after` was sent; no author's word.

    With `only_if` it is for those who came, or for those who did not: what an author writes as `if: came`.
    """

    after: Reference
    session: Held
    is_before: bool
    at: time
    days: int = 1  # from the workshop's day on, of what comes after
    only_if: Reference | None = None
    window: timedelta = DEFAULT_WINDOW
    valid_for: timedelta | None = None  # of what comes before: always until the workshop begins


When = FixedDay | AfterNudge | AroundSession


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


class QuestionWords(Part):
    """A scene or another wording of a quiz in another language."""

    text: Prose | None = None
    question: Prose | None = None
    choices: Mapping[Name, ChoiceWords] = Field(default_factory=dict)


class NudgeWords(Part):
    """A nudge's words in another language; what is left out is shown in the playbook's own language."""

    text: Prose | None = None
    question: Prose | None = None
    choices: Mapping[Name, ChoiceWords] = Field(default_factory=dict)
    scenes: Mapping[Name, QuestionWords] = Field(default_factory=dict)
    because: Reply | None = None
    again: tuple[QuestionWords, ...] = ()  # in the order of the quiz's own
    title: Line | None = None  # of a workshop
    steps: tuple[Step, ...] = Field(default=(), max_length=7)  # of a how-to
    task: Line | None = None  # of a challenge
    options: Mapping[Name, ChoiceText] = Field(default_factory=dict)  # of a poll, by their keys
    label: Label | None = None  # of the try_it button
    commit: Line | None = None
    fallback: Line | None = None
    asked_as: tuple[Line, ...] = Field(default=(), max_length=MOST_ASKED)
    alt: Line | None = None


class NudgeBase(Part):
    """What all nudges share."""

    key: Name
    when: When
    stage: Stage | None = None
    try_it: TryIt | None = None
    priority: int = Field(default=5, ge=1, le=9)
    topics: tuple[Name, ...] = Field(default=(), max_length=5)  # instead of the playbook's
    fallback: Line | None = None  # what a notification shows and a screen reader speaks; by default the text's start
    asked_as: tuple[Line, ...] = Field(default=(), max_length=MOST_ASKED)  # how colleagues ask for it; never shown
    image: Image | None = None
    commit: Line | None = None  # a small thing the reader may say they will do, in their own voice
    commit_days: int = Field(default=7, ge=1, le=28)  # after so many days they are asked once whether it worked out
    translations: Mapping[Language, NudgeWords] = Field(default_factory=dict)
    waive: Mapping[RuleCode, Saying] = Field(default_factory=dict)

    @property
    def taps(self) -> tuple[str, ...]:
        """Return what can be tapped under it besides a quiz's choices and what stands under every nudge."""
        return COMMIT_TAPS if self.commit else ()
