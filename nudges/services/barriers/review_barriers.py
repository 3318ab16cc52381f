"""The weekly look for barriers: this module freezes who stands where, counts weeks, closes periods and moves flags.

What groups did is looked at when a week has ended, what people said when a period of four has.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Belonging, belonging_of
from nudges.domain.barriers.evidence import WEEKS_A_PERIOD
from nudges.domain.barriers.weekly_counts import WeeklyCount
from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.people.people import Person
from nudges.domain.people.teams import teams_of
from nudges.domain.privacy.limits import Limits
from nudges.services.barriers.periods import period_now, week_now
from nudges.services.barriers.publish_periods import begin_period, limits_in
from nudges.services.core import Core
from nudges.store import flags, people, weekly_counts
from nudges.store.flags import Membership

if TYPE_CHECKING:
    from nudges.services.barriers.look_at_groups import People

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Review:
    """What one look did; `resolved` are those that ended or seem over."""

    closed: int = 0
    raised: int = 0
    resolved: int = 0


@dataclass(frozen=True)
class _Weeks:
    """What was counted of the weeks that have ended, what was counted before, and under which limits."""

    fresh: dict[int, list[WeeklyCount]]
    late: list[WeeklyCount]  # counted before their usage was imported
    before: list[WeeklyCount]
    limits: Limits

    @property
    def everything(self) -> list[WeeklyCount]:
        """Return all counts, the late ones in place of what stood there."""
        late = {(one.week, one.scope_type, one.scope_id): one for one in self.late}
        kept = [late.get((one.week, one.scope_type, one.scope_id), one) for one in self.before]
        return [*kept, *(one for week in self.fresh.values() for one in week)]


def review_barriers(core: Core) -> Review:
    """Freeze who stands where as a period begins; decide each week and each period that has ended, once."""
    with core.db.reading() as session:
        period, week = period_now(session, core), week_now(session, core)
        is_frozen = flags.is_frozen(session, core.workspace_id, period)
        is_closed = flags.last_closed(session, core.workspace_id) + 1 >= period
        is_seen = is_closed and weekly_counts.last_counted(session, core.workspace_id) + 1 >= week
    if is_frozen and is_seen:
        return Review()
    with core.db.begin(thinks_long=True) as session:
        everybody = list(people.everybody(session, core.workspace_id))
        _freeze(session, core, period, everybody)
    if is_seen:
        return Review()
    found = _look(core, everybody, period=period, week=week)
    if found.raised or found.resolved:
        # No scope and no kind: a log line must not tell what a card may not.
        logger.info("flags decided", extra={"raised": found.raised, "resolved": found.resolved})
    return found


def _freeze(session: Session, core: Core, period: int, everybody: Sequence[Person]) -> None:
    placed = _placed(core, everybody)
    # Before the people file came nobody stands anywhere, and a period frozen like that would see nothing.
    if not placed:
        return
    members = (Membership(hashed, where.team, where.department, where.place) for hashed, where in placed.items())
    flags.freeze_membership(session, core.workspace_id, period, members)
    begin_period(session, core, period)


def _placed(core: Core, everybody: Sequence[Person]) -> dict[str, Belonging]:
    teams = teams_of(everybody)
    placed = ((person.person_id, belonging_of(person, teams)) for person in everybody)
    return {_hash(core, person_id): where for person_id, where in placed if where != Belonging()}


def _look(core: Core, everybody: Sequence[Person], *, period: int, week: int) -> Review:
    """Count and look without holding the database, then write down what was found at once."""
    # The filter brings numpy along, which nobody should wait for who only asks for help.
    from nudges.services.barriers.close_period import close_period
    from nudges.services.barriers.follow_groups import follow_groups
    from nudges.services.barriers.look_at_groups import People, belongings, look

    now_at = _placed(core, everybody)
    known = People(everybody, now_at, {one.person_id: _hash(core, one.person_id) for one in everybody})
    with core.db.reading() as session:
        weeks = _weeks(session, core, known, week)
    seen = look(weeks.everything, week=week - 1, k=weeks.limits.k) if any(weeks.fresh.values()) else None
    with core.db.begin(thinks_long=True) as session:
        for number, counts in weeks.fresh.items():
            weekly_counts.keep(session, core.workspace_id, number, counts)
        weekly_counts.add_usage(session, core.workspace_id, weeks.late)
        waiting = range(flags.last_closed(session, core.workspace_id) + 1, period)
        done = [close_period(session, core, one, present=period, everybody=everybody) for one in waiting]
        raised, over = sum(one for one, _ in done), sum(one for _, one in done)
        if seen is not None:
            at_start = belongings(session, core, (week - 1) // WEEKS_A_PERIOD)
            more = follow_groups(
                session,
                core,
                seen,
                at_start=at_start,
                now_at=now_at,
                limits=weeks.limits,
                period=period,
                everybody=everybody,
            )
            raised, over = raised + more[0], over + more[1]
    return Review(len(done), raised, over)


def _weeks(session: Session, core: Core, known: "People", week: int) -> _Weeks:
    from nudges.services.barriers.look_at_groups import LOOKS_BACK, count_until, usage_since

    return _Weeks(
        count_until(session, core, known, week),
        usage_since(session, core, known, week),
        weekly_counts.counts(session, core.workspace_id, since=max(0, week - LOOKS_BACK)),
        limits_in(session, core, (week - 1) // WEEKS_A_PERIOD),
    )


def _hash(core: Core, person_id: str) -> str:
    return person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
