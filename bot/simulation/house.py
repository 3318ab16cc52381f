"""The real app round a Slack in process: this module builds it in a scratch folder, and builds it anew after a crash.

Nothing of it reaches the network: the Slack is the sandbox's own engine, called as a function.
"""

import hashlib
import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import cast

from bot.sandbox.in_process import InProcessClient
from bot.sandbox.records import Json
from bot.sandbox.workspace import BOT_SCOPES, BOT_TOKEN, Slack
from bot.simulation.approving import APPROVER
from bot.simulation.clock import SteppedClock
from bot.slack_api import PooledWebClient, SlackDirectory, SlackMessenger
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core, Timing
from nudges.services.delivery.settle_deliveries import abandon_all
from nudges.services.keeping.identity import claim_identity
from nudges.services.people.sync_people import ImportReport, import_people, sync_people
from nudges.store.alone import open_alone
from nudges.store.engine import Database, checkpoint, open_database
from nudges.store.migrate import upgrade

WORKSPACE = "T0SANDBOX"
MAY_READ_EMAIL = "users:read.email"  # so that a people file by address can be rehearsed with; they stay in memory
QUIET = ("nudges", "bot", "alembic", "slack_sdk")


@dataclass(frozen=True)
class Cast:
    """Who plays: what Slack lists, and the people file that goes with it."""

    users: tuple[Json, ...]
    people_csv: str


@dataclass
class House:
    """The app, its Slack, its clock; `core` is replaced when the app is built anew."""

    core: Core
    slack: Slack
    clock: SteppedClock
    folder: Path
    seed: int
    imported: ImportReport
    crashes: int = field(default=0)

    def crash(self) -> None:
        """Drop every object of the app, keep what the database has committed, and build it anew, as after a kill."""
        self.crashes += 1
        self.core.db.close()
        self.core = replace(self.core, db=database_in(self.folder), messenger=messenger(self.slack))
        abandon_all(self.core)

    def close(self) -> None:
        """Close the database."""
        self.core.db.close()


def furnish(folder: Path, playbooks: Path, cast: Cast, clock: SteppedClock, *, seed: int) -> House:
    """Return a house in which everybody has moved in: directory read, people file imported; nothing published yet."""
    # Real time is virtual time here: limits, timestamps and belated calls all follow the one clock.
    slack = Slack(
        people=(*cast.users, second_person()),
        real=clock.timestamp,
        seed=seed,
        tokens={BOT_TOKEN: BOT_SCOPES | {MAY_READ_EMAIL}},
    )
    core = Core(
        db=database_in(folder),
        clock=clock,
        messenger=messenger(slack),
        directory=SlackDirectory(InProcessClient(slack), WORKSPACE),
        key=hashlib.sha256(f"rehearsal:{seed}".encode()).digest(),
        workspace_id=WORKSPACE,
        library=Shelf(playbooks),
        admins=(APPROVER,),
        timing=Timing(lease=timedelta(seconds=60), settle=timedelta(seconds=120), second_read=timedelta(seconds=60)),
        is_alone=True,
    )
    claim_identity(core, workspace_name="Rehearsal", marker=None)
    sync_people(core)
    imported = import_people(core, cast.people_csv)
    return House(core, slack, clock, folder, seed, imported)


def messenger(slack: Slack) -> SlackMessenger:
    """Return the real messenger over a client that calls the engine instead of the network."""
    return SlackMessenger(cast(PooledWebClient, InProcessClient(slack)))  # it posts through the same methods


def second_person() -> Json:
    """Return the account of the second person; without one who is known, nothing could be put before anybody."""
    profile = {"first_name": "Second", "real_name": "Second person", "team": WORKSPACE}
    account = {"id": APPROVER, "team_id": WORKSPACE, "name": APPROVER.lower(), "real_name": "Second person", "tz": ""}
    return account | {"profile": profile, "deleted": False, "is_bot": False, "is_restricted": True, "updated": 0}


def hush() -> None:
    """Keep the app's own log out of a rehearsal: thousands of lines, all of them expected."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def database_in(folder: Path, opened: Callable[[str], Database] = open_alone) -> Database:
    """Return the database of a folder, made if it is not there; `opened` for one that others may look into."""
    file = folder / "rehearsal.db"
    if not file.exists():
        file.write_bytes(_blank())
    return opened(f"sqlite:///{file}")


@cache
def _blank() -> bytes:
    """Return an empty database with all tables; made once, because it takes longer than to live through a week."""
    with tempfile.TemporaryDirectory(prefix="nudger-blank-") as name:
        file = Path(name) / "blank.db"
        database = open_database(f"sqlite:///{file}", is_scratch=True)
        upgrade(database)
        checkpoint(database)
        database.close()
        return file.read_bytes()
