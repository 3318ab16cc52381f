"""Did the play help: this module looks back four and eight weeks after each play began and writes the word down.

The word goes into the flag's history, once for each look. It ends nothing: what becomes of the flag is for the weekly
look and for its owner. Nothing here shows anything; cards and messages ask at the door.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Grade
from nudges.domain.barriers.flag_life import Effect, Move
from nudges.domain.barriers.flags import UNSETTLED
from nudges.domain.barriers.remeasured import LOOKS, detail_of, look_due
from nudges.domain.barriers.weekly_counts import WeeklyCount
from nudges.domain.playbooks.comparing import plain
from nudges.services.barriers.flag_moves import tell_owner
from nudges.services.barriers.flag_record import make
from nudges.services.barriers.periods import week_at, week_now
from nudges.services.barriers.publish_periods import limits_in
from nudges.services.core import Core
from nudges.store import flag_history, flags, weekly_counts
from nudges.store.flag_history import FlagEvent
from nudges.store.flags import StoredFlag

logger = logging.getLogger(__name__)

LOOKS_BACK = 104  # weeks of counts that are read, as many as the weekly look goes through
WAITED = 2  # weeks after a flag from which on a group without a play is watched, as long as a play usually takes
WEEKS_A_PERIOD = 4
Group = tuple[str, str]  # sort and name, as names compare


@dataclass(frozen=True)
class _Due:
    """A look that is due: the flag, the week its play began in, and how many weeks after it."""

    flag: StoredFlag = field(hash=False)  # its steps are dictionaries
    started: int
    weeks: int


@dataclass(frozen=True)
class _Past:
    """All flags with the weeks in which they opened and their plays began, and what is due of them."""

    due: tuple[_Due, ...]
    flags: tuple[StoredFlag, ...]
    opened: Mapping[int, int]
    begun: Mapping[int, tuple[int, ...]]
    counts: Sequence[WeeklyCount]
    last: int  # the last week that was counted
    k: int


def remeasure_flags(core: Core) -> int:
    """Write down each look that is due; return how many."""
    with core.db.reading() as session:
        past = _past(session, core)
    if past is None:
        return 0
    words = _words(past)
    with core.db.begin() as session:
        known = {one.flag_id: one for one in flags.flags(session, core.workspace_id)}
        done = [_note(session, core, known[one.flag.flag_id], words[one], one.weeks) for one in past.due]
    if any(done):
        logger.info("plays looked back at", extra={"looks": sum(done)})
    return sum(done)


def _note(session: Session, core: Core, flag: StoredFlag, effect: Effect, weeks: int) -> bool:
    if make(session, core, flag, Move.MEASURED, detail=detail_of(effect, weeks)) is None:
        return False
    if flag.owner_id and flag.state in UNSETTLED:
        tell_owner(session, core, flag.flag_id, flag.owner_id, "notice.flag_measured")
    return True


def _past(session: Session, core: Core) -> _Past | None:
    """Return what the looks that are due need; None where none is."""
    everything = tuple(flags.flags(session, core.workspace_id))
    last = weekly_counts.last_counted(session, core.workspace_id)
    events = flag_history.history(session, core.workspace_id, [one.flag_id for one in everything])
    due = tuple(one for flag in everything if (one := _due(session, core, flag, events[flag.flag_id], last)))
    if not due:
        return None
    week = week_now(session, core)
    return _Past(
        due,
        everything,
        {one.flag_id: week_at(session, core, one.opened_at) for one in everything},
        {flag_id: _begun(session, core, lines) for flag_id, lines in events.items()},
        weekly_counts.counts(session, core.workspace_id, since=max(0, week - LOOKS_BACK)),
        last,
        limits_in(session, core, max(0, week - 1) // WEEKS_A_PERIOD).k,
    )


def _due(session: Session, core: Core, flag: StoredFlag, events: Iterable[FlagEvent], last: int) -> _Due | None:
    if flag.started_at is None:
        return None
    started = week_at(session, core, flag.started_at)
    weeks = look_due([(one.what, one.detail) for one in events], started=started, counted=last)
    return _Due(flag, started, weeks) if weeks else None


def _begun(session: Session, core: Core, events: Iterable[FlagEvent]) -> tuple[int, ...]:
    return tuple(week_at(session, core, one.at) for one in events if one.what == Move.PLAY_STARTED)


def _words(past: _Past) -> dict[_Due, Effect]:
    """Return the word of each look that is due."""
    # The filter brings numpy along, which nobody should wait for who only asks for help.
    from nudges.domain.detection.placing import groups_from
    from nudges.domain.detection.remeasure import Played, remeasure

    first = min((one.week for one in past.counts), default=0)
    first -= first % WEEKS_A_PERIOD
    groups = groups_from(past.counts, first=first, weeks=past.last - first + 1)
    spelled = {(one.scope_type, plain(name)): name for one in groups for name in one.ids}

    def played(group: Group, week: int, weeks: int) -> Played:
        return Played((group[0], spelled.get(group, "")), week - first, weeks)

    asked = {one: played(_group(one.flag), one.started, one.weeks) for one in past.due}
    troubled = _troubled(past)
    found = remeasure(
        groups,
        asked.values(),
        waited=[played(group, week, weeks) for group, week in _waited(past) for weeks in LOOKS],
        troubled=frozenset((sort, spelled[sort, name]) for sort, name in troubled if (sort, name) in spelled),
        k=past.k,
    )
    return {one: found[asked[one]].effect for one in past.due}


def _troubled(past: _Past) -> frozenset[Group]:
    """Return the groups that had a flag, and the teams inside such a group: what becomes of them is no chance."""
    flagged = {_group(one) for one in past.flags}
    inside = {
        ("team", plain(one.scope_id))
        for one in past.counts
        if one.scope_type == "team"
        and not flagged.isdisjoint({("department", plain(one.department)), ("place", plain(one.place))})
    }
    return frozenset(flagged | inside)


def _waited(past: _Past) -> list[tuple[Group, int]]:
    """Return confirmed flags without a play in the weeks after them: what they recover, they recover by themselves."""
    found = []
    for one in past.flags:
        week = past.opened[one.flag_id] + WAITED
        is_free = not any(begun <= week + max(LOOKS) for begun in past.begun[one.flag_id])
        if one.grade == Grade.CONFIRMED and is_free and week + max(LOOKS) <= past.last:
            found.append((_group(one), week))
    return found


def _group(flag: StoredFlag) -> Group:
    return flag.scope_type, plain(flag.scope_id)
