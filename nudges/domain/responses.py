"""What people do with a nudge: this module is the meaning of a click, a form or a typed reply."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ResponseKind(StrEnum):
    """Each kind counts once for a delivery."""

    ANSWER = "answer"
    FEEDBACK = "feedback"
    TRY_IT = "try_it"
    BARRIER = "barrier"


class Feedback(StrEnum):
    """The two taps under every nudge."""

    USEFUL = "useful"
    NOT_FOR_ME = "not_for_me"


@dataclass(frozen=True)
class Answered:
    """The choice a person made, and whether it was right."""

    choice_key: str
    is_right: bool
    at: datetime


@dataclass(frozen=True)
class DeliveryState:
    """All a person has done with one delivery."""

    answer: Answered | None = None
    feedback: str = ""
    has_tried: bool = False
    has_reported: bool = False
