"""An outbox and a Slack that a test holds: this module is what the sending loop is tested on."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.messages import Message
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.store.engine import Database, open_database
from nudges.store.tables import DeliveryRow
from tests.builders import a_person
from tests.fakes import FixedDirectory, RecordingMessenger, utc
from tests.places import PLACES

TEAM = "T0TEST"
CROWD = 50
NOON = utc("2027-01-12 12:00")
ALWAYS_OPEN = """
admins: [U0ADMIN]
default_zone: Europe/Lisbon
working_hours: {default: "00:00-23:59 mon-sun"}
holidays: {PT: none}
"""
PATIENCE_S = 20.0


class Desk:
    """A workspace with a crowd, and a Slack that takes posts only while its door is open."""

    def __init__(self, folder: Path) -> None:
        self._began = time.monotonic()
        self.messenger = RecordingMessenger(self.now)
        self.messenger.before_send = self._enter
        self.door = threading.Event()
        self.door.set()
        self.begun: list[float] = []  # when each post began
        self.inside = self.most_inside = 0
        self._lock = threading.Lock()
        self.core = Core(
            db=open_database(PLACES.address(folder / "desk.db")).of_workspace(TEAM),
            clock=self.now,
            messenger=self.messenger,
            directory=FixedDirectory([a_person(delivery_id_of(number)) for number in range(CROWD)]),
            key=b"k" * 32,
            workspace_id=TEAM,
            library=Shelf(folder),
        )

    def now(self) -> datetime:
        """Return an instant that moves on as real time does."""
        return NOON + timedelta(seconds=time.monotonic() - self._began)

    def wave(self, people: int = CROWD) -> None:
        """Let one message be due for each of so many people."""
        with self.core.db.begin() as session:
            for number in range(people):
                told = {"person_id": delivery_id_of(number), "notice_key": f"wave:{number}"}
                tell(session, self.core, **told, text_key="notice.campaign_ended", values={"campaign": "wave"})

    def states(self) -> dict[str, int]:
        """Return how many deliveries are in each state."""
        with self.core.db.reading() as session:
            return dict(Counter(session.execute(select(col(DeliveryRow.status))).scalars()))

    def _enter(self, _person_id: str, _message: Message) -> None:
        with self._lock:
            self.begun.append(time.monotonic())
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        assert self.door.wait(PATIENCE_S), "the test forgot to open the door"
        with self._lock:
            self.inside -= 1


@dataclass(frozen=True)
class FaultyDatabase(Database):
    """A database whose next writings fail, as often as a test says and with what it says."""

    faults: tuple[list[Exception], ...] = ([],)

    @contextmanager
    def begin(self, patience: timedelta | None = None, *, thinks_long: bool = False) -> Iterator[Session]:
        """Give a writing session unless a fault is waiting."""
        if self.faults[0]:
            raise self.faults[0].pop()
        with super().begin(patience, thinks_long=thinks_long) as session:
            yield session


def delivery_id_of(number: int) -> str:
    return f"U0P{number:04d}"
