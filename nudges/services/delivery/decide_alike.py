"""One decision for many: this module asks `planning.plan` once for all who are in the same situation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from nudges.domain.delivery.deliveries import Decision, DeliveryStatus, SkipReason, Waiting
from nudges.domain.delivery.eligibility import Standing
from nudges.domain.delivery.newcomers import own_start
from nudges.domain.delivery.planning import Facts, Terms, plan
from nudges.domain.delivery.staging import Staging
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.topics import TopicWish
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.follow_ups import Given, Predecessor
from nudges.domain.playbooks.playbook import Newcomers, Nudge
from nudges.store.undecided import Situation

Decider = Callable[[Situation], Decision]
KEPT = 4096  # situations remembered while a nudge is planned; a company has a few hundred


@dataclass(frozen=True)
class Scene:
    """What is the same for everybody whom one nudge is planned for."""

    nudge: Nudge
    company: Company
    staging: Staging
    ends_on: date | None
    now: datetime
    blocked: SkipReason | None = None
    topics: tuple[str, ...] = ()
    newcomers: Newcomers = Newcomers.FROM_NOW
    newcomers_until: date | None = None


def decider(scene: Scene) -> Decider:
    """Return what gives the decision for a situation, remembering those it was asked for lately."""
    return lru_cache(KEPT)(lambda situation: decide(scene, situation))


def decide(scene: Scene, situation: Situation) -> Decision:
    """Return when people in this situation are to get the nudge, why they are not, or that it is too early to tell."""
    begins_on = scene.staging.begins_on(is_pilot=situation.is_pilot)
    if situation.kind is None or begins_on is None:
        return Waiting()
    return plan(
        nudge=scene.nudge,
        terms=Terms(
            own_start(scene.newcomers, begins_on, situation.joined_at),
            scene.ends_on,
            scene.newcomers,
            scene.newcomers_until,
        ),
        person=_somebody(situation, PersonKind(situation.kind)),
        company=scene.company,
        facts=_facts(scene, situation, PersonKind(situation.kind)),
        now=scene.now,
    )


def _somebody(situation: Situation, kind: PersonKind) -> Person:
    """Return a person with all that a calendar hangs on, and no name."""
    return Person(
        "",
        kind,
        zone=situation.zone,
        place=situation.place,
        country=situation.country,
        hours=situation.hours,
        working_days=situation.working_days,
        own_hours=situation.own_hours or "",
    )


def _facts(scene: Scene, situation: Situation, kind: PersonKind) -> Facts:
    return Facts(
        is_sendable=kind not in NEVER_SENDABLE,
        is_in_audience=bool(situation.is_inside),
        is_held_out=situation.is_held_out,
        joined_at=situation.joined_at,
        predecessor=_predecessor(situation),
        standing=Standing(is_stopped=bool(situation.is_stopped), paused_until=situation.paused_until),
        is_topic_off=not TopicWish.decode(situation.topics or "").allows(scene.topics),
        blocked=scene.blocked,
    )


def _predecessor(situation: Situation) -> Predecessor | None:
    if situation.before is None:
        return None
    given = None
    if situation.given is not None and situation.given_at is not None:
        given = Given(situation.given, situation.given_is_right, situation.given_at)
    return Predecessor(DeliveryStatus(situation.before), situation.before_sent_at, given)
