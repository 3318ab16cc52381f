"""The app in this world: this module builds it in a scratch folder, and builds it anew after each kill."""

import hashlib
import logging
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from bot.sandbox.in_process import InProcessClient
from bot.sandbox.workspace import BOT_SCOPES, BOT_TOKEN
from bot.simulation.clock import SteppedClock
from bot.simulation.fault_plan import Killed
from bot.simulation.house import WORKSPACE, House, database_in, messenger, second_person
from bot.slack_api import SlackDirectory
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core, Timing
from nudges.services.delivery.rests import Rests
from nudges.services.delivery.settle_deliveries import abandon_all
from nudges.services.keeping.identity import claim_identity
from nudges.services.people.sync_people import ImportReport, import_people, sync_people
from nudges.store.alone import open_alone
from nudges.store.engine import Database, open_database
from nudges.store.together import Together
from tests.simulation.world.humans import CANARY, Human, people_file
from tests.simulation.world.slack import WatchedSlack

SPOKEN = "zzcanary"  # in every word that people type
SECRETS = re.compile(f"{CANARY}|{SPOKEN}|kq-p|{BOT_TOKEN}|Ask in the")
AS_USUAL = 8  # every so many seeds a world whose database has several connections
KEY = hashlib.sha256(b"simulation").digest()


@dataclass
class Fate:
    """Whether the app is killed here and now; drawn from the seed."""

    luck: random.Random
    chance: float = 0.0
    is_spared: bool = False

    def strike(self, weight: float = 1.0) -> None:
        """Raise Killed with the present chance."""
        if self.chance and not self.is_spared and self.luck.random() < self.chance * weight:
            raise Killed


@dataclass(frozen=True)
class MortalDatabase(Database):
    """A database whose user may be killed before a transaction, before its commit, or right after."""

    fate: Fate = field(default_factory=lambda: Fate(random.Random(0)))

    @contextmanager
    def begin(
        self, patience: timedelta | None = None, *, thinks_long: bool = False, is_repeated: bool = False
    ) -> Iterator[Session]:
        """Give a writing session as ever."""
        self.fate.strike()
        with super().begin(patience, thinks_long=thinks_long, is_repeated=is_repeated) as session:
            yield session
            session.flush()
            self.fate.strike()
        self.fate.strike()


@dataclass
class WrongClock:
    """The app's own clock: the true one, and by how much it is wrong."""

    true: Callable[[], datetime]
    skew: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        """Return what the app believes."""
        return self.true() + self.skew


class Listener(logging.Handler):
    """Hears every line the app logs; keeps those that tell what they must not, and those of things that broke."""

    def __init__(self) -> None:
        super().__init__()
        self.indiscreet: list[str] = []
        self.broken: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look at the line and at every field of it."""
        said = f"{record.getMessage()} {record.__dict__}"
        if SECRETS.search(said):
            self.indiscreet.append(record.getMessage()[:60])
        if record.exc_info and record.exc_info[1] is not None:
            self.broken.append(f"{record.getMessage()}: {record.exc_info[1]!r}"[:200])


@contextmanager
def listening() -> Iterator[Listener]:
    """Hear all that the app logs, at every level."""
    listener = Listener()
    rooms = [logging.getLogger(name) for name in ("nudges", "bot")]
    quiet = [logging.getLogger(name) for name in ("alembic", "slack_sdk")]
    before = [(one, one.level, one.propagate) for one in (*rooms, *quiet)]
    for room in rooms:
        room.setLevel(logging.DEBUG)
        room.propagate = False
        room.addHandler(listener)
    for one in quiet:
        one.setLevel(logging.CRITICAL)
    try:
        yield listener
    finally:
        for room in rooms:
            room.removeHandler(listener)
        for one, level, propagate in before:
            one.setLevel(level)
            one.propagate = propagate


@dataclass
class WorldHouse(House):
    """The house of the rehearsal, with an app that can be killed anywhere and a clock that can be wrong."""

    fate: Fate = field(default_factory=lambda: Fate(random.Random(0)))
    app_clock: WrongClock = field(default_factory=lambda: WrongClock(SteppedClock(datetime.min)))
    slack: WatchedSlack

    def crash(self) -> None:
        """Drop every object of the app, keep what was committed, and start anew."""
        self.crashes += 1
        database = _left_by_killed(self.core.db)
        # Read anew, a folder without faults is what it was; of a broken file the last good text is lost.
        library = Shelf(self.folder / "playbooks") if self.core.library().broken else self.core.library
        rests, to_slack = Rests(self.clock.timestamp), messenger(self.slack)
        self.core = replace(self.core, db=database, messenger=to_slack, library=library, rests=rests)
        was_spared, self.fate.is_spared = self.fate.is_spared, True
        claim_identity(self.core, workspace_name="World", marker=None)
        abandon_all(self.core)
        self.fate.is_spared = was_spared


def _left_by_killed(database: Database) -> Database:
    """Return what a killed app leaves to the next: the rows that it had committed."""
    if database.readings is None:
        database.close()  # every connection goes; the engines know nothing but how statements are written
        return database
    database.look_anew()
    return replace(database, together=Together())


@cache
def _model(opened: Callable[[str], Database]) -> Database:
    """Return a database that nobody uses: all worlds of a process share what it has learnt about writing statements."""
    folder = Path(tempfile.mkdtemp(prefix="nudger-model-"))
    try:
        return database_in(folder, opened)
    finally:
        shutil.rmtree(folder)


def _open_as_usual(url: str) -> Database:
    """Return a database with a connection that writes and others that read, as the real process has it."""
    return open_database(url, is_scratch=True)


def way_to_open(seed: int) -> Callable[[str], Database]:
    """Return how the world of a seed opens its database: most with one connection, which is quicker."""
    return _open_as_usual if seed % AS_USUAL == 0 else open_alone


def _taught(database: Database, opened: Callable[[str], Database]) -> Database:
    # To compile two hundred statements anew takes longer than to live through a week.
    model = _model(opened)
    for engine, known in ((database.writer, model.writer), (database.reader, model.reader)):
        engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache  # type: ignore[misc]
    return database


def mortal(database: Database, fate: Fate) -> MortalDatabase:
    """Return the same database for a user who may be killed."""
    values = {name: getattr(database, name) for name in ("url", "writer", "reader", "is_scratch", "readings")}
    return MortalDatabase(**values, fate=fate)


def furnish_world(
    folder: Path, humans: list[Human], clock: SteppedClock, slack: WatchedSlack, *, seed: int, fate: Fate
) -> WorldHouse:
    """Return the app with everybody known to it; nothing is published yet."""
    app_clock, opened = WrongClock(clock), way_to_open(seed)
    core = Core(
        db=mortal(_taught(database_in(folder, opened), opened), fate),
        clock=app_clock,
        messenger=messenger(slack),
        directory=SlackDirectory(InProcessClient(slack), WORKSPACE),
        key=KEY,
        workspace_id=WORKSPACE,
        library=Shelf(folder / "playbooks"),
        admins=(second_person()["id"],),
        timing=Timing(),
        rests=Rests(clock.timestamp),
        is_alone=True,
    )
    claim_identity(core, workspace_name="World", marker=None)
    sync_people(core)
    imported: ImportReport = import_people(core, people_file(humans))
    return WorldHouse(core, slack, clock, folder, seed, imported, fate=fate, app_clock=app_clock)


def tokens() -> dict[str, frozenset[str]]:
    """Return the one token and its scopes."""
    return {BOT_TOKEN: BOT_SCOPES}
