"""Several workspaces with a worker in this process: this module is where shared work is tested."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import text

from bot.offices import NotInstalled
from bot.settings import Settings
from bot.work.queue import Queue
from bot.work.sending import Slices
from bot.work.sweep import sweep
from bot.work.worker import WorkerProcess
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.services.keeping.identity import claim_identity
from nudges.services.people.sync_people import sync_people
from nudges.store.engine import Database
from tests.builders import a_person
from tests.fakes import FixedDirectory, RecordingMessenger, utc

COMPANY = """
admins: [U0ADMIN]
default_zone: Europe/Lisbon
working_hours: {default: "00:00-23:59 mon-sun"}
holidays: {PT: none}
"""
NOON = utc("2027-01-12 12:00")
PATIENCE_S = 60.0
LOOK_S = 0.1


class Desks:
    """Workspaces on one database, each with a Slack of its own that a test tells what to do."""

    def __init__(self, database: Database, folder: Path) -> None:
        (folder / "company.yaml").write_text(COMPANY, "utf-8")
        self.database = database
        self.queue = Queue(database)
        self.slacks: dict[str, RecordingMessenger] = {}
        self.workers: list[tuple[WorkerProcess, threading.Thread]] = []
        self.is_sweeping = True
        self._shelf = Shelf(folder)
        self._cores: dict[str, Core] = {}
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        for worker, _ in self.workers:
            worker.stop()
        for _, thread in self.workers:
            thread.join(PATIENCE_S)
        if self._sweeper.is_alive():
            self._sweeper.join(PATIENCE_S)

    def now(self) -> datetime:
        """Return an instant that moves on as real time does."""
        return NOON + timedelta(seconds=time.monotonic() - self._began)

    def open(self, workspace_id: str, people: int) -> Core:
        """Open a workspace with so many people."""
        messenger = self.slacks[workspace_id] = RecordingMessenger(self.now)
        everybody = [a_person(f"U0P{number:04d}") for number in range(people)]
        core = Core(
            db=self.database.of_workspace(workspace_id),
            clock=self.now,
            messenger=messenger,
            directory=FixedDirectory(everybody),
            key=b"k" * 32,
            workspace_id=workspace_id,
            library=self._shelf,
        )
        claim_identity(core, workspace_name=workspace_id, marker=None)
        sync_people(core)
        self._cores[workspace_id] = core
        return core

    def wave(self, workspace_id: str, people: int) -> None:
        """Let one message be due for each of so many people."""
        core = self._cores[workspace_id]
        with core.db.begin() as session:
            for number in range(people):
                told = {"person_id": f"U0P{number:04d}", "notice_key": f"wave:{number}"}
                tell(session, core, **told, text_key="notice.campaign_ended", values={"campaign": "wave"})

    def work(self, *, pace: str = "50/20/50", workers: int = 1) -> None:
        """Start workers, and look for what is due as the clock does."""
        settings = Settings(_env_file=None, database_url=self.database.url, nudger_pace=pace)  # type: ignore[call-arg]
        for _ in range(workers):
            slices = Slices(settings, self.queue)
            offices: Any = self
            worker = WorkerProcess(database=self.database, offices=offices, queue=self.queue, slices=slices)
            thread = threading.Thread(target=worker.run, daemon=True)
            thread.start()
            self.workers.append((worker, thread))
        self._sweeper.start()

    def workspace_ids(self) -> list[str]:
        return sorted(self._cores)

    def core(self, workspace_id: str) -> Core:
        if workspace_id not in self._cores:
            raise NotInstalled
        return self._cores[workspace_id]

    def run_sql(self, statement: str, **values: Any) -> int:
        """Change the database behind everybody's back; return how many rows that was."""
        with self.database.begin() as session:
            return int(session.connection().execute(text(statement), values).rowcount)

    def ask(self, query: str) -> Any:
        """Return the one value that a query gives."""
        with self.database.reading() as session:
            return session.execute(text(query)).scalar_one()

    def jobs(self, column: str = "task_name") -> list[Any]:
        """Return a column of all jobs."""
        with self.database.reading() as session:
            rows = session.execute(text(f"SELECT {column} FROM procrastinate_jobs ORDER BY id"))
            return list(rows.scalars())

    def statuses(self, workspace_id: str) -> dict[str, int]:
        """Return how many deliveries of a workspace are in each state."""
        query = "SELECT status, count(*) FROM deliveries WHERE workspace_id = :id GROUP BY status"
        with self.database.reading() as session:
            return {row[0]: row[1] for row in session.execute(text(query), {"id": workspace_id})}

    def _sweep(self) -> None:
        while not self._ended.wait(LOOK_S):
            if self.is_sweeping:
                sweep(self.database, self.queue, self.now())


def wait_until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> float:
    """Return how long it took until this was so."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < patience_s, "it never came true"
        time.sleep(0.02)
    return time.monotonic() - began
