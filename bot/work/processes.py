"""A worker or a clock as a process: this module builds what each needs, starts it, and ends it in order."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.bootstrap import Installation, make_clock, open_store
from bot.offices import Offices
from bot.own import Own, Say, own_workspace
from bot.settings import Settings
from bot.work.beats import Beats
from bot.work.queue import Queue
from nudges.clock import Clock
from nudges.store import installations, instance
from nudges.store.engine import Database
from nudges.store.processes import Part

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shared:
    """What the processes of one database have in common."""

    database: Database
    offices: Offices
    queue: Queue
    beats: Beats
    clock: Clock


def work_forever(settings: Settings, *, say: Say) -> None:
    """Take jobs until told to stop."""
    from bot.work.sending import Slices
    from bot.work.worker import WorkerProcess

    with shared(settings, Part.WORKER, say) as it:
        slices = Slices(settings, it.queue)
        process = WorkerProcess(database=it.database, offices=it.offices, queue=it.queue, slices=slices)
        _end_with(process.stop)
        say("This worker takes jobs; stop it with Ctrl-C.")
        process.run()


def tick_forever(settings: Settings, *, say: Say) -> None:
    """Add jobs at their times until told to stop, as long as no older clock does."""
    from bot.work.clock import ClockProcess

    with shared(settings, Part.CLOCK, say) as it:
        process = ClockProcess(
            settings, database=it.database, offices=it.offices, queue=it.queue, beats=it.beats, now=it.clock
        )
        _end_with(process.stop)
        say("This clock ticks, or waits for the one that does; stop it with Ctrl-C.")
        process.run()


def _end_with(stop: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())


@contextmanager
def shared(settings: Settings, part: Part, say: Say) -> Iterator[Shared]:
    """Give what a process of this part needs, and close it afterwards."""
    database, key = open_store(settings)
    queue = Queue(database)
    queue.bring_up()
    clock = make_clock(settings)
    own = _own(settings, database, say)
    offices = Offices(settings, database, key, clock, own.installation)
    own.check(settings, offices, say)
    for workspace_id in offices.workspace_ids():
        offices.core(workspace_id)  # now rather than at a job: a wrong key is said at the start
    beats = Beats(database, part)
    beats.start()
    try:
        yield Shared(database, offices, queue, beats, clock)
    finally:
        beats.stop()
        offices.close()
        database.close()


def _own(settings: Settings, database: Database, say: Say) -> Own:
    """Return whose token it is; the only workspace ever seen is it, without asking Slack."""
    with database.reading() as session:
        known = instance.workspaces(session)
        installed = installations.live(session)
    if installed and not settings.slack_bot_token.get_secret_value():
        return Own(None)
    if len(known) == 1 and not installed and settings.slack_bot_token.get_secret_value():
        return Own(Installation(known[0].workspace_id, known[0].name, "", "", "", ""))
    return own_workspace(settings, say)
