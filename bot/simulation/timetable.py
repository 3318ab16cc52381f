"""Which job can do anything now: this module leaves out the looks at which the real process would find nothing.

The real process runs each of JOBS every half minute, hour or day. Most of those looks change nothing, and time that is
virtual need not be spent on them: a job runs here when something it looks at has changed, and else at its own pace.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush

from nudges.domain.delivery.outcomes import Outcome
from nudges.domain.delivery.planning import HORIZON
from nudges.domain.playbooks.playbook import AfterNudge
from nudges.scheduler import JOBS, TICK, Job
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.store import campaigns
from nudges.store.campaigns import CampaignStatus

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
# Planning looks at one more day from this hour of the day on, so that is when a simulated day begins.
DAILY_AT = time(12, 0, tzinfo=UTC)
# What these read changes at a stir only; what is forgotten is a matter of weeks.
SLOW = {"sync_people": WEEK, "prune_history": 4 * WEEK}
PILOTS = "stage_pilots"


@dataclass
class Timetable:
    """When to run which of JOBS."""

    is_new_day: bool = False
    has_staged: bool = False  # pilots were looked at, so that a second person may have been asked
    has_pilots: bool = True  # some campaign reaches its pilot only; asked anew after each look
    _daily_at: datetime = LONG_AGO
    _ran_at: dict[str, datetime] = field(default_factory=dict)
    _looks: list[datetime] = field(default_factory=list)
    _soon: dict[str, dict[str, set[timedelta]]] = field(default_factory=dict)
    _is_stirred: bool = True
    _has_reacted: bool = False

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

    def reacted(self) -> None:
        """Say that somebody did something, so that pilots are looked at, as the real process does within a minute."""
        self._has_reacted = self.has_pilots

    def is_due(self, now: datetime) -> bool:
        """Whether any job can do something now."""
        return self._is_stirred or self._has_reacted or now >= self.next_at

    def run_due(self, core: Core, now: datetime, *, run: Callable[[Core, Job], object] | None = None) -> bool:
        """Run what is due, in the order of JOBS; return whether anything ran. What a job raises is raised."""
        self.is_new_day, self.has_staged = now >= self._daily_at, False
        if not self.is_due(now):
            return False
        self._is_stirred = False
        while self._looks and self._looks[0] <= now:
            heappop(self._looks)
        for job in JOBS:
            if self._is_due(job, now):
                (run or _plainly)(core, job)
                self._ran_at[job.name] = now
        self._note_staging(core, now)
        if self.is_new_day:
            self._daily_at = _next_daily(now)
        return True

    def posted(self, posted: Iterable[Outcome], core: Core) -> None:
        """Remember when what follows these nudges can be decided."""
        for one in posted:
            if one.campaign not in self._soon:
                self._soon |= _soon(core)
            if one.sent_at is not None:
                for wait in self._soon[one.campaign].get(one.nudge_key, ()):
                    heappush(self._looks, one.sent_at + wait)

    def _note_staging(self, core: Core, now: datetime) -> None:
        self._has_reacted = False
        self.has_staged = self._ran_at.get(PILOTS) == now
        if self.has_staged or self.has_pilots:
            with core.db.reading() as session:
                live = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE)
            self.has_pilots = any(one.is_piloting for one in live)

    def _is_due(self, job: Job, now: datetime) -> bool:
        if job.every <= TICK or (job.name == PILOTS and self._has_reacted):
            return True
        wait = SLOW.get(job.name, timedelta(0))
        return self.is_new_day and now >= self._ran_at.get(job.name, LONG_AGO) + wait


def _plainly(core: Core, job: Job) -> None:
    job.service(core)


def _soon(core: Core) -> dict[str, dict[str, set[timedelta]]]:
    """Return by campaign and nudge how long after its sending planning can decide what follows it."""
    with core.db.reading() as session:
        running = campaigns.campaigns(session, core.workspace_id)
    found: dict[str, dict[str, set[timedelta]]] = {one.name: {} for one in running}
    for one in running:
        for nudge in frozen(one)[0].nudges:
            if isinstance(nudge.when, AfterNudge):
                wait = max(timedelta(0), timedelta(days=nudge.when.days) + DAY - HORIZON)
                found[one.name].setdefault(nudge.when.after, set()).add(wait)
    return found


def _next_daily(now: datetime) -> datetime:
    today = datetime.combine(now.date(), DAILY_AT)
    return today if now < today else today + DAY
