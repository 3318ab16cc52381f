"""The end of a period: this module publishes what was said, and raises or names the flags that it asks for.

The last three closed periods speak together, against the company's own usual: five people within twelve weeks, four
times as often as elsewhere, and more than chance explains. Nothing is decided at a click: that would point at the last
person who clicked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Belonging, Grade, Proposal, Report, Scope, ScopeType
from nudges.domain.barriers.flags import QUIET_PERIODS, UNSETTLED, FlagKind
from nudges.domain.detection.history import WINDOW_PERIODS, Cell
from nudges.domain.detection.placing import Period, close
from nudges.domain.detection.reasons import why_said
from nudges.domain.detection.reported import TIMES_THE_REST, Limits, named_cells
from nudges.domain.measuring.disclosure import band
from nudges.domain.people.people import Person
from nudges.domain.playbooks.comparing import plain
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.barriers.flag_record import seems_over, stirs_again
from nudges.services.barriers.gather_needs import gather_needs
from nudges.services.barriers.look_at_groups import belongings
from nudges.services.barriers.periods import closes_at
from nudges.services.barriers.publish_periods import Evidence, limits_in, may_be_raised, publish_period
from nudges.services.barriers.raise_flags import Finding, name_flag, raise_flag
from nudges.services.core import Core
from nudges.store import evidence, flag_lives, flags
from nudges.store.flags import StoredFlag


def close_period(
    session: Session, core: Core, period: int, *, present: int, everybody: Sequence[Person]
) -> tuple[int, int]:
    """Decide one period, once; return how many flags were raised or named, and how many seem over."""
    if not flags.close_period(session, core.workspace_id, period, core.clock()):
        return 0, 0
    said = _evidence(session, core, period, present)
    if said is None:
        return 0, 0
    publish_period(session, core, period, said)
    found = _asked_for(session, core, period, present)
    gather_needs(session, core, period, found[1])
    whole = replace(said, reports=tuple(one for part in found[1] for one in part.reports))
    raised = sum(
        _heard(session, core, proposal, period, everybody)
        for proposal in may_be_raised(session, core, period, whole, found[0])
    )
    return raised, _quiet(session, core, period)


def _asked_for(session: Session, core: Core, period: int, present: int) -> tuple[list[Proposal], list[Evidence]]:
    """Return the flags that the last three periods ask for, and what was said in them."""
    numbers = range(max(0, period - WINDOW_PERIODS + 1), period + 1)
    spans = [one for number in numbers if (one := _evidence(session, core, number, present)) is not None]
    periods = [
        Period(one.at_start, one.at_end, [(said.person_key, said.kind.value) for said in one.reports]) for one in spans
    ]
    limits = limits_in(session, core, period)
    closed = close(periods)
    cells = named_cells(closed, Limits(limits.k, limits.r))
    everything = [said for one in spans for said in one.reports]
    proposals = [
        _proposal(cell, closed.reporters[cell], limits.r, _playbook(cell, everything, spans))
        for cell in sorted(cells, key=lambda one: (one.scope_type, one.scope_id, one.kind))
    ]
    return _without_parts(proposals, spans[-1]), spans


def _proposal(cell: Cell, reporters: int, r: int, playbook: str) -> Proposal:
    scope = Scope(ScopeType(cell.scope_type), cell.scope_id)
    return Proposal(scope, BarrierKind(cell.kind), Grade.CONFIRMED, band(reporters, r), playbook)


def _playbook(cell: Cell, said: Iterable[Report], spans: Iterable[Evidence]) -> str:
    """Return the playbook that all of a cell's evidence comes from, if it is one."""
    inside = {
        key
        for span in spans
        for key, where in span.at_end.items()
        if plain(getattr(where, cell.scope_type)) == plain(cell.scope_id)
    }
    found = {one.playbook for one in said if one.kind == cell.kind and one.person_key in inside}
    return found.pop() if len(found) == 1 else ""


