"""May this person get this nudge, now or later: this module is asked at planning and again at the moment of posting.

Each limit is a function from an instant to the first instant, not earlier, that it allows. A nudge goes at the first
instant that all of them allow; where that comes after the nudge is stale, the limit that stood in the way is the
reason, for good.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from nudges.domain.delivery.deliveries import Planned, Skipped, SkipReason
from nudges.domain.playbooks.company import Caps
from nudges.domain.times.cadence import next_opening, start_of_local_day
from nudges.domain.times.workdays import WorkCalendar

DAY = timedelta(days=1)
CAP_WEEK_DAYS = 7  # any seven local days in a row, so that no calendar's week can be passed either
UNANSWERED_LIMIT = 3
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Sending:
    """One nudge of any playbook that the person got."""

    sent_at: datetime
    is_answered: bool = False
    is_catch_up: bool = False  # posted after its window had ended
    campaign_id: int = 0
    nudge_key: str = ""
    priority: int = 5
    is_review: bool = False  # a question that came back: it counts for caps, and its silence for nothing


@dataclass(frozen=True)
class Standing:
    """How things stand between us and one person, over all playbooks."""

    is_stopped: bool = False
    paused_until: datetime | None = None
    sendings: Sequence[Sending] = ()  # at least those of the last eight days and the latest three
    is_fewer: bool = False
    back_at: datetime | None = None  # when an absence ended that no pause tells of
    resting_until: datetime | None = None  # as Slack says: do not disturb


@dataclass(frozen=True)
class Go:
    """Post it now."""


@dataclass(frozen=True)
class NotNow:
    """Not at this instant: ask again from then on."""

    until: datetime
    reason: SkipReason | None = None


Verdict = Go | NotNow | Skipped
Limit = Callable[[datetime], datetime]


def skip_reason(
    *,
    is_sendable: bool,
    is_in_audience: bool,
    is_held_out: bool,
    is_stopped: bool,
    paused_until: datetime | None,
    fresh_until: datetime,
    ends_on: date | None,
    local_day: date,
    now: datetime,
    is_topic_off: bool = False,
) -> SkipReason | None:
    """Return the first reason that holds for good, or None; what only asks for patience is `verdict`'s business."""
    checks = (
        (is_held_out, SkipReason.HOLDOUT),
        (not is_sendable, SkipReason.NOT_SENDABLE),
        (not is_in_audience, SkipReason.LEFT_AUDIENCE),
        (is_stopped, SkipReason.STOPPED),
        (is_topic_off, SkipReason.TOPIC_OFF),
        (paused_until is not None and paused_until >= fresh_until, SkipReason.PAUSED),
        (ends_on is not None and local_day > ends_on, SkipReason.CAMPAIGN_ENDED),
        (now >= fresh_until, SkipReason.STALE),
    )
    return next((reason for holds, reason in checks if holds), None)


def verdict(*, planned: Planned, standing: Standing, calendar: WorkCalendar, caps: Caps, now: datetime) -> Verdict:
    """Return whether to post now, from when to ask again, or that it is too late for good, and why."""
    if standing.is_stopped:
        return Skipped(SkipReason.STOPPED)
    if now >= planned.fresh_until:
        return Skipped(SkipReason.STALE)
    limits = _limits(planned, standing, calendar, caps_for(standing, caps), now)
    at, reason = _first_allowed(now, limits, planned.fresh_until)
    if at <= now:
        return Go()
    return NotNow(at, reason) if at < planned.fresh_until else Skipped(reason or SkipReason.STALE)


def has_been_silent(sendings: Sequence[Sending]) -> bool:
    """Return whether the latest three were all left unanswered; questions that came back say nothing about that."""
    sendings = [sending for sending in sendings if not sending.is_review]
    if len(sendings) < UNANSWERED_LIMIT or not any(sending.is_answered for sending in sendings):
        return len(sendings) >= UNANSWERED_LIMIT
    # Two of one instant have no order, so the answered one counts as the later: nobody is held back by chance.
    latest = sorted(sendings, key=lambda sending: (sending.sent_at, sending.is_answered))[-UNANSWERED_LIMIT:]
    return not any(sending.is_answered for sending in latest)


