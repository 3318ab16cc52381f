"""Answers that get lost: this module is the tests that a COMMIT nobody heard of, or a crash, counts once."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.domain.delivery.responses import Feedback
from nudges.errors import NudgerError, StorageError
from nudges.services.answers.record_response import record_answer, record_feedback
from nudges.services.core import Core
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.delivery.settle_deliveries import settle_deliveries
from nudges.store.engine import open_database
from nudges.store.tables import ResponseRow
from tests.databases import PostgresServer
from tests.fakes import utc
from tests.postgres.wire import CuttingProxy
from tests.services.house import (
    ANA,
    BILLING,
    COMPANY,
    TEAM,
    House,
    a_quiz_text,
    a_text,
)
from tests.soak import luck

RESTARTS = 100 if os.environ.get("NUDGER_SOAK") else 5
RECOVERY_S = 10.0


@pytest.fixture
def wire(server: PostgresServer, house: House) -> Iterator[CuttingProxy]:
    """Put a wire that can be cut between the house and its database."""
    with CuttingProxy(server.port) as proxy:
        direct = house.core.db
        address = direct.url.replace(f":{server.port}/", f":{proxy.port}/")
        house.core = replace(house.core, db=open_database(address).of_workspace(TEAM))
        yield proxy
        house.core.db.close()
        house.core = replace(house.core, db=direct)


def test_an_answer_whose_commit_went_unheard_counts_once_when_slack_asks_again(
    house: House, wire: CuttingProxy
) -> None:
    house.run(a_text("find-an-expert", a_quiz_text()))
    house.at("2027-01-12 10:00")
    quiz = house.delivery("first-quiz")
    wire.cuts_left = 1
    with pytest.raises(StorageError):
        record_answer(house.core, ANA, quiz.delivery_id, "channel")
    record_answer(house.core, ANA, quiz.delivery_id, "channel")
    record_answer(house.core, ANA, quiz.delivery_id, "mail")
    assert wire.cuts_done == 1
    (answer,) = house.rows(ResponseRow)
    assert answer.person_id == ANA and answer.is_right


def test_no_lost_commit_anywhere_in_planning_and_sending_doubles_or_loses(house: House, wire: CuttingProxy) -> None:
    house.run(a_text(segments="billing"))
    house.clock.now = utc("2027-01-12 10:00")
    for cut in (1, 0, 1, 0, 1, 0, 1):
        wire.cuts_left = cut
        step(house)
        house.clock.now += house.core.timing.lease / 2
    wire.cuts_left = 0
    settle(house)
    assert wire.cuts_done == 4
    assert Counter(one.person_id for one in house.messenger.standing) == Counter(BILLING)
    assert house.states() == {"sent": len(BILLING)}


@pytest.mark.slow
@pytest.mark.timeout(3600 if RESTARTS > 5 else 170)
def test_a_server_that_crashes_under_load_loses_and_doubles_nothing(house: House, server: PostgresServer) -> None:
    house.write(COMPANY.replace("{day: 1, week: 3}", "{day: 5, week: 15}"), "company")
    house.run(a_text("find-an-expert", *map(tip, range(RESTARTS)), segments="billing"))
    dice, slowest, answered = random.Random(luck(25)), 0.0, set[str]()
    for number in range(RESTARTS):
        house.clock.now = utc("2027-01-11 10:00") + timedelta(days=number % 5, weeks=number // 5)
        crash = threading.Timer(dice.random() * 0.2, server.restart_immediately)
        crash.start()
        while crash.is_alive():
            step(house)
            answer(house, answered)
            house.clock.now += house.core.timing.lease / 8
        slowest = max(slowest, seconds_until_it_works(house))
        settle(house, answered)
    print(f"{RESTARTS} restarts, slowest recovery {slowest:.2f} s, {len(house.messenger.standing)} messages")
    assert slowest < RECOVERY_S
    assert set(Counter(one.delivery_id for one in house.messenger.standing).values()) == {1}
    assert len(house.messenger.standing) == len(house.rows(status="sent")) == RESTARTS * len(BILLING)
    assert len(house.rows(ResponseRow)) == len(answered) == RESTARTS * len(BILLING)


def tip(number: int) -> str:
    week, day = number // 5 + 1, ("mon", "tue", "wed", "thu", "fri")[number % 5]
    return f'\n  - tip: tip-{number}\n    when: {{week: {week}, day: {day}, at: "10:00"}}\n    text: Ask.\n'


def answer(house: House, answered: set[str]) -> None:
    """Let everybody tap Useful under what they have got, again and again until it is heard."""
    for one in house.messenger.standing:
        if one.delivery_id in answered:
            continue
        with suppress(NudgerError):
            record_feedback(house.core, one.person_id, one.delivery_id, Feedback.USEFUL)
            answered.add(one.delivery_id)


def step(house: House) -> None:
    """Do what the app does every half minute; each part fails by itself, as its jobs do."""
    for part in (plan_deliveries, settle_deliveries, _send):
        with suppress(NudgerError):
            part(house.core)


def _send(core: Core) -> None:
    send_due(core, limit=5)


def settle(house: House, answered: set[str] | None = None) -> None:
    """Let everything that is open come to its end."""
    for _ in range(6):
        house.clock.now += house.core.timing.settle
        settle_deliveries(house.core)
        plan_deliveries(house.core)
        house.send()
    answer(house, set() if answered is None else answered)


def seconds_until_it_works(house: House) -> float:
    started = time.monotonic()
    while True:
        with suppress(StorageError), house.core.db.begin():
            return time.monotonic() - started
