"""Recurring work: this module is the table of JOBS, and the tick that wakes them.

A tick only wakes us; who is due is decided by pure functions of `now`, never by a cron trigger in a person's zone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from nudges.errors import NudgerError
from nudges.services.answers.plan_recall import plan_recall
from nudges.services.authoring.watch_playbooks import watch_playbooks
from nudges.services.barriers.post_needs import post_needs
from nudges.services.barriers.remeasure_flags import remeasure_flags
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.barriers.tend_flags import tend_flags
from nudges.services.core import Core
from nudges.services.delivery.change_messages import sweep_recalls
from nudges.services.delivery.clock_guard import FURTHEST_BACK, LEAPT, is_plausible
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.settle_deliveries import settle_deliveries
from nudges.services.delivery.stage_pilots import stage_pilots
from nudges.services.delivery.who_came import ask_who_came
from nudges.services.keeping.clear_files import clear_files
from nudges.services.keeping.prune_history import prune_history
from nudges.services.people.first_people import meet_people
from nudges.services.people.sync_people import sync_people
from nudges.services.stories.tend_stories import tend_stories
from nudges.services.workspaces.refresh_tokens import refresh_tokens
from nudges.store import history, instance, message_works

logger = logging.getLogger(__name__)

TICK = timedelta(0)  # as often as NUDGER_TICK_S says
LONGEST_STEP = timedelta(hours=24)


@dataclass(frozen=True)
class Job:
    """One line of the table: what, how often, and the service that does it."""

    name: str
    every: timedelta
    service: Callable[[Core], object]


SYNC = Job("sync_people", timedelta(hours=6), sync_people)
JOBS = (
    Job("refresh_tokens", timedelta(minutes=5), refresh_tokens),
    SYNC,
    Job("meet_people", timedelta(minutes=1), meet_people),
    Job("watch_playbooks", timedelta(seconds=30), watch_playbooks),
    Job("clear_files", timedelta(seconds=30), clear_files),
    Job("review_barriers", timedelta(hours=1), review_barriers),
    Job("stage_pilots", timedelta(minutes=1), stage_pilots),
    Job("sweep_recalls", timedelta(minutes=1), sweep_recalls),
    Job("plan_deliveries", TICK, plan_deliveries),
    Job("plan_recall", timedelta(minutes=15), plan_recall),
    Job("settle_deliveries", TICK, settle_deliveries),
    Job("remeasure_flags", timedelta(hours=1), remeasure_flags),
    Job("tend_flags", timedelta(hours=1), tend_flags),
    Job("post_needs", timedelta(minutes=15), post_needs),
    Job("ask_who_came", timedelta(hours=1), ask_who_came),
    Job("tend_stories", timedelta(hours=1), tend_stories),
    Job("prune_history", timedelta(hours=24), prune_history),
)


def run_job(core: Core, job: Job) -> bool:
    """Run one job; what it raises is logged with its trace and never stops the others. Return whether it went well.

    While the clock cannot be believed nothing is run: a job would expire, end or delete what is still wanted.
    """
    try:
        if not is_plausible(core):
            logger.error("clock has leapt, so nothing is done", extra={"job": job.name})
            return False
        job.service(core)
        with core.db.begin() as session:
            instance.mark_ticked(session, core.workspace_id, core.clock())
    except NudgerError as error:
        logger.warning("job could not finish", extra={"job": job.name, "code": error.code, "hint": error.hint})
        return False
    except Exception:  # the one handler of this face: a fault in one job must not stop the rest
        logger.exception("job broke", extra={"job": job.name})
        return False
    return True


def start_ticking(run: Callable[[Job], object], tick: timedelta) -> BackgroundScheduler:
    """Start waking the jobs in UTC intervals, coalesced, one at a time; return the scheduler for shutting down."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults=defaults)
    scheduler.add_listener(_tell_late, EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED)
    for job in JOBS:
        seconds = max(job.every, tick).total_seconds()
        scheduler.add_job(run, "interval", args=[job], seconds=seconds, id=job.name, name=job.name)
    scheduler.start()
    return scheduler


def _tell_late(event: JobExecutionEvent) -> None:
    # The turn is not made up for: the next one does all that is due.
    logger.error("job still runs when its next turn comes", extra={"job": event.job_id})


def next_instant(core: Core) -> datetime:
    """Return the next instant at which something can happen; at most a day away, because planning looks at days."""
    now = core.clock()
    with core.db.reading() as session:
        due_at = history.next_due_at(session, core.workspace_id, after=now)
        unsettled = history.unsettled_since(session, core.workspace_id)
        here = instance.workspace(session, core.workspace_id)
        change_at = message_works.next_at(session, core.workspace_id, now)
    candidates = [now + LONGEST_STEP, *(_look_up_at(core, *one, now) for one in unsettled)]
    if here is not None and here.hold_reason == LEAPT and here.ticked_at is not None:
        candidates.append(here.ticked_at - FURTHEST_BACK)  # the clock may be believed again
    if not (here and here.hold_reason):
        candidates += [at for at in (due_at, change_at) if at is not None]
    return min(at for at in candidates if at > now)


def next_sending(core: Core) -> datetime | None:
    """Return the next instant at which a message waits to be sent, or None."""
    with core.db.reading() as session:
        return history.next_due_at(session, core.workspace_id)


def _look_up_at(core: Core, unknown_at: datetime, read_at: datetime | None, now: datetime) -> datetime:
    rested_at = unknown_at + core.timing.settle
    at = rested_at if read_at is None else max(rested_at, read_at + core.timing.second_read)
    # What should have been looked up by now rests still, by the clock that nobody sets.
    return at if at > now or core.rests is None else now + core.timing.second_read
