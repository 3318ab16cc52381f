"""One workspace's own work: this module is its sender and its recurring jobs, so that none waits for another."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from bot.bootstrap import make_sender
from bot.settings import Settings
from nudges.errors import NudgerError
from nudges.scheduler import JOBS, SYNC, Job, run_job
from nudges.services.core import Core
from nudges.services.delivery.settle_deliveries import abandon_all
from nudges.store import instance

logger = logging.getLogger(__name__)

# A job that waits for Slack for longer, such as a limited directory, is left alone: what it writes is one transaction.
PATIENCE_S = 10.0
SOON = timedelta(minutes=5)  # a job that comes as often as this is done before anything is sent


class Rounds:
    """Two threads and those of the sender; a job that is asked for twice before it could run runs once."""

    def __init__(self, settings: Settings, core: Core, ticked: Callable[[], None] = lambda: None) -> None:
        self.core = core
        self.sender = make_sender(settings, core)
        self.jobs = threading.Lock()  # one at a time, whoever asks
        self._ticked = ticked
        self._asked: set[str] = set()
        self._bell = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._loop, name=f"jobs-{core.workspace_id}", daemon=True)

    def first(self) -> None:
        """Settle what a former process left, and do what sending hangs on; the rest, and a known directory, follow."""
        if self.core.db.is_sqlite:
            abandon_all(self.core)  # elsewhere other processes may be at it: only what is past its lease is abandoned
        is_known = self._knows_people()
        for job in JOBS:
            # Slack gives a large company slowly, and clicks would wait for it, as for what is done once an hour.
            waits = is_known if job is SYNC else job.every > SOON
            if waits:
                self.ask(job)
            else:
                self.run(job)

    def _knows_people(self) -> bool:
        with self.core.db.reading() as session:
            here = instance.workspace(session, self.core.workspace_id)
        return here is not None and here.synced_at is not None

    def start(self, *, is_first_done: bool = False) -> None:
        """Begin to work; unless it was done before, the first round comes before anything is sent."""
        if not is_first_done:
            self._asked.add("")
        else:
            self.sender.start()
        self._thread.start()

    def ask(self, job: Job) -> None:
        """Have a job done as soon as the workspace's thread is free."""
        with self._bell:
            self._asked.add(job.name)
            self._bell.notify()

    def run(self, job: Job) -> None:
        """Do a job here and now."""
        with self.jobs:
            run_job(self.core, job)
        self._ticked()
        self.sender.wake()

    def stop(self) -> None:
        """Finish what is in flight and end."""
        with self._bell:
            self._stopped = True
            self._bell.notify()
        self.sender.stop()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_S)

    def _loop(self) -> None:
        while not self._stopped:
            asked = self._next()
            if "" in asked:
                self._begin()
            for job in JOBS:
                if job.name in asked and not self._stopped:
                    self.run(job)

    def _begin(self) -> None:
        try:
            self.first()
        except NudgerError as error:
            logger.warning("workspace begins late", extra={"code": error.code, "workspace_id": self.core.workspace_id})
        except Exception:  # the one handler of this thread: its jobs are run again at their time
            logger.exception("workspace could not begin")
        if not self._stopped:
            self.sender.start()

    def _next(self) -> set[str]:
        with self._bell:
            self._bell.wait_for(lambda: self._asked or self._stopped)
            asked, self._asked = self._asked, set()
            return asked
