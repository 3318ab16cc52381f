"""Stories as they are shown: this module is what an author sees of their own, and comms of those that wait."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nudges.domain.stories.stories import Consent, Story, StoryState


class Telling(StrEnum):
    """What became of a story that was sent in."""

    TOLD = "told"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"
    OWN_WORDS = "own_words"
    UNCHANGED = "unchanged"
    TOO_MANY = "too_many"
    EMPTY = "empty"
    GONE = "gone"


class Decided(StrEnum):
    """What became of comms' decision."""

    SHARED = "shared"
    ASKED = "asked"  # the words were changed: the author looks first
    ASKED_NOBODY = "asked_nobody"  # and cannot be written to, having left no name
    DECLINED = "declined"


@dataclass(frozen=True)
class OwnStory:
    """A story as its author sees it."""

    story_id: str
    words: str
    edited: str
    consent: Consent
    state: StoryState
    told_on: date
    keep_until: date
    digest: str
    reason: str = ""
    reached: str = ""  # a band; empty while nobody or too few got it


@dataclass(frozen=True)
class WaitingStory:
    """A story as comms sees it: of one without a name nothing that leads to its author."""

    story_id: str
    revision: int
    words: str
    edited: str
    consent: Consent
    state: StoryState
    told_on: date
    author_id: str
    place: str  # the team or department, where it may be told
    playbook: str
    is_own: bool = False


@dataclass(frozen=True)
class StoryDecision:
    """What comms' decision came to; a shared story names its campaign and first day."""

    decided: Decided
    campaign: str = ""
    starts_on: date | None = None


def own_story(story: Story, reached: str) -> OwnStory:
    """Return a story as its author sees it."""
    return OwnStory(
        story.story_id,
        story.words,
        story.edited,
        story.consent,
        story.state,
        story.told_on,
        story.keep_until,
        story.digest,
        story.reason,
        reached,
    )


def waiting_story(story: Story, *, is_own: bool) -> WaitingStory:
    """Return a story as comms sees it."""
    return WaitingStory(
        story.story_id,
        story.revision,
        story.words,
        story.edited,
        story.consent,
        story.state,
        story.told_on,
        story.author_id,
        story.job.team or story.job.department,
        story.playbook,
        is_own,
    )