def caps_for(standing: Standing, caps: Caps) -> Caps:
    """Return the most that this person gets: half as many where they asked for fewer, and never less than one."""
    return Caps(day=max(1, caps.day // 2), week=max(1, caps.week // 2)) if standing.is_fewer else caps


def usual_gap(caps: Caps) -> timedelta:
    """Return the time between two nudges of a person who gets as many as the caps allow."""
    return timedelta(days=CAP_WEEK_DAYS) / caps.week


def _first_allowed(
    now: datetime, limits: Sequence[tuple[SkipReason | None, Limit]], fresh_until: datetime
) -> tuple[datetime, SkipReason | None]:
    at, reason, moved = now, None, True
    while moved and at < fresh_until:
        moved = False
        for limit_reason, limit in limits:
            later = limit(at)
            if later > at:
                # Closed hours are nobody's fault: the reason told is what pushed the nudge out of its own day.
                at, reason, moved = later, limit_reason or reason, True
    return at, reason


def _limits(
    planned: Planned, standing: Standing, calendar: WorkCalendar, caps: Caps, now: datetime
) -> list[tuple[SkipReason | None, Limit]]:
    # A day more than counts, because of the clock changes in between.
    today = _days_of(standing, calendar, now - 2 * DAY)
    week = _days_of(standing, calendar, now - DAY * (CAP_WEEK_DAYS + 1), least=caps.week)
    end_of_silence = _end_of_silence(standing.sendings, caps)
    limits: list[tuple[SkipReason | None, Limit]] = [(None, lambda at: max(at, planned.due_at))]
    if standing.paused_until is not None:
        limits.append((SkipReason.PAUSED, lambda at: max(at, standing.paused_until or at)))
    if standing.resting_until is not None:
        resting = standing.resting_until
        limits.append((SkipReason.DO_NOT_DISTURB, lambda at: max(at, resting)))
    if len(today) >= caps.day:
        limits.append((SkipReason.CAP_DAY, lambda at: _after_full_days(at, today, 1, caps.day, calendar)))
    if len(week) >= caps.week:
        limits.append((SkipReason.CAP_WEEK, lambda at: _after_full_days(at, week, CAP_WEEK_DAYS, caps.week, calendar)))
    if end_of_silence > now:
        limits.append((SkipReason.BACKED_OFF, lambda at: max(at, end_of_silence)))
    if any(sending.is_catch_up for sending in standing.sendings):
        catch_ups = _days_of(standing, calendar, now - 2 * DAY, catch_ups=True)
        limits.append((SkipReason.CATCH_UP, lambda at: _after_catch_up(at, catch_ups, planned, calendar)))
    limits.append((None, lambda at: next_opening(calendar, at) or NEVER))
    return limits


def _days_of(
    standing: Standing, calendar: WorkCalendar, since: datetime, *, least: int = 1, catch_ups: bool = False
) -> list[date]:
    """Return the local days of what was sent since then; none where fewer than `least` could not fill a limit."""
    sent = [one.sent_at for one in standing.sendings if one.sent_at > since and (one.is_catch_up or not catch_ups)]
    return [calendar.local_day(sent_at) for sent_at in sent] if len(sent) >= least else []


def _after_full_days(
    at: datetime, sent_on: Sequence[date], span_days: int, most: int, calendar: WorkCalendar
) -> datetime:
    """Return the first instant from `at` with fewer than `most` sendings in the days that end with its own."""
    if len(sent_on) < most:
        return at
    day = first = calendar.local_day(at)
    while sum(day - DAY * span_days < sent <= day for sent in sent_on) >= most:
        day += DAY
    return at if day == first else start_of_local_day(day, calendar)


def _after_catch_up(at: datetime, catch_ups: Sequence[date], planned: Planned, calendar: WorkCalendar) -> datetime:
    if at < planned.window_ends_at:
        return at
    return _after_full_days(at, catch_ups, 1, 1, calendar)


def _end_of_silence(sendings: Sequence[Sending], caps: Caps) -> datetime:
    if not has_been_silent(sendings):
        return datetime.min.replace(tzinfo=UTC)
    return max(sending.sent_at for sending in sendings if not sending.is_review) + 2 * usual_gap(caps)
