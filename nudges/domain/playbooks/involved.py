"""What a reader has at stake: this module is the small thing they may promise, and the story they may tell."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nudges.domain.delivery.responses import DeliveryState, Feedback
from nudges.domain.delivery.taps import COMMIT_TAPS, Tap
from nudges.domain.playbooks.markup import render_mrkdwn
from nudges.domain.playbooks.nudge_parts import NudgeBase
from nudges.domain.playbooks.sequels import COMMITMENT

# There is something to try in these, with a button or without.
_CAN_BE_TRIED = ("tip", "howto", "challenge", "exclusive")
_FOLLOW_UP = "followup"


@dataclass(frozen=True)
class Involved:
    """The promise under a nudge and whether it was given; whether a story may be told, and was told by name."""

    commit: str = ""  # safe mrkdwn
    days: int = 0
    has_committed: bool = False
    is_asked: bool = False  # this message is the one question that follows a promise
    may_tell: bool = False
    has_told: bool = False


def involved(nudge: NudgeBase, values: Mapping[str, str]) -> Involved:
    """Return what a nudge offers before anybody has done anything with it."""
    has_promise = nudge.commit is not None and nudge.taps == COMMIT_TAPS
    return Involved(
        commit=render_mrkdwn(nudge.commit or "", values) if has_promise else "",
        days=nudge.commit_days if has_promise else 0,
        is_asked=nudge.key.endswith(f".{COMMITMENT}"),
    )


def involved_after(before: Involved, nudge: NudgeBase, kind: str, state: DeliveryState) -> Involved:
    """Return what it offers after what the person has done: a story is asked for only where it went well."""
    can_be_tried = kind in _CAN_BE_TRIED or nudge.try_it is not None
    went_well = state.tapped == Tap.DONE if kind == _FOLLOW_UP else can_be_tried and state.feedback == Feedback.USEFUL
    return replace(
        before,
        has_committed=bool(before.commit) and state.tapped == Tap.WILL_TRY,
        may_tell=bool(went_well) and not state.has_told,
        has_told=state.has_told,
    )
