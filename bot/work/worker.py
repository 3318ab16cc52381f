"""The process that does the work: this module runs procrastinate's worker, and starts it anew whenever it gives up.

It gives up when the database goes away, and when others took it for dead because it was stopped for a while.
"""

import asyncio
import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.worker import Worker
from sqlalchemy.engine import make_url

from bot.offices import NotInstalled, Offices
from bot.work.beats import BEAT, DEAD_AFTER
from bot.work.queue import RUN_JOB, SEND, Queue
from bot.work.sending import Slices
from nudges.errors import NudgerError
from nudges.scheduler import JOBS, run_job
from nudges.store.engine import Database

logger = logging.getLogger(__name__)

AT_ONCE = 20  # jobs; each waits for Slack and for its pace more than it works
POLL = timedelta(seconds=0.25)  # a slice's successor starts this late at most, which the pace makes up for
AGAIN_AFTER_S = 0.5
BESIDES = 4  # threads for looking after the jobs, which must not wait for one of them to end


class WorkerProcess:
    """Takes jobs until told to stop."""

    def __init__(self, *, database: Database, offices: Offices, queue: Queue, slices: Slices) -> None:
        self._database = database
        self._offices = offices
        self._queue = queue
        self._slices = slices
        self._doing: set[int] = set()
        self._worker: Worker | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_stopped = False

    def run(self) -> None:
        """Work until told to stop; what is in flight then is finished and recorded."""
        asyncio.run(self._run())

    def stop(self) -> None:
        """End once what is in flight is recorded; from any thread, and from a signal's handler."""
        self._is_stopped = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop)

    async def _run(self) -> None:
        self._loop = loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(AT_ONCE + BESIDES, thread_name_prefix="job"))
        loop.set_exception_handler(_note_fault)
        while not self._is_stopped:
            try:
                await asyncio.to_thread(self._look_at_database)
                await self._work()
            except Exception as error:  # whatever it was, the next attempt starts from what the database says
                logger.warning("working was interrupted", extra={"error": type(error).__name__})
                await asyncio.sleep(AGAIN_AFTER_S)

    async def _work(self) -> None:
        app = self._app()
        async with app.open_async():
            self._worker = Worker(
                app,
                concurrency=AT_ONCE,
                fetch_job_polling_interval=POLL.total_seconds(),
                update_heartbeat_interval=BEAT.total_seconds(),
                stalled_worker_timeout=DEAD_AFTER.total_seconds(),
                listen_notify=False,
                delete_jobs="always",
                install_signal_handlers=False,
            )
            watch = asyncio.create_task(self._watch(self._worker))
            try:
                await (asyncio.sleep(0) if self._is_stopped else self._worker.run())  # type: ignore[no-untyped-call]
            finally:
                watch.cancel()
                self._worker = None

    def _app(self) -> App:
        # Each statement commits by itself: a process stopped between two must not keep a job locked.
        address = make_url(self._database.url).set(drivername="postgresql").render_as_string(hide_password=False)
        connector = PsycopgConnector(
            conninfo=address, min_size=1, max_size=4, timeout=DEAD_AFTER.total_seconds(), kwargs={"autocommit": True}
        )
        app = App(connector=connector)
        app.task(name=SEND, pass_context=True)(self._send)
        app.task(name=RUN_JOB, pass_context=True)(self._run_job)
        return app

    def _send(self, context: JobContext, workspace_id: str) -> None:
        with self._doing_job(context), contextlib.suppress(NotInstalled):
            self._slices.send(self._offices.core(workspace_id))

    def _run_job(self, context: JobContext, workspace_id: str, job_name: str) -> None:
        job = next((one for one in JOBS if one.name == job_name), None)
        with self._doing_job(context), contextlib.suppress(NotInstalled):
            if job is not None:  # else of another version, which will do it
                run_job(self._offices.core(workspace_id), job)

    @contextlib.contextmanager
    def _doing_job(self, context: JobContext) -> Any:
        job_id = context.job.id or 0
        self._doing.add(job_id)
        try:
            yield
        except NudgerError as error:
            logger.warning("job could not finish", extra={"job": context.job.task_name, "code": error.code})
        finally:
            self._doing.discard(job_id)

    async def _watch(self, worker: Worker) -> None:
        """Drop jobs that stand as ours and that we do not do: the answer to our word that they are done got lost.

        And the other way round: what we do and what is not ours any more was given to others while we were suspended.
        The library begins anew only when all of it has ended, so slices end now rather than at their time.
        """
        suspects: set[int] = set()
        while True:
            await asyncio.sleep(BEAT.total_seconds())
            if worker.worker_id is None:
                continue
            try:
                doing = set(self._doing)
                ours = await asyncio.to_thread(self._queue.held_by, worker.worker_id)
                if (doing - ours) & self._doing:
                    await asyncio.to_thread(self._slices.end_running)
                held = ours - self._doing
                # Twice in a row: a job just taken or just done is for a moment not ours to see.
                if held & suspects:
                    await asyncio.to_thread(self._queue.drop, held & suspects)
                suspects = held
            except NudgerError as error:
                logger.debug("own jobs could not be looked at", extra={"code": error.code})

    def _look_at_database(self) -> None:
        with self._database.reading() as session:
            session.connection()

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]
        asyncio.get_running_loop().run_in_executor(None, self._slices.stop)


def _note_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # A job whose end could not be noted, mostly; watching it and the sweep put that right.
    logger.warning("a job's end was not noted", extra={"error": type(context.get("exception")).__name__})
