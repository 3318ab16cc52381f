"""A colleague's own story: this module is what was told, how far it may go, and where it stands on its way."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from nudges.domain.stories.peers import Job

LONGEST_STORY = 700
MOST_WAITING = 5  # stories of one person that comms has not decided upon
DAYS_TO_WAIT = timedelta(days=60)  # undecided for so long, a story is erased
DAYS_FOR_THE_AUTHOR = timedelta(days=365)  # one that is for its author alone
DAYS_AFTER_NO = timedelta(days=30)
DAYS_AFTER_SHARING = timedelta(days=180)
CREDIT_AFTER = timedelta(days=7)


class Consent(StrEnum):
    """How far a story may go; the author's word, and theirs to change."""

    INSIDE = "inside"  # colleagues, with the name
    OUTSIDE = "outside"  # beyond the company too
    ANONYMOUS = "anonymous"  # colleagues, without the name
    PRIVATE = "private"  # for its author alone

    @property
    def is_named(self) -> bool:
        """Whether it may be known whose story it is."""
        return self in (Consent.INSIDE, Consent.OUTSIDE)


class StoryState(StrEnum):
    """Where a story stands."""

    KEPT = "kept"  # for its author alone
    WAITING = "waiting"  # for comms
    ASKED = "asked"  # comms changed the words: nobody else sees them before the author says yes
    OWN_WORDS = "own_words"  # the author said no to the changed words; waits for comms again
    SHARED = "shared"
    DECLINED = "declined"


UNDECIDED = (StoryState.WAITING, StoryState.OWN_WORDS, StoryState.ASKED)


class DeclineReason(StrEnum):
    """Why comms does not share a story; each has a kind sentence in the texts."""

    NOT_NOW = "not_now"
    TOO_CLOSE = "too_close"  # it names a customer, a colleague or something confidential
    TOO_SHORT = "too_short"
    TOLD_BEFORE = "told_before"


@dataclass(frozen=True)
class Told:
    """What the form says: the author's words and how far they may go."""

    words: str
    consent: Consent


@dataclass(frozen=True)
class Story:
    """One story as it is stored; of an anonymous one nothing but a keyed hash leads to its author."""

    story_id: str
    author_hash: str
    words: str
    consent: Consent
    state: StoryState
    told_on: date
    keep_until: date
    author_id: str = ""
    author_name: str = ""
    language: str = ""
    playbook: str = ""  # under which it was told
    edited: str = ""  # comms' version, beside the author's own
    job: Job = field(default_factory=Job)
    decided_by: str = ""
    reason: str = ""
    campaign_id: int | None = None
    shared_on: date | None = None
    credited_on: date | None = None
    revision: int = 1

    @property
    def shown_words(self) -> str:
        """The words that would go out."""
        return self.edited or self.words

    @property
    def digest(self) -> str:
        """What a yes is about: these words and this consent."""
        return hashlib.sha256(f"{self.consent}:{self.shown_words}".encode()).hexdigest()[:16]


def first_state(consent: Consent) -> StoryState:
    """Return where a story stands once it is told or told anew."""
    return StoryState.KEPT if consent is Consent.PRIVATE else StoryState.WAITING


def kept_until(state: StoryState, today: date) -> date:
    """Return the day on which a story that stands like this from today is erased, unless something happens to it."""
    if state is StoryState.KEPT:
        return today + DAYS_FOR_THE_AUTHOR
    if state is StoryState.SHARED:
        return today + DAYS_AFTER_SHARING
    return today + (DAYS_AFTER_NO if state is StoryState.DECLINED else DAYS_TO_WAIT)


def tidy(words: str) -> str:
    """Return what somebody typed without what only hides things, cut to the longest story."""
    kept = "".join(one for one in words.replace("\r\n", "\n") if one == "\n" or one.isprintable())
    return "\n".join(line.strip() for line in kept.strip().splitlines())[:LONGEST_STORY].strip()
