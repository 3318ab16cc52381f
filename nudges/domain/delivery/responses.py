"""What people do with a nudge: this module is the meaning of a click, a form or a typed reply."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ResponseKind(StrEnum):
    """Each kind counts once for a delivery."""

    ANSWER = "answer"
    SCENE = "scene"  # the second answer of a scenario
    FEEDBACK = "feedback"
    TRY_IT = "try_it"
    BARRIER = "barrier"
    STORY = "story"  # told under their name; who told one without it has no row
    TAP = "tap"  # what a workshop, a challenge, a poll or a question afterwards was answered; the first one counts
    REVIEW = "review"  # the answer to a question that came back
    KNOWN = "known"  # "I know this one": it does not come back any more


class Feedback(StrEnum):
    """The two taps under every nudge."""

    USEFUL = "useful"
    NOT_FOR_ME = "not_for_me"


class Confidence(StrEnum):
    """How sure a person was of an answer."""

    GUESS = "guess"
    THINK_SO = "think_so"
    SURE = "sure"


@dataclass(frozen=True)
class Answered:
    """The choice a person made (several joined, see quizzes.py), whether it was right, and how sure they were."""

    choice_key: str
    is_right: bool
    at: datetime
    confidence: str = ""  # "" | guess | think_so | sure


@dataclass(frozen=True)
class DeliveryState:
    """All a person has done with one delivery."""

    answer: Answered | None = None
    scene: Answered | None = None
    feedback: str = ""
    tapped: str = ""
    has_tried: bool = False
    has_reported: bool = False
    is_known: bool = False
    has_told: bool = False
