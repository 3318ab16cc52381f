"""Closing a period: this module decides once, from what was said in four closed weeks, which flags to raise.

Nothing is decided at a click: that would point at the last person who clicked.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.barriers import Belonging, Proposal, Report, Scope, ScopeType, belonging_of, proposals
from nudges.domain.deliveries import person_hash
from nudges.domain.flags import UNSETTLED, FlagKey, FlagPlan, FlagState, leaders_of, new_flags, plan_flag
from nudges.domain.people import Person
from nudges.domain.playbook import BarrierKind, Playbook
from nudges.domain.teams import teams_of
from nudges.services.core import Core
from nudges.services.flag_gate import scope_of
from nudges.services.frozen import frozen
from nudges.services.notices import tell
from nudges.services.periods import closes_at, period_now, zone
from nudges.services.roles import admins_of
from nudges.store import campaigns, flags, people
from nudges.store.flags import Membership, StoredFlag

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Review:
    """What one look did."""

    closed: int = 0
    raised: int = 0


def review_barriers(core: Core) -> Review:
    """Freeze who stands where as a period begins, and decide each period that has ended, once."""
    now = core.clock()
    with core.db.begin() as session:
        everybody = list(people.everybody(session, core.workspace_id))
        present = period_now(session, core)
        _freeze(session, core, present, everybody)
        waiting = range(flags.last_closed(session, core.workspace_id) + 1, present)
        raised = sum(_close(session, core, period, everybody, now) for period in waiting)
    if raised:
        # No scope and no kind: a log line must not tell what a card may not.
        logger.info("flags raised", extra={"count": raised})
    return Review(len(waiting), raised)


def _freeze(session: Session, core: Core, period: int, everybody: list[Person]) -> None:
    teams = teams_of(everybody)
    placed = [(person, belonging_of(person, teams)) for person in everybody]
    # Before the people file came nobody stands anywhere, and a period frozen like that would see nothing.
    if not any(where != Belonging() for _, where in placed):
        return
    members = (
        Membership(_hash(core, person.person_id), where.team, where.department, where.place)
        for person, where in placed
        if where != Belonging()
    )
    flags.freeze_membership(session, core.workspace_id, period, members)


def _close(session: Session, core: Core, period: int, everybody: list[Person], now: datetime) -> int:
    if not flags.close_period(session, core.workspace_id, period, now):
        return 0
    reports = [
        Report(report.person_hash, BarrierKind(report.kind), report.playbook)
        for report in flags.reports_of_period(session, core.workspace_id, period)
    ]
    ends = (_belongings(session, core, period), _belongings(session, core, period + 1))
    found = proposals(reports, at_start=ends[0], at_end=ends[1], k=core.company().k)
    unsettled = flags.flags(session, core.workspace_id, *(state.value for state in UNSETTLED))
    known = [FlagKey(scope_of(flag), BarrierKind(flag.kind)) for flag in unsettled]
    fresh = new_flags(found, known)
    for proposal in fresh:
        _raise(session, core, proposal, everybody, period, now)
    return len(fresh)


def _belongings(session: Session, core: Core, period: int) -> Mapping[str, Belonging]:
    stored = flags.membership(session, core.workspace_id, period)
    return {key: Belonging(one.team, one.department, one.place) for key, one in stored.items()}


def _raise(
    session: Session, core: Core, proposal: Proposal, everybody: list[Person], period: int, now: datetime
) -> None:
    plan = plan_flag(
        proposal,
        playbook=_playbook(session, core, proposal.playbook),
        company=core.company(),
        admin_ids=admins_of(core),
        leader_ids=leaders_of(proposal.scope, everybody),
        opened_on=now.astimezone(zone(core)).date(),
    )
    flag_id = flags.open_flag(session, core.workspace_id, _to_store(plan, period, closes_at(session, core, period)))
    values = {
        "scope_type": proposal.scope.type.value,
        "scope": scope_name(proposal.scope, everybody),
        "kind": proposal.kind.value,
        "band": proposal.band,
        "remedy": plan.steps[0].do if plan.steps else "",
        "due_on": plan.steps[0].due_on.isoformat() if plan.steps else "",
    }
    tell(
        session,
        core,
        person_id=plan.owner_id,
        notice_key=f"flag:{flag_id}",
        text_key="notice.flag_raised",
        values=values,
    )


def scope_name(scope: Scope, everybody: list[Person]) -> str:
    """Return a group's name for people; a team without a name is called after whom it reports to."""
    if scope.type == ScopeType.TEAM and scope.scope_id.startswith("manager:"):
        manager_id = scope.scope_id.removeprefix("manager:")
        name = next((person.first_name for person in everybody if person.person_id == manager_id), "")
        return f"the team of {name or manager_id}"
    return scope.scope_id


def _playbook(session: Session, core: Core, name: str) -> Playbook | None:
    running = [one for one in campaigns.campaigns(session, core.workspace_id) if one.playbook == name]
    return frozen(running[-1])[0] if running else None


def _to_store(plan: FlagPlan, period: int, opened_at: datetime) -> StoredFlag:
    proposal = plan.proposal
    steps = tuple({"do": step.do, "by": step.by_id, "due_on": step.due_on.isoformat()} for step in plan.steps)
    return StoredFlag(
        flag_id=0,
        scope_type=proposal.scope.type.value,
        scope_id=proposal.scope.scope_id,
        kind=proposal.kind.value,
        grade=proposal.grade.value,
        band=proposal.band,
        state=FlagState.OPEN.value,
        owner_id=plan.owner_id,
        remedies=steps,
        period=period,
        opened_at=opened_at,
    )


def _hash(core: Core, person_id: str) -> str:
    return person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
