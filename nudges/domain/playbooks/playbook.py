"""Content and rules as frozen types: this module is what a playbook's YAML becomes once it is checked."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field

from nudges.domain.playbooks.content_kinds import Challenge, Exclusive, HowTo, Leader, Poll, PollOption, Video, Workshop
from nudges.domain.playbooks.fields import (
    Amount,
    Format,
    Language,
    Line,
    Name,
    OwnerOrId,
    PersonId,
    Reference,
    RuleCode,
    Saying,
    Win,
)
from nudges.domain.playbooks.nudge_kinds import Nudge, Story, StoryAuthor, Tip
from nudges.domain.playbooks.nudge_parts import (
    DEFAULT_WINDOW,
    AfterNudge,
    AroundSession,
    ChoiceWords,
    FixedDay,
    Held,
    Image,
    NudgeBase,
    NudgeWords,
    Part,
    QuestionWords,
    Stage,
    TryIt,
    When,
)
from nudges.domain.playbooks.quizzes import MOST_RETURNS, Choice, Pick, Quiz, Scene, Wording
from nudges.domain.playbooks.sequels import SEQUELS, after_workshop, sequels_of

# A file's pieces are imported from here, wherever they are written down.
__all__ = [
    "DEFAULT_WINDOW",
    "AfterNudge",
    "AroundSession",
    "AudienceRule",
    "BarrierKind",
    "Baseline",
    "Challenge",
    "Choice",
    "ChoiceWords",
    "Exclusive",
    "FixedDay",
    "Goal",
    "Held",
    "HowTo",
    "Image",
    "Leader",
    "Newcomers",
    "Nudge",
    "NudgeBase",
    "NudgeWords",
    "OtherWin",
    "Part",
    "PersonalWin",
    "Pick",
    "Pilot",
    "Playbook",
    "Poll",
    "PollOption",
    "QuestionWords",
    "Quiz",
    "Remedy",
    "Scene",
    "Sponsor",
    "Stage",
    "StopRules",
    "Story",
    "StoryAuthor",
    "Tip",
    "TryIt",
    "Video",
    "When",
    "Widening",
    "WinKind",
    "Wording",
    "Workshop",
]


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


class OtherWin(Part):
    """The same gain in other words, or another side of it."""

    text: Win
    translations: Mapping[Language, Win] = Field(default_factory=dict)


class PersonalWin(Part):
    """What a segment gains; it opens each message, in these words and in the others by turns."""

    kind: WinKind
    text: Win
    also: tuple[OtherWin, ...] = Field(default=(), max_length=9)
    translations: Mapping[Language, Win] = Field(default_factory=dict)

    def worded(self, place: int) -> "PersonalWin | OtherWin":
        """Return the words for the nudge at this place, so that no two messages in a row open alike."""
        wordings: tuple[PersonalWin | OtherWin, ...] = (self, *self.also)
        return wordings[place % len(wordings)]


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


class Newcomers(StrEnum):
    """What somebody gets who joins the audience while the campaign runs."""

    FROM_START = "from_start"
    FROM_NOW = "from_now"
    SKIP = "skip"


class Playbook(Part):
    """One YAML file: content and rules for one tool."""

    playbook: Name
    title: Line
    titles: Mapping[Language, Line] = Field(default_factory=dict)  # the title in other languages
    tool: Line
    owner: PersonId
    goal: Goal | None = None
    sponsor: Sponsor | None = None
    baseline: Baseline | None = None
    language: Language = "en"  # the language of every text that is not under `translations`
    languages: tuple[Language, ...] = ()  # those the author promises; a missing translation is a finding
    audience: AudienceRule
    newcomers: Newcomers = Newcomers.FROM_NOW
    topics: tuple[Name, ...] = Field(default=(), max_length=5)  # what readers may switch off
    personal_wins: Mapping[Reference, PersonalWin] = Field(default_factory=dict)
    nudges: tuple[Nudge, ...] = Field(min_length=1)
    remedies: Mapping[BarrierKind, tuple[Remedy, ...]] = Field(default_factory=dict)
    starts_on: date | None = None
    ends_on: date | None = None
    holdout: float = Field(default=0.0, ge=0, le=0.5)
    returns: int | None = Field(default=None, ge=0, le=MOST_RETURNS)  # how often its questions come back at most
    waive: Mapping[RuleCode, Saying] = Field(default_factory=dict)
    format: Format = 1  # a file that does not say is in the first

    def with_sequels(self) -> "Playbook":
        """Return the playbook with what follows by itself from its workshops and challenges; again, it is the same."""
        written = [nudge for nudge in self.nudges if not isinstance(nudge, SEQUELS)]
        held = {nudge.key: nudge.held for nudge in written if isinstance(nudge, Workshop)}
        told = [after_workshop(nudge, held) for nudge in written]
        whole = tuple(one for nudge in told for one in (nudge, *sequels_of(nudge)))
        is_same = len(whole) == len(self.nudges) and all(new is old for new, old in zip(told, written, strict=True))
        return self if is_same else self.model_copy(update={"nudges": whole})

    def topics_of(self, nudge: NudgeBase) -> tuple[str, ...]:
        """Return what a nudge is about: its own topics, else the playbook's."""
        return nudge.topics or self.topics

    def place_of(self, key: str) -> int:
        """Return where the nudge with this key stands; the first place for what is not there any more."""
        return next((place for place, nudge in enumerate(self.nudges) if nudge.key == key), 0)

    def nudge(self, key: str) -> Nudge | None:
        """Return the nudge with this key, or None."""
        return next((nudge for nudge in self.nudges if nudge.key == key), None)
