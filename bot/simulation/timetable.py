"""Which job can do anything now: this module leaves out the looks at which the real process would find nothing.

The real process runs each of JOBS every half minute, hour or day. Most of those looks change nothing, and time that is
virtual need not be spent on them: a job runs here when something it looks at has changed, and else at its own pace.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush

from nudges.domain.outcomes import Outcome
from nudges.domain.playbook import AfterNudge
from nudges.scheduler import JOBS, TICK, Job
from nudges.services.core import Core
from nudges.services.frozen import frozen
from nudges.store import campaigns

CLOSE_DAYS = 2
DAY, WEEK = timedelta(days=1), timedelta(days=7)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
# Planning looks at one more day from this hour of the day on, so that is when a simulated day begins.
DAILY_AT = time(12, 0, tzinfo=UTC)
# What these read changes at a stir only; what is forgotten is a matter of weeks.
SLOW = {"sync_people": WEEK, "prune_history": WEEK}


@dataclass
class Timetable:
    """When to run which of JOBS."""

    is_new_day: bool = False
    _daily_at: datetime = LONG_AGO
    _ran_at: dict[str, datetime] = field(default_factory=dict)
    _looks: list[datetime] = field(default_factory=list)
    _soon: dict[str, frozenset[str]] = field(default_factory=dict)
    _is_stirred: bool = True

    @property
    def next_at(self) -> datetime:
        """The next instant at which a job can do something."""
        return min(self._daily_at, self._looks[0]) if self._looks else self._daily_at

    def stir(self, *, everything: bool = False) -> None:
        """Say that something changed that no instant tells of; `everything` makes the slow jobs look again too."""
        self._is_stirred = True
        self._soon.clear()
        if everything:
            self._ran_at.clear()

    def is_due(self, now: datetime) -> bool:
        """Whether any job can do something now."""
        return self._is_stirred or now >= self.next_at

    def run_due(self, core: Core, now: datetime) -> bool:
        """Run what is due, in the order of JOBS; return whether anything ran. What a job raises is raised."""
        self.is_new_day = now >= self._daily_at
        if not self.is_due(now):
            return False
        self._is_stirred = False
        while self._looks and self._looks[0] <= now:
            heappop(self._looks)
        for job in JOBS:
            if self._is_due(job, now):
                job.service(core)
                self._ran_at[job.name] = now
        if self.is_new_day:
            self._daily_at = _next_daily(now)
        return True

    def posted(self, posted: Iterable[Outcome], core: Core) -> None:
        """Remember when what follows these nudges can be decided."""
        for one in posted:
            if one.campaign not in self._soon:
                self._soon |= _soon(core)
            if one.sent_at is not None and one.nudge_key in self._soon.get(one.campaign, ()):
                heappush(self._looks, one.sent_at)

    def _is_due(self, job: Job, now: datetime) -> bool:
        if job.every <= TICK:
            return True
        wait = SLOW.get(job.name, timedelta(0))
        return self.is_new_day and now >= self._ran_at.get(job.name, LONG_AGO) + wait


def _soon(core: Core) -> dict[str, frozenset[str]]:
    """Return by campaign the nudges that another follows so closely that the next day's look would be too late."""
    with core.db.reading() as session:
        running = campaigns.campaigns(session, core.workspace_id)
    return {
        one.name: frozenset(
            nudge.when.after
            for nudge in frozen(one)[0].nudges
            if isinstance(nudge.when, AfterNudge) and nudge.when.days <= CLOSE_DAYS
        )
        for one in running
    }


def _next_daily(now: datetime) -> datetime:
    today = datetime.combine(now.date(), DAILY_AT)
    return today if now < today else today + DAY
