"""From a proposal to a flag: this module finds its owner and its first steps, stores it and tells them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Proposal
from nudges.domain.barriers.flags import FlagPlan, FlagState, leaders_of, plan_flag
from nudges.domain.detection.reasons import Why
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person
from nudges.domain.playbooks.playbook import Playbook
from nudges.services.authoring.frozen import frozen
from nudges.services.barriers.flag_moves import tell_owner
from nudges.services.barriers.flag_record import named, open_or_reopen
from nudges.services.barriers.periods import zone
from nudges.services.barriers.step_days import on_working_days
from nudges.services.core import Core
from nudges.services.people.roles import admins_of
from nudges.store import campaigns, flag_lives
from nudges.store.flags import StoredFlag

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """A flag to raise: what is proposed, why, since when, and what it rests on.

    `heard_in` is the closed period whose reports ask for it, None where it is what the group did; `probability` is
    None where people said it.
    """

    proposal: Proposal
    why: Why
    period: int
    opened_at: datetime
    heard_in: int | None = None
    probability: float | None = None


def raise_flag(session: Session, core: Core, finding: Finding, everybody: Sequence[Person]) -> bool:
    """Open a flag, or one that was settled not long ago again, and tell its owner; False where it stays settled."""
    plan = _plan(session, core, finding.proposal, everybody)
    if not plan.owner_id:
        logger.warning("a flag has no owner: nobody who may see it can be reached")
    flag_id = open_or_reopen(session, core, _to_store(plan, finding))
    if flag_id and plan.owner_id:
        tell_owner(session, core, flag_id, plan.owner_id, "notice.flag_raised")
    return bool(flag_id)


def name_flag(
    session: Session, core: Core, flag: StoredFlag, finding: Finding, everybody: Sequence[Person]
) -> StoredFlag | None:
    """Give a silence the name that people gave it, with the steps for it; None where it cannot have it."""
    proposal = finding.proposal
    if not named(session, core, flag, proposal.kind.value, proposal.band):
        return None
    now_named = flag_lives.flag(session, core.workspace_id, flag.flag_id)
    if now_named is None:
        return None
    fresh = _to_store(_plan(session, core, proposal, everybody), finding)
    # What was found by silence stays in the reason: both speak for it.
    why = [*(fresh.why or []), *(flag.why or [])]
    remedies = fresh.remedies if flag.state == FlagState.OPEN else now_named.remedies
    return flag_lives.change(
        session, core.workspace_id, now_named, why=why, heard_in=finding.heard_in, remedies=remedies
    )


def _plan(session: Session, core: Core, proposal: Proposal, everybody: Sequence[Person]) -> FlagPlan:
    playbook = _playbook(session, core, proposal.playbook)
    plan = plan_flag(
        proposal,
        playbook=playbook,
        company=core.company(),
        admin_ids=admins_of(core),
        leader_ids=leaders_of(proposal.scope, everybody) | _unreachable(core, playbook, everybody),
        opened_on=core.clock().astimezone(zone(core)).date(),
    )
    return replace(plan, steps=on_working_days(session, core, plan.steps))


def _unreachable(core: Core, playbook: Playbook | None, everybody: Sequence[Person]) -> frozenset[str]:
    """Return those named as owners whom no message reaches: a flag must not end with somebody who has left."""
    company = core.company()
    remedies = [*company.barriers.remedies.values(), *(playbook.remedies.values() if playbook else ())]
    named_ = {company.barriers.owner, playbook.owner if playbook else "", *admins_of(core)}
    named_ |= {remedy.by for group in remedies for remedy in group}
    return frozenset(named_ - {person.person_id for person in everybody if person.kind not in NEVER_SENDABLE})


def _playbook(session: Session, core: Core, name: str) -> Playbook | None:
    running = [one for one in campaigns.campaigns(session, core.workspace_id) if one.playbook == name]
    return frozen(running[-1])[0] if running else None


def _to_store(plan: FlagPlan, finding: Finding) -> StoredFlag:
    proposal = plan.proposal
    steps = tuple({"do": step.do, "by": step.by_id, "due_on": step.due_on.isoformat()} for step in plan.steps)
    plain = StoredFlag(
        flag_id=0,
        scope_type=proposal.scope.type.value,
        scope_id=proposal.scope.scope_id,
        kind=proposal.kind.value,
        grade=proposal.grade.value,
        band=proposal.band,
        state=FlagState.OPEN.value,
        owner_id=plan.owner_id,
        remedies=steps,
        period=finding.period,
        opened_at=finding.opened_at,
    )
    why = [list(one) for one in finding.why]
    return replace(plain, why=why, heard_in=finding.heard_in, probability=finding.probability)
