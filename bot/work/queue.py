"""What waits for a worker: this module is the only one that knows procrastinate's tables, and it is transport only.

A job says "send for workspace W" or "run this of JOBS for workspace W" and nothing else; what is to be sent, and
whether it was, stands in the delivery rows. So any job may be lost, doubled or thrown away: the next look adds it
anew, and one too many finds nothing to do. A lock lets one worker at a time send for a workspace: one limiter rules it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from typing import Any

from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from nudges.store.engine import Database
from nudges.store.queue_shape import bring_up

SEND, RUN_JOB = "send", "run_job"
LONGEST_WAIT = timedelta(minutes=15)  # longer than Slack ever asks for; a job set for later than that is no job of ours
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('nudger queue', 0))")
_WAITING = text(
    "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock IN :names"
).bindparams(bindparam("names", expanding=True))
_SENDING = text(
    "SELECT DISTINCT args ->> 'workspace_id' FROM procrastinate_jobs "
    "WHERE task_name = 'send' AND status IN ('todo', 'doing')"
)
_FORGET_DEAD = text("SELECT procrastinate_prune_stalled_workers_v1(:seconds)")
_LEFT_BEHIND = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL "
    "OR status NOT IN ('todo', 'doing') OR status = 'todo' AND scheduled_at > now() + :longest_wait"
)
_OF_WORKER = text("SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = :worker_id")
_DROP = text("DELETE FROM procrastinate_jobs WHERE status = 'doing' AND id IN :job_ids").bindparams(
    bindparam("job_ids", expanding=True)
)


@dataclass(frozen=True)
class Work:
    """One thing to do for a workspace, at once or after a wait."""

    task: str
    workspace_id: str
    job_name: str = ""
    wait: timedelta = timedelta(0)

    @property
    def lock(self) -> str:
        """Return what only one worker at a time may have."""
        return f"{self.task}:{self.workspace_id}"

    @property
    def name(self) -> str:
        """Return what waits only once."""
        return f"{self.lock}:{self.job_name}"

    @property
    def arguments(self) -> dict[str, Any]:
        """Return what the worker is told."""
        named = {"job_name": self.job_name} if self.job_name else {}
        return {"workspace_id": self.workspace_id, **named}


class Queue:
    """The jobs that wait and those that are being done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # It brings the statements; connections are ours, so that a restarted server is noticed in one place.
        self._jobs = JobManager(SyncPsycopgConnector())

    def bring_up(self) -> tuple[str, ...]:
        """Give procrastinate's tables the shape of the installed version; return the steps that were taken."""
        folder = resources.files("procrastinate.sql")
        files = {one.name: one for one in (folder / "migrations").iterdir() if one.name.endswith(".sql")}
        steps = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
        return bring_up(self._database, (folder / "schema.sql").read_text(encoding="utf-8"), steps)

    def add(self, wanted: Iterable[Work]) -> int:
        """Add what does not wait yet; return how much that was. Two who add the same at once add it once."""
        by_name = {work.name: work for work in wanted}
        if not by_name:
            return 0
        with self._database.begin() as session:
            session.connection().execute(_ONE_AT_A_TIME)
            waiting = set(session.execute(_WAITING, {"names": list(by_name)}).scalars())
            missing = [work for name, work in by_name.items() if name not in waiting]
            if missing:
                self._insert(session, missing)
        return len(missing)

    def sending(self) -> set[str]:
        """Return the workspaces that a send job is about, waiting or being done."""
        with self._database.reading() as session:
            return set(session.execute(_SENDING).scalars())

    def heal(self, dead_after: timedelta) -> int:
        """Drop jobs of workers that were not heard of for so long; return how many. They are added anew if needed."""
        with self._database.begin() as session:
            session.execute(_FORGET_DEAD, {"seconds": dead_after.total_seconds()})
            return _count(session, _LEFT_BEHIND, longest_wait=LONGEST_WAIT)

    def held_by(self, worker_id: int) -> set[int]:
        """Return the jobs that stand as being done by a worker."""
        with self._database.reading() as session:
            return set(session.execute(_OF_WORKER, {"worker_id": worker_id}).scalars())

    def drop(self, job_ids: Iterable[int]) -> int:
        """Drop jobs that nobody does any more; return how many."""
        with self._database.begin() as session:
            return _count(session, _DROP, job_ids=list(job_ids))

    def _insert(self, session: Session, missing: Sequence[Work]) -> None:
        connection = session.connection()
        now = connection.execute(select(func.now())).scalar_one()
        jobs = [
            Job(
                id=None,
                queue="default",
                task_name=work.task,
                lock=work.lock,
                queueing_lock=work.name,
                task_kwargs=work.arguments,
                scheduled_at=now + min(work.wait, LONGEST_WAIT) if work.wait else None,
            )
            for work in missing
        ]
        self._jobs.batch_defer_jobs(jobs=jobs, connection=connection.connection.driver_connection)


def _count(session: Session, statement: Any, **values: Any) -> int:
    return int(session.connection().execute(statement, values).rowcount)
