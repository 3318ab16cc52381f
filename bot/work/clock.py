"""The process that says when: this module adds jobs at their times; of several clocks one leads and the others wait."""

import logging
import threading
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot.offices import Offices
from bot.settings import Settings
from bot.work.beats import BEAT, Beats
from bot.work.queue import RUN_JOB, Queue, Work
from bot.work.sweep import sweep
from nudges.clock import Clock
from nudges.errors import NudgerError
from nudges.scheduler import JOBS, Job, start_ticking
from nudges.services.keeping.erase_left import erase_left
from nudges.store.engine import Database

logger = logging.getLogger(__name__)


class ClockProcess:
    """Looks every second whether it leads; as long as it does, it adds the jobs that are due."""

    def __init__(
        self, settings: Settings, *, database: Database, offices: Offices, queue: Queue, beats: Beats, now: Clock
    ) -> None:
        self._tick = timedelta(seconds=settings.nudger_tick_s)
        self._database = database
        self._offices = offices
        self._queue = queue
        self._beats = beats
        self._now = now
        self._ticks: BackgroundScheduler | None = None
        self._served: set[str] = set()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self._stopped.is_set():
            try:
                self._look()
            except NudgerError as error:
                logger.warning("the clock could not look", extra={"code": error.code, "hint": error.hint})
            except Exception:  # the one handler of this face: it must outlive any single fault
                logger.exception("the clock's look broke")
            self._stopped.wait(BEAT.total_seconds())
        self._step_down()

    def stop(self) -> None:
        """End after the present look."""
        self._stopped.set()

    def _look(self) -> None:
        if not self._beats.leads():
            self._step_down()
            return
        if self._ticks is None:
            self._take_over()
        self._welcome()
        sweep(self._database, self._queue, self._now())

    def _take_over(self) -> None:
        logger.info("this clock leads")
        self._served = set()
        self._ticks = start_ticking(self._add_guarded, self._tick)

    def _welcome(self) -> None:
        """Have every job done at once for workspaces that are new here: nobody knows when each was done last."""
        present = set(self._offices.workspace_ids())
        new = sorted(present - self._served)
        self._queue.add(Work(RUN_JOB, workspace_id, job.name) for workspace_id in new for job in JOBS)
        self._served = present

    def _step_down(self) -> None:
        if self._ticks is not None:
            logger.info("this clock does not lead any more")
            self._ticks.shutdown(wait=False)
            self._ticks = None

    def _add_guarded(self, job: Job) -> None:
        try:
            self._add(job)
        except NudgerError as error:
            logger.warning("a job could not be added", extra={"job": job.name, "code": error.code})

    def _add(self, job: Job) -> None:
        present = self._offices.workspace_ids()
        self._queue.add(Work(RUN_JOB, workspace_id, job.name) for workspace_id in present)
        if not present and job.name == "prune_history":
            erase_left(self._database, self._now)  # else somebody's own pruning does it
