"""A large wave in which one answer in seven goes wrong: this module counts what stands at Slack when all is settled.

`NUDGER_SOAK=1` sends a hundred thousand.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nudges.domain.delivery.messages import Message
from nudges.errors import OutcomeUnknown, TemporaryFailure
from nudges.ports import Receipt
from nudges.services.delivery.settle_deliveries import settle_deliveries
from nudges.services.people.sync_people import import_people, sync_people
from nudges.store.engine import open_database
from tests.builders import a_person
from tests.fakes import Answer, Lost, utc
from tests.services.house import House, a_text, people_csv
from tests.soak import luck, times

WAVE = times(250, 100_000)
SHARE = 0.15
CONNECTION_CUT = Lost()
TIMED_OUT = Lost(timedelta(seconds=30))  # Slack takes it when we have already given up
BROKE_AFTERWARDS = Lost(timedelta(seconds=1))
BROKE_BEFORE = OutcomeUnknown(slack_code="http_500")
REFUSED = TemporaryFailure(slack_code="connection_refused")
FAULTS: tuple[Answer, ...] = (CONNECTION_CUT, CONNECTION_CUT, TIMED_OUT, BROKE_AFTERWARDS, BROKE_BEFORE, REFUSED)


class ForgetfulSlack:
    """Takes every post it is meant to take, and answers six in seven of them."""

    def __init__(self, clock: object, seed: int) -> None:
        self._clock = clock
        self._luck = random.Random(seed)
        self.standing: dict[str, list[datetime]] = {}  # by delivery, when each of its messages can be read
        self.lost = 0

    def send(self, person_id: str, message: Message) -> Receipt:
        answer = self._luck.choice(FAULTS) if self._luck.random() < SHARE else None
        if isinstance(answer, Exception):
            raise answer
        self.standing.setdefault(message.delivery_id, []).append(
            self._now() + (answer.after if answer else timedelta(0))
        )
        if answer is not None:
            self.lost += 1
            raise OutcomeUnknown(slack_code="lost_answer")
        return self._receipt(person_id, message.delivery_id)

    def find(self, person_id: str, _channel_id: str, delivery_id: str, since: datetime, *_: object) -> Receipt | None:
        if self._luck.random() < SHARE:
            raise TemporaryFailure(slack_code="internal_error")
        seen = [at for at in self.standing.get(delivery_id, ()) if since <= at <= self._now()]
        return self._receipt(person_id, delivery_id) if seen else None

    def _now(self) -> datetime:
        now: datetime = self._clock()  # type: ignore[operator]
        return now

    def _receipt(self, person_id: str, delivery_id: str) -> Receipt:
        return Receipt(f"D{person_id[1:]}", f"{self.standing[delivery_id][0].timestamp():.6f}")


@pytest.fixture
def crowd(house: House) -> Iterator[House]:
    """A company in which so many are due at ten on Tuesday; the machine's disk is not what is tested."""
    house.core.db.close()
    scratch = open_database(house.core.db.url, is_scratch=house.core.db.is_sqlite)
    house.core = replace(house.core, db=scratch.of_workspace(house.core.workspace_id))
    everybody = [a_person(f"U0C{number:06d}") for number in range(WAVE)]
    house.directory.everybody += everybody
    sync_people(house.core)
    import_people(house.core, people_csv(everybody))
    house.run(a_text(first_tip='{week: 1, day: tue, at: "10:00", valid_for: 90d}', segments="billing"))
    house.at("2027-01-12 09:00")
    yield house


def test_in_a_wave_with_one_fault_in_seven_none_is_doubled_and_none_lost(crowd: House) -> None:
    slack = ForgetfulSlack(crowd.clock, seed=luck(3))
    crowd.core = replace(crowd.core, messenger=slack)  # type: ignore[arg-type]  # of the port it uses two methods
    crowd.clock.now = utc("2027-01-12 10:00")
    while _is_open(crowd):
        while _is_daytime(crowd) and crowd.send():
            pass
        settle_deliveries(crowd.core)
        crowd.clock.advance(seconds=61)
        if not _is_daytime(crowd):
            crowd.clock.now = (crowd.clock.now + timedelta(hours=15)).replace(hour=10, minute=0)
    assert crowd.states()["sent"] == sum(crowd.states().values()) >= WAVE
    assert sum(len(one) - 1 for one in slack.standing.values()) == 0, "some stand twice"
    assert len(slack.standing) == sum(crowd.states().values()), "some are missing"
    assert slack.lost > WAVE * SHARE / 3


def _is_open(house: House) -> bool:
    return not house.states().keys().isdisjoint(("planned", "sending", "retry", "unknown"))


def _is_daytime(house: House) -> bool:
    return 10 <= house.clock().hour < 16 and house.clock().weekday() < 5
