"""A no that arrives in the middle of a posting: this module lets it commit at every point there is, thousands of times.

A posting is a row of transactions with one request between them. At each end of each of them, and while the request is
under way, somebody stops, pauses, is deactivated, is erased, or has the campaign paused. `NUDGER_SOAK=1` runs 10,000.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from itertools import product

import pytest
from sqlalchemy.orm import Session

from nudges.domain.delivery.messages import Message
from nudges.domain.people.people import PersonKind
from nudges.errors import OutcomeUnknown, TemporaryFailure
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.delivery.settle_deliveries import settle_deliveries
from nudges.services.delivery.steer import pause_campaigns
from nudges.services.keeping.forget_person import forget
from nudges.services.own.preferences import pause, stop
from nudges.services.people.sync_people import sync_people
from nudges.store.engine import Database, open_database
from tests.builders import a_person
from tests.fakes import Answer, Lost, utc
from tests.services.house import ADMIN, ANA, BILLING, House, a_text
from tests.soak import luck, times

RACES = times(60, 10_000)
MOST_POINTS = 12
DUE = utc("2027-01-12 10:00")


class Act(StrEnum):
    """What somebody does in the middle."""

    STOP = "stop"
    PAUSE = "pause"
    DEACTIVATE = "deactivate"
    ERASE = "erase"
    PAUSE_CAMPAIGN = "pause the campaign"


ANSWERS: tuple[Answer, ...] = (
    None,
    None,
    Lost(),
    OutcomeUnknown(slack_code="fatal_error"),
    TemporaryFailure(slack_code="connection_refused"),
    TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=5)),
)


@dataclass
class Track:
    """What happens in which order: the ends of transactions, the request, the act."""

    act_at: int = -1  # the point at which the act is done; -1: never
    act: Callable[[], object] = lambda: None
    points: list[str] = field(default_factory=list)
    acted_at: int = -1
    is_acting: bool = False

    def pass_by(self, name: str) -> None:
        """Note a point, and act when it is the one."""
        if self.is_acting:
            return
        self.points.append(name)
        if len(self.points) - 1 != self.act_at:
            return
        self.is_acting = True
        self.act()
        self.is_acting, self.acted_at = False, len(self.points) - 1


@dataclass(frozen=True)
class TrackedDatabase(Database):
    """A database that tells when each transaction begins and has ended."""

    track: Track = field(default_factory=Track)

    @contextmanager
    def begin(self, patience: timedelta | None = None, *, thinks_long: bool = False) -> Iterator[Session]:
        """Give a writing session as ever."""
        self.track.pass_by("before writing")
        with super().begin(patience, thinks_long=thinks_long) as session:
            yield session
        self.track.pass_by("written")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a reading session as ever."""
        self.track.pass_by("before the look")
        with super().reading() as session:
            yield session
        self.track.pass_by("looked")


class Races:
    """One person's delivery, posted again and again from the same beginning."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.track = Track()
        values = {name: getattr(house.core.db, name) for name in ("url", "writer", "reader", "is_scratch")}
        tracked = TrackedDatabase(**values, workspace_id=house.core.workspace_id, track=self.track)
        self.plain, house.core = house.core, replace(house.core, db=tracked)
        house.messenger.before_send = self._asked
        self.snapshot = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(str(self.plain.db.sqlite_path))) as file:
            file.backup(self.snapshot)

    def run(self, act: Act, point: int, answer: Answer) -> bool:
        """Race once; return whether there was such a point. What must not happen fails."""
        self._begin_anew()
        self.track.__init__(point, lambda: self._do(act))  # type: ignore[misc]
        self.house.messenger.answers.append(answer)
        send_due(self.house.core, limit=1)
        if self.track.acted_at < 0:
            return False
        self._judge(act)
        return True

    def _begin_anew(self) -> None:
        house = self.house
        house.clock.now = DUE
        house.messenger.answers.clear()
        house.messenger.standing.clear()
        house.directory.replace(a_person(ANA))
        with closing(sqlite3.connect(str(self.plain.db.sqlite_path), timeout=5)) as file:
            self.snapshot.backup(file)

    def _asked(self, _person_id: str, _message: Message) -> None:
        self.track.pass_by("post")

    def _judge(self, act: Act) -> None:
        """The last look at the data decides: after a no that it could see, nothing is posted; later nothing ever is."""
        track = self.track
        posts = [number for number, name in enumerate(track.points) if name == "post"]
        looks = [number for number, name in enumerate(track.points) if name == "before the look"]
        for post in posts:
            last_look = max(number for number in looks if number < post)
            assert track.acted_at > last_look, f"posted after {act} at {track.points}"
        assert len(posts) <= 1
        track.act_at = -1
        self._afterwards(act)

    def _afterwards(self, act: Act) -> None:
        """Whatever came of it, nothing goes out to them from now on, and nothing stays on its way."""
        house, asked = self.house, len(self.house.messenger.asked)
        house.messenger.answers.clear()
        for minutes in (3, 5, 30):
            house.clock.now = DUE + timedelta(minutes=minutes)
            settle_deliveries(self.plain)
            send_due(self.plain, limit=1)
        assert len(house.messenger.asked) == asked, f"posted after {act}"
        assert house.messenger.doubled() == 0
        rows = house.rows(person_id=ANA)
        assert [row for row in rows if row.status == "sending"] == []
        if act is Act.ERASE:
            assert rows == []

    def _do(self, act: Act) -> None:
        core = self.plain
        if act is Act.STOP:
            stop(core, ANA)
        elif act is Act.PAUSE:
            pause(core, ANA, 14)
        elif act is Act.DEACTIVATE:
            self.house.directory.replace(a_person(ANA, kind=PersonKind.DEACTIVATED))
            sync_people(core)
        elif act is Act.ERASE:
            forget(core, ANA)
        else:
            assert pause_campaigns(core, ADMIN, "find-an-expert")


@pytest.fixture
def races(house: House) -> Iterator[Races]:
    """Ana's tip is due; nobody else wants any."""
    house.core = replace(house.core, db=_without_disk(house.core.db))
    house.run(a_text(first_tip='{week: 1, day: tue, at: "10:00", valid_for: 3d}', segments="billing"))
    for person_id in BILLING[1:]:
        stop(house.core, person_id)
    house.at("2027-01-12 09:00")
    house.clock.now = DUE
    found = Races(house)
    yield found
    found.snapshot.close()


def _without_disk(database: Database) -> Database:
    database.close()
    return open_database(database.url, is_scratch=True).of_workspace(database.workspace_id)


pytestmark = pytest.mark.sqlite_only  # each race begins from a copied file; what is raced is the same on both


def test_a_no_at_any_point_of_a_posting_is_heeded(races: Races) -> None:
    found = Counter(
        act for act, point, answer in product(Act, range(MOST_POINTS), (None, Lost())) if races.run(act, point, answer)
    )
    assert min(found[act] for act in Act) >= 2 * 7, "claim, look, post and record each have a beginning and an end"


def test_in_random_races_under_random_answers_nothing_is_sent_after_a_no(races: Races) -> None:
    dice = random.Random(luck(8))
    done = sum(races.run(dice.choice(list(Act)), dice.randrange(8), dice.choice(ANSWERS)) for _ in range(RACES))
    assert done > RACES * 0.6
