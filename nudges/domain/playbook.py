"""Content and rules as frozen types: this module is what a playbook's YAML becomes once it is checked."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from nudges.domain.fields import (
    Amount,
    ChoiceText,
    Format,
    Label,
    Language,
    Line,
    Link,
    Name,
    OwnerOrId,
    PersonId,
    Prose,
    Reference,
    Reply,
    RuleCode,
    Saying,
    Win,
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


class WinKind(StrEnum):
    """What the reader gains."""

    EASIER_DAY = "easier_day"
    MARKETABLE_SKILL = "marketable_skill"
    CONTACT = "contact"


class BarrierKind(StrEnum):
    """What may stand in the way; the words are fixed."""

    MANAGER_DISCOURAGES = "manager_discourages"
    NOT_COMFORTABLE_SHARING = "not_comfortable_sharing"
    NO_TIME = "no_time"
    NO_PERSONAL_VALUE = "no_personal_value"
    LACKS_SKILL = "lacks_skill"
    ACCESS_OR_IT_PROBLEM = "access_or_it_problem"
    TOOL_FATIGUE = "tool_fatigue"
    POLICY_WORRY = "policy_worry"
    COLLEAGUES_ABSENT = "colleagues_absent"
    LANGUAGE_OR_ACCESSIBILITY = "language_or_accessibility"


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


class StoryAuthor(Part):
    """The colleague who tells the story."""

    name: Line
    team: Line


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


class Choice(Part):
    """One answer of a quiz and what the person reads after choosing it."""

    key: Name
    text: ChoiceText
    reply: Reply
    right: bool = False


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


class Tip(NudgeBase):
    """A short piece of help with a job to be done."""

    kind: Literal["tip"] = "tip"
    text: Prose


class Story(NudgeBase):
    """A success story of a named colleague."""

    kind: Literal["story"] = "story"
    by: StoryAuthor
    text: Prose


class Quiz(NudgeBase):
    """A question with two to five choices, each with its own reply."""

    kind: Literal["quiz"] = "quiz"
    question: Prose
    text: Prose = ""
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=5)

    def choice(self, key: str) -> Choice | None:
        """Return the choice with this key, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)

    def grade(self, key: str) -> bool | None:
        """Return whether the answer is right, or None for a key that is not a choice."""
        choice = self.choice(key)
        return None if choice is None else choice.right


Nudge = Annotated[Tip | Story | Quiz, Field(discriminator="kind")]


class Goal(Part):
    """What the company wants from this playbook, and who in IT stands by it."""

    business: Line
    kpi: Line
    it_partner: Line


class Sponsor(Part):
    """A leader who is seen to be on board."""

    name: Line
    role: Line
    says: Saying


class Widening(StrEnum):
    """Who lets a pilot that went well reach the rest."""

    APPROVAL = "approval"
    AUTOMATIC = "automatic"


class StopRules(Part):
    """What stops a pilot: shares of those who answered (`not_for_me`) or were reached, or a count of reports."""

    not_for_me: float | None = Field(default=None, ge=0, le=1)
    stops: float | None = Field(default=None, ge=0, le=1)
    barrier_reports: int | None = Field(default=None, ge=1)
    errors: float | None = Field(default=None, ge=0, le=1)


class Pilot(Part):
    """A few people first: widen after enough answers with enough of them useful (a share from 0 to 1)."""

    segment: Reference
    answers: int = Field(ge=1)
    useful: float = Field(ge=0, le=1)
    stop_when: StopRules = StopRules()
    then: Widening = Widening.APPROVAL


class AudienceRule(Part):
    """The union of these segments; the pilot lies inside."""

    segments: tuple[Reference, ...] = Field(min_length=1)
    pilot: Pilot | None = None


class PersonalWin(Part):
    """What a segment gains; it opens each message."""

    kind: WinKind
    text: Win
    translations: Mapping[Language, Win] = Field(default_factory=dict)


class Remedy(Part):
    """What to do about a barrier, by whom (`owner` or a Slack user id), within how long."""

    do: Saying
    by: OwnerOrId = "owner"
    within: timedelta = timedelta(days=14)


class Baseline(Part):
    """How things stood before: shares from 0 to 1, posts a person and week, people reached by a post on average.

    Posts and reach may be left out: not every tool has them, and a made-up figure is worse than none.
    """

    measured_on: date
    active_share: float = Field(ge=0, le=1)
    organic_posts_per_person_week: Amount | None = Field(default=None, ge=0)
    average_reach: Amount | None = Field(default=None, ge=0)
    source: Line


class Playbook(Part):
    """One YAML file: content and rules for one tool."""

    playbook: Name
    title: Line
    tool: Line
    owner: PersonId
    goal: Goal | None = None
    sponsor: Sponsor | None = None
    baseline: Baseline | None = None
    language: Language = "en"  # the language of every text that is not under `translations`
    languages: tuple[Language, ...] = ()  # those the author promises; a missing translation is a finding
    audience: AudienceRule
    personal_wins: Mapping[Reference, PersonalWin] = Field(default_factory=dict)
    nudges: tuple[Nudge, ...] = Field(min_length=1)
    remedies: Mapping[BarrierKind, tuple[Remedy, ...]] = Field(default_factory=dict)
    starts_on: date | None = None
    ends_on: date | None = None
    holdout: float = Field(default=0.0, ge=0, le=0.5)
    waive: Mapping[RuleCode, Saying] = Field(default_factory=dict)
    format: Format = 1  # a file that does not say is in the first

    def nudge(self, key: str) -> "Tip | Story | Quiz | None":
        """Return the nudge with this key, or None."""
        return next((nudge for nudge in self.nudges if nudge.key == key), None)
