"""The one decision: this module is `plan`, asked for each person and each nudge of a live campaign."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from nudges.domain.delivery.absence import kept_for_return
from nudges.domain.delivery.deliveries import WAITING, Decision, DeliveryStatus, Planned, Skipped, SkipReason, Waiting
from nudges.domain.delivery.eligibility import Standing, skip_reason
from nudges.domain.people.people import Person
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.follow_ups import Predecessor, is_meant
from nudges.domain.playbooks.playbook import AfterNudge, AroundSession, Newcomers, Nudge
from nudges.domain.times.cadence import planned_after, planned_for
from nudges.domain.times.session_times import near_day, planned_around
from nudges.domain.times.workdays import WorkCalendar, calendar_of

__all__ = ["HORIZON", "Facts", "Predecessor", "Terms", "plan", "plan_on"]

HORIZON = timedelta(days=7)  # how far ahead a nudge is written down; beyond it people may still come, go and move


@dataclass(frozen=True)
class Terms:
    """What planning needs to know of a campaign."""

    starts_on: date
    ends_on: date | None = None
    newcomers: Newcomers = Newcomers.FROM_NOW
    newcomers_until: date | None = None  # with `from_start`: who joins later does not get it any more


@dataclass(frozen=True)
class Facts:
    """What planning needs to know of one person in one campaign, for one nudge."""

    is_sendable: bool = True
    is_in_audience: bool = True
    is_held_out: bool = False
    joined_at: datetime | None = None  # None: in the audience since the campaign was published
    predecessor: Predecessor | None = None  # None: not decided upon yet
    standing: Standing = field(default_factory=Standing)
    is_topic_off: bool = False  # the person does not want to hear about this
    blocked: SkipReason | None = None  # a reason that only the campaign knows: a stopped nudge, not in the pilot


def plan(*, nudge: Nudge, terms: Terms, person: Person, company: Company, facts: Facts, now: datetime) -> Decision:
    """Return when this person is to get this nudge, why they are not, or that it is too early to tell."""
    return plan_on(calendar_of(person, company), nudge=nudge, terms=terms, facts=facts, now=now)


def plan_on(calendar: WorkCalendar, *, nudge: Nudge, terms: Terms, facts: Facts, now: datetime) -> Decision:
    """Return the same for anybody who lives by this calendar."""
    if facts.is_held_out:
        return Skipped(SkipReason.HOLDOUT)
    if facts.blocked is not None:
        return Skipped(facts.blocked)
    unfit = _newcomer(terms, facts)
    if unfit is not None:
        return unfit
    due = _due(nudge, terms, facts, calendar, now)
    if not isinstance(due, Planned):
        return due
    due = kept_for_return(due, facts.standing.paused_until, calendar)
    if facts.joined_at is not None and facts.joined_at >= due.fresh_until:
        return Skipped(SkipReason.JOINED_LATE)
    reason = _reason_against(due, terms, facts, calendar, now)
    return due if reason is None else Skipped(reason)


def _newcomer(terms: Terms, facts: Facts) -> Skipped | None:
    if facts.joined_at is None:
        return None
    if terms.newcomers == Newcomers.SKIP:
        return Skipped(SkipReason.NEWCOMER)
    until = terms.newcomers_until
    is_late = terms.newcomers == Newcomers.FROM_START and until is not None and facts.joined_at.date() > until
    return Skipped(SkipReason.JOINED_LATE) if is_late else None


def _due(nudge: Nudge, terms: Terms, facts: Facts, calendar: WorkCalendar, now: datetime) -> Decision:
    if isinstance(nudge.when, AfterNudge):
        return _due_after(nudge.when, facts.predecessor, calendar, now)
    if near_day(nudge.when, terms.starts_on) > calendar.local_day(now) + HORIZON:
        return Waiting()
    if isinstance(nudge.when, AroundSession):
        unsent = _without(facts.predecessor)
        return unsent or planned_around(nudge.when, starts_on=terms.starts_on, calendar=calendar)
    return planned_for(nudge.when, starts_on=terms.starts_on, calendar=calendar)


def _due_after(when: AfterNudge, before: Predecessor | None, calendar: WorkCalendar, now: datetime) -> Decision:
    unsent = _without(before)
    if unsent is not None or before is None or before.sent_at is None:
        return unsent or Waiting()
    meant = is_meant(when, before, now)
    if not meant:
        return Waiting() if meant is None else Skipped(SkipReason.OTHER_ANSWER)
    due = planned_after(when, sent_at=before.sent_at, calendar=calendar)
    return Waiting() if isinstance(due, Planned) and due.due_at > now + HORIZON else due


def _without(before: Predecessor | None) -> Waiting | Skipped | None:
    """Return what to do as long as the nudge that comes first was not sent; None when it was."""
    if before is None or before.status in WAITING or before.status == DeliveryStatus.UNKNOWN:
        return Waiting()
    is_sent = before.status == DeliveryStatus.SENT and before.sent_at is not None
    return None if is_sent else Skipped(SkipReason.PREREQUISITE)


def _reason_against(
    due: Planned, terms: Terms, facts: Facts, calendar: WorkCalendar, now: datetime
) -> SkipReason | None:
    return skip_reason(
        is_sendable=facts.is_sendable,
        is_in_audience=facts.is_in_audience,
        is_held_out=facts.is_held_out,
        is_stopped=facts.standing.is_stopped,
        is_topic_off=facts.is_topic_off,
        paused_until=facts.standing.paused_until,
        fresh_until=due.fresh_until,
        ends_on=terms.ends_on,
        local_day=calendar.local_day(due.due_at),
        now=now,
    )
