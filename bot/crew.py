"""All workspaces of one process at work: this module starts the rounds of new ones and ends those of ones that left."""

import logging
import threading
from collections.abc import Callable

from bot.offices import Offices
from bot.rounds import Rounds
from bot.settings import Settings
from nudges.errors import NudgerError
from nudges.scheduler import Job
from nudges.services.core import Core
from nudges.services.keeping.erase_left import erase_left

logger = logging.getLogger(__name__)

FOLLOW_EVERY_S = 1.0
STOPPING_S = 90.0


class Crew:
    """The rounds of every workspace that has the app; none of them waits for another."""

    def __init__(self, settings: Settings, offices: Offices, ticked: Callable[[], None]) -> None:
        self._settings = settings
        self._offices = offices
        self._ticked = ticked
        self._rounds: dict[str, Rounds] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="crew", daemon=True)

    def first(self, workspace_id: str) -> None:
        """Do the first round of a workspace before anything else begins; a fault in it is told now."""
        rounds = Rounds(self._settings, self._offices.core(workspace_id), self._ticked)
        rounds.first()
        with self._lock:
            self._rounds[workspace_id] = rounds

    def start(self) -> None:
        """Begin to send for whom the first round is done, and to look for others."""
        for rounds in self.rounds():
            rounds.start(is_first_done=True)
        self._thread.start()

    def rounds(self) -> list[Rounds]:
        """Return those of all workspaces that are served now."""
        with self._lock:
            return list(self._rounds.values())

    def cores(self) -> list[Core]:
        """Return the core of each."""
        return [rounds.core for rounds in self.rounds()]

    def ask(self, job: Job) -> None:
        """Have a job done for everybody."""
        self._ticked()
        rounds = self.rounds()
        for one in rounds:
            one.ask(job)
        if not rounds and job.name == "prune_history":
            erase_left(self._offices.database, self._offices.clock)  # else somebody's own pruning does it

    def stop(self) -> None:
        """Finish what is in flight everywhere, and end."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(STOPPING_S)
        _stop_together(self.rounds())

    def _loop(self) -> None:
        while not self._stopped.wait(FOLLOW_EVERY_S):
            try:
                self._follow()
            except NudgerError as error:
                logger.warning("workspaces not looked at", extra={"code": error.code, "hint": error.hint})
            except Exception:  # the one handler of this thread: it must outlive any single fault
                logger.exception("looking at workspaces broke")

    def _follow(self) -> None:
        present = set(self._offices.workspace_ids())
        with self._lock:
            gone = [self._rounds.pop(workspace_id) for workspace_id in self._rounds.keys() - present]
        if gone:
            threading.Thread(target=_stop_together, args=(gone,), name="leaving", daemon=True).start()
        for workspace_id in sorted(present):
            core = self._offices.core(workspace_id)
            with self._lock:
                known = self._rounds.get(workspace_id)
            if known is None or known.core is not core:
                self._begin(workspace_id, core, known)

    def _begin(self, workspace_id: str, core: Core, former: Rounds | None) -> None:
        if former is not None:  # installed anew, perhaps as another bot
            former.stop()
        rounds = Rounds(self._settings, core, self._ticked)
        with self._lock:
            self._rounds[workspace_id] = rounds
        rounds.start()
        logger.info("workspace is served", extra={"workspace_id": workspace_id})


def _stop_together(rounds: list[Rounds]) -> None:
    threads = [threading.Thread(target=one.stop, name="stopping") for one in rounds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
