"""Whose turn it is: this module asks, of what may go now by itself, whether another nudge has the better claim."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from nudges.domain.delivery.absence import came_back
from nudges.domain.delivery.deliveries import Planned, Skipped, SkipReason
from nudges.domain.delivery.eligibility import (
    Go,
    NotNow,
    Sending,
    Standing,
    Verdict,
    caps_for,
    has_been_silent,
    usual_gap,
)
from nudges.domain.delivery.sharing import Claim, Had, Room, Shares, best_missed, is_contested, turn_of
from nudges.domain.playbooks.company import Caps
from nudges.domain.times.workdays import WorkCalendar

FIRST = 1  # the most urgent priority


@dataclass(frozen=True)
class Told:
    """What only a campaign's own text tells of one of its nudges."""

    kind: str = ""
    since: date | None = None
    lift: int = 0  # by so many steps of priority it goes first, because people voted for it


Tell = Callable[[int, str], Told]  # of a campaign and a nudge; asked only where it decides


@dataclass(frozen=True)
class Contest:
    """One nudge that may be posted, and the others that wait for the same person."""

    mine: Claim
    others: Sequence[Claim]
    tell: Tell
    shares: Shares


def missed_verdict(contest: Contest, standing: Standing, now: datetime) -> Skipped | None:
    """Return that the nudge is left behind: of what was due while the person was away only the best is sent."""
    back_at = came_back(standing.paused_until, standing.back_at, now)
    if back_at is None or contest.mine.window_ends_at > back_at:
        return None
    missed = [one for one in contest.others if one.window_ends_at <= back_at and one.fresh_until > now]
    is_done = any(one.is_catch_up and one.sent_at >= back_at for one in standing.sendings)
    if is_done or (missed and not _is_best(contest, missed, standing)):
        return Skipped(SkipReason.LEFT_BEHIND)
    return None


def turn_verdict(
    contest: Contest, standing: Standing, *, planned: Planned, calendar: WorkCalendar, caps: Caps, now: datetime
) -> Verdict:
    """Return whether a nudge that nothing else keeps back may go now, or gives way to one with the better claim."""
    own = caps_for(standing, caps)
    room = Room(calendar, own, back_at=came_back(standing.paused_until, standing.back_at, now))
    if has_been_silent(standing.sendings):
        room = replace(room, gap=2 * usual_gap(own))
    sent = [one.sent_at for one in standing.sendings]
    if not is_contested(contest.mine, contest.others, sent=sent, room=room, now=now):
        return Go()
    mine, others = _told(contest.mine, contest.tell), [_told(one, contest.tell) for one in contest.others]
    had = _had(standing.sendings, contest.tell)
    until = turn_of(mine, others, had=had, shares=contest.shares, room=room, now=now)
    if until is None:
        return Go()
    return NotNow(until, SkipReason.GAVE_WAY) if until < planned.fresh_until else Skipped(SkipReason.GAVE_WAY)


def _is_best(contest: Contest, missed: Sequence[Claim], standing: Standing) -> bool:
    mine = _told(contest.mine, contest.tell)
    others = [_told(one, contest.tell) for one in missed]
    return best_missed([mine, *others], _had(standing.sendings, contest.tell)) is mine


def _told(claim: Claim, tell: Tell) -> Claim:
    told = tell(claim.campaign_id, claim.nudge_key)
    return replace(claim, kind=told.kind, since=told.since, priority=max(FIRST, claim.priority - told.lift))


def _had(sendings: Sequence[Sending], tell: Tell) -> list[Had]:
    return [
        Had(one.sent_at, one.campaign_id, one.priority, tell(one.campaign_id, one.nudge_key).kind) for one in sendings
    ]
