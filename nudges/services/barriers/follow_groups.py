"""From what groups do to flags: this module raises, confirms and ends flags of silence, week by week.

What is likely but not likely enough is seen by nobody, and no line of the log tells of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Grade, Memberships, Proposal, Scope, ScopeType
from nudges.domain.barriers.flags import UNSETTLED, FlagKind, FlagState
from nudges.domain.detection.detector import Belief, Flag, Group
from nudges.domain.people.people import Person
from nudges.domain.playbooks.comparing import plain
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.publication import raisable
from nudges.services.barriers.flag_record import seems_over, still_stands, stirs_again
from nudges.services.barriers.look_at_groups import Look
from nudges.services.barriers.raise_flags import Finding, raise_flag
from nudges.services.core import Core
from nudges.store import flags
from nudges.store.flags import StoredFlag

CALM_WEEKS = 4  # so long a barrier must have been unlikely before we say that it seems over


def follow_groups(
    session: Session,
    core: Core,
    look: Look,
    *,
    at_start: Memberships,
    now_at: Memberships,
    limits: Limits,
    period: int,
    everybody: Sequence[Person],
) -> tuple[int, int]:
    """Bring the flags of silence to what was found; return how many were raised, and how many ended or seem over."""
    unsettled = flags.flags(session, core.workspace_id, *(state.value for state in UNSETTLED))
    silent = {_group(one): one for one in unsettled if one.kind == FlagKind.LOW_RESPONSE}
    speaking = {_group(one) for one in unsettled if one.kind != FlagKind.LOW_RESPONSE}
    parents = {("team", plain(team)): above for team, above in look.parents.items()}
    standing = {
        _plain((flag.scope_type, flag.scope_id)): flag
        for flag in look.standing
        if not _is_said(_plain((flag.scope_type, flag.scope_id)), speaking, parents)
    }
    for group, flag in standing.items():
        if group in silent:
            _stands(session, core, silent[group], flag)
    new = [_proposal(flag) for group, flag in standing.items() if group not in silent]
    may_be = raisable(new, at_start=at_start, at_end=now_at, reports=(), limits=limits)
    raised = [
        raise_flag(session, core, _finding(one, look, period=period, now=core.clock()), everybody) for one in may_be
    ]
    beliefs = {_plain(group): belief for group, belief in look.beliefs.items()}
    over = [
        seems_over(session, core, one)
        for group, one in silent.items()
        if group not in standing and one.over_at is None and _is_over(one, beliefs.get(group))
    ]
    return sum(raised), sum(over)


def _is_said(group: Group, speaking: set[Group], parents: Mapping[Group, tuple[Group, ...]]) -> bool:
    """Return whether people have named what is in the way of this group, or of the whole that it is a part of."""
    return group in speaking or any(_plain(above) in speaking for above in parents.get(group, ()))


def _stands(session: Session, core: Core, stored: StoredFlag, flag: Flag) -> None:
    if stored.over_at is not None:
        stirs_again(session, core, stored)
        stored = next(one for one in flags.flags(session, core.workspace_id) if one.flag_id == stored.flag_id)
    still_stands(session, core, stored, grade=Grade(flag.grade), probability=round(flag.probability, 3))


def _is_over(flag: StoredFlag, belief: Belief | None) -> bool:
    """Return whether a flag that does not stand any more is over: an early one at once, others after four calm weeks.

    A group that is not there any more, or too small, has none.
    """
    is_early = flag.grade == Grade.EARLY and flag.state == FlagState.OPEN
    return belief is None or is_early or belief.calm_weeks >= CALM_WEEKS


def _proposal(flag: Flag) -> Proposal:
    scope = Scope(ScopeType(flag.scope_type), flag.scope_id)
    return Proposal(scope, FlagKind.LOW_RESPONSE, Grade(flag.grade), "")


def _finding(proposal: Proposal, look: Look, *, period: int, now: datetime) -> Finding:
    group = (proposal.scope.type.value, proposal.scope.scope_id)
    belief = look.beliefs[group]
    return Finding(proposal, look.whys[group], period, now, probability=round(belief.probability, 3))


def _group(flag: StoredFlag) -> Group:
    return _plain((flag.scope_type, flag.scope_id))


def _plain(group: Group) -> Group:
    return group[0], plain(group[1])
