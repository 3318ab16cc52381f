"""One decision for many: this module asks `planning.plan` once for all who are in the same situation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from nudges.domain.audiences import NEVER_SENDABLE
from nudges.domain.company import Company
from nudges.domain.deliveries import Decision, DeliveryStatus, SkipReason, Waiting
from nudges.domain.eligibility import Standing
from nudges.domain.people import Person, PersonKind
from nudges.domain.planning import Facts, Predecessor, Terms, plan
from nudges.domain.playbook import Nudge
from nudges.domain.staging import Staging
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
        terms=Terms(begins_on, scene.ends_on),
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
    )


def _facts(scene: Scene, situation: Situation, kind: PersonKind) -> Facts:
    before = situation.before
    return Facts(
        is_sendable=kind not in NEVER_SENDABLE,
        is_in_audience=bool(situation.is_inside),
        is_held_out=situation.is_held_out,
        joined_at=situation.joined_at,
        predecessor=Predecessor(DeliveryStatus(before), situation.before_sent_at) if before else None,
        standing=Standing(is_stopped=bool(situation.is_stopped), paused_until=situation.paused_until),
        blocked=scene.blocked,
    )
