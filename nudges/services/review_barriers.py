"""Closing a period: this module decides once, from what was said in four closed weeks, which flags to raise.

Nothing is decided at a click: that would point at the last person who clicked.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.audiences import NEVER_SENDABLE
from nudges.domain.barriers import Belonging, Proposal, Report, belonging_of, proposals
from nudges.domain.deliveries import person_hash
from nudges.domain.flags import UNSETTLED, FlagKey, FlagPlan, FlagState, leaders_of, new_flags, plan_flag, quiet_flags
from nudges.domain.people import Person
from nudges.domain.playbook import BarrierKind, Playbook
from nudges.domain.teams import teams_of
from nudges.services.core import Core
from nudges.services.flag_gate import note_told, scope_of
from nudges.services.frozen import frozen
from nudges.services.notices import tell
from nudges.services.periods import closes_at, period_now, zone
from nudges.services.publish_periods import Evidence, begin_period, limits_in, may_be_raised, publish_period
from nudges.services.roles import admins_of
from nudges.store import campaigns, flags, people
from nudges.store.flags import Membership, StoredFlag

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Review:
    """What one look did."""

    closed: int = 0
    raised: int = 0
    resolved: int = 0


def review_barriers(core: Core) -> Review:
    """Freeze who stands where as a period begins, and decide each period that has ended, once."""
    with core.db.reading() as session:
        present = period_now(session, core)
        is_frozen = flags.is_frozen(session, core.workspace_id, present)
        if is_frozen and flags.last_closed(session, core.workspace_id) + 1 >= present:
            return Review()
    with core.db.begin(thinks_long=True) as session:
        everybody = list(people.everybody(session, core.workspace_id))
        _freeze(session, core, present, everybody)
        waiting = range(flags.last_closed(session, core.workspace_id) + 1, present)
        done = [_close(session, core, period, present=present, everybody=everybody) for period in waiting]
    found = Review(len(done), sum(raised for raised, _ in done), sum(resolved for _, resolved in done))
    if found.raised or found.resolved:
        # No scope and no kind: a log line must not tell what a card may not.
        logger.info("flags decided", extra={"raised": found.raised, "resolved": found.resolved})
    return found


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
    begin_period(session, core, period)


def _close(session: Session, core: Core, period: int, *, present: int, everybody: list[Person]) -> tuple[int, int]:
    """Decide one period; return how many flags were raised and how many have become quiet."""
    now = core.clock()
    if not flags.close_period(session, core.workspace_id, period, now):
        return 0, 0
    said = _evidence(session, core, period, present)
    if said is None:
        return 0, 0
    publish_period(session, core, period, said)
    found = _proposals(session, core, period, said)
    unsettled = flags.flags(session, core.workspace_id, *(state.value for state in UNSETTLED))
    earlier = _evidence(session, core, period - 1, present)
    before = _proposals(session, core, period - 1, earlier) if earlier else None
    resolved = _resolve_quiet(session, core, unsettled, [before, found])
    raisable = may_be_raised(session, core, period, said, found)
    fresh = new_flags(raisable, [_key(flag) for flag in unsettled])
    for proposal in fresh:
        _raise(session, core, proposal, everybody, period, now)
    return len(fresh), resolved


def _proposals(session: Session, core: Core, period: int, said: Evidence) -> list[Proposal]:
    k = limits_in(session, core, period).k
    return proposals(said.reports, at_start=said.at_start, at_end=said.at_end, k=k)


def _evidence(session: Session, core: Core, period: int, present: int) -> Evidence | None:
    """Return what was said in a closed period; None for one of which nobody knows who stood where."""
    at_start = _belongings(session, core, period)
    # After a long outage the beginning of the next period was seen by nobody; the first one seen stands for it.
    later = (_belongings(session, core, number) for number in range(period + 1, present + 1))
    at_end = next((seen for seen in later if seen), {})
    if not at_start or not at_end:
        return None
    stored = flags.reports_of_period(session, core.workspace_id, period)
    reports = (Report(report.person_hash, BarrierKind(report.kind), report.playbook) for report in stored)
    return Evidence(at_start, at_end, tuple(reports))


def _resolve_quiet(
    session: Session, core: Core, unsettled: list[StoredFlag], latest: list[list[Proposal] | None]
) -> int:
    judged = [found for found in latest if found is not None]
    quiet = quiet_flags([_key(flag) for flag in unsettled], judged)
    return sum(
        flags.change_state(session, core.workspace_id, flag.flag_id, old=flag.state, new=FlagState.RESOLVED.value)
        for flag in unsettled
        if _key(flag) in quiet
    )


def _belongings(session: Session, core: Core, period: int) -> Mapping[str, Belonging]:
    stored = flags.membership(session, core.workspace_id, period)
    return {key: Belonging(one.team, one.department, one.place) for key, one in stored.items()}


def _raise(
    session: Session, core: Core, proposal: Proposal, everybody: list[Person], period: int, now: datetime
) -> None:
    playbook = _playbook(session, core, proposal.playbook)
    plan = plan_flag(
        proposal,
        playbook=playbook,
        company=core.company(),
        admin_ids=admins_of(core),
        leader_ids=leaders_of(proposal.scope, everybody) | _unreachable(core, playbook, everybody),
        opened_on=now.astimezone(zone(core)).date(),
    )
    if not plan.owner_id:
        logger.warning("a flag has no owner: nobody who may see it can be reached")
    flag_id = flags.open_flag(session, core.workspace_id, _to_store(plan, period, closes_at(session, core, period)))
    # Only which flag: what it says is looked up when it is posted, so that no name is stored twice.
    values = {"flag_id": str(flag_id)}
    if plan.owner_id:
        note_told(session, core, plan.owner_id)
    tell(
        session,
        core,
        person_id=plan.owner_id,
        notice_key=f"flag:{flag_id}",
        text_key="notice.flag_raised",
        values=values,
    )


def _unreachable(core: Core, playbook: Playbook | None, everybody: list[Person]) -> frozenset[str]:
    """Return those named as owners whom no message reaches: a flag must not end with somebody who has left."""
    company = core.company()
    remedies = [*company.barriers.remedies.values(), *(playbook.remedies.values() if playbook else ())]
    named = {company.barriers.owner, playbook.owner if playbook else "", *admins_of(core)}
    named |= {remedy.by for group in remedies for remedy in group}
    return frozenset(named - {person.person_id for person in everybody if person.kind not in NEVER_SENDABLE})


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


def _key(flag: StoredFlag) -> FlagKey:
    return FlagKey(scope_of(flag), BarrierKind(flag.kind))


def _hash(core: Core, person_id: str) -> str:
    return person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