def _without_parts(found: Sequence[Proposal], said: Evidence) -> list[Proposal]:
    """Leave out teams of which a department or a place says the same thing."""
    wider = {(one.scope.type, plain(one.scope.scope_id), one.kind) for one in found if one.scope.type != ScopeType.TEAM}
    return [one for one in found if not any((*home, one.kind) in wider for home in _homes(one.scope, said))]


def _homes(scope: Scope, said: Evidence) -> list[tuple[ScopeType, str]]:
    """Return the department and the place of most members of a team."""
    if scope.type != ScopeType.TEAM:
        return []
    members = [where for where in said.at_end.values() if plain(where.team) == plain(scope.scope_id)]
    return [
        (type_, name)
        for type_, name in (
            (ScopeType.DEPARTMENT, _usual(members, "department")),
            (ScopeType.PLACE, _usual(members, "place")),
        )
        if name
    ]


def _usual(members: Sequence[Belonging], part: str) -> str:
    names = [plain(getattr(one, part)) for one in members]
    return max(sorted(set(names)), key=names.count, default="")


def _heard(session: Session, core: Core, proposal: Proposal, period: int, everybody: Sequence[Person]) -> bool:
    """Raise what people said, or give its name to a silence; False where a flag says so already."""
    here = [one for one in _unsettled(session, core) if _is_about(one, proposal.scope)]
    same = next((one for one in here if one.kind == proposal.kind), None)
    if same is not None:
        kept = flag_lives.change(session, core.workspace_id, same, heard_in=period)
        if kept is not None and kept.over_at is not None:
            stirs_again(session, core, kept)
        return False
    limits = limits_in(session, core, period)
    finding = Finding(
        proposal,
        why_said(limits.r, TIMES_THE_REST),
        period,
        closes_at(session, core, period),
        heard_in=period,
    )
    silence = next((one for one in here if one.kind == FlagKind.LOW_RESPONSE), None)
    if silence is not None and name_flag(session, core, silence, finding, everybody) is not None:
        return True
    return raise_flag(session, core, finding, everybody)


def _quiet(session: Session, core: Core, period: int) -> int:
    """Propose as over what two closed periods in a row have not asked for; return how many."""
    quiet = [one for one in _unsettled(session, core) if one.over_at is None and _is_quiet(session, core, one, period)]
    return sum(seems_over(session, core, one) for one in quiet)


def _is_quiet(session: Session, core: Core, flag: StoredFlag, period: int) -> bool:
    if flag.kind == FlagKind.LOW_RESPONSE:
        return False
    heard_in = flag.period if flag.heard_in is None else flag.heard_in
    # A period that nobody saw begin could not be heard, and says nothing.
    judged = sum(flags.is_frozen(session, core.workspace_id, one) for one in range(heard_in + 1, period + 1))
    return judged >= QUIET_PERIODS


def _unsettled(session: Session, core: Core) -> list[StoredFlag]:
    return flags.flags(session, core.workspace_id, *(state.value for state in UNSETTLED))


def _is_about(flag: StoredFlag, scope: Scope) -> bool:
    return flag.scope_type == scope.type and plain(flag.scope_id) == plain(scope.scope_id)


def _evidence(session: Session, core: Core, period: int, present: int) -> Evidence | None:
    """Return what was said in a closed period; None for one of which nobody knows who stood where."""
    at_start = belongings(session, core, period)
    # After a long outage the beginning of the next period was seen by nobody; the first one seen stands for it.
    later = (belongings(session, core, number) for number in range(period + 1, present + 1))
    at_end = next((seen for seen in later if seen), {})
    if not at_start or not at_end:
        return None
    stored = evidence.reports_of_period(session, core.workspace_id, period)
    reports = (Report(report.person_hash, BarrierKind(report.kind), report.playbook) for report in stored)
    return Evidence(at_start, at_end, tuple(reports))
