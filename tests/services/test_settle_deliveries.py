"""Finding out what is not known: this module is the tests that nothing is lost, doubled or guessed."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.errors import InstallationStopped, OutcomeUnknown, TemporaryFailure
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.delivery.settle_deliveries import Settling, abandon_all, settle_deliveries
from nudges.services.own.preferences import stop
from nudges.store import deliveries
from nudges.store.tables import PreferenceRow
from tests.fakes import Lost, utc
from tests.services.house import ANA, BILLING, House, a_text
from tests.soak import lucks

NOT_POSTED = OutcomeUnknown(slack_code="fatal_error")


@pytest.fixture
def due(house: House) -> House:
    """One person's tip is due now; the others want none."""
    house.run(a_text(segments="billing"))
    for person_id in BILLING[1:]:
        stop(house.core, person_id)
    house.at("2027-01-12 09:00")
    house.clock.now = utc("2027-01-12 10:00")
    return house


def after(house: House, **lengths: float) -> Settling:
    """Let time pass and settle."""
    house.clock.advance(**lengths)
    return settle_deliveries(house.core)


def test_a_message_whose_answer_was_lost_is_found_and_counts_as_sent(due: House) -> None:
    due.messenger.answers.append(Lost())
    due.send()
    assert due.delivery().status == "unknown"
    assert after(due, seconds=119) == Settling()
    assert after(due, seconds=1).found == 1
    delivery = due.delivery()
    assert delivery.status == "sent"
    assert delivery.sent_at is not None
    assert f"{delivery.sent_at:%F %T}" == "2027-01-12 10:00:00"
    assert delivery.message_ts == due.messenger.standing[0].receipt.message_ts
    assert due.rows(PreferenceRow, person_id=ANA)[0].introduced_at == delivery.sent_at


def test_the_conversation_is_read_from_a_day_before_the_claim(due: House) -> None:
    due.messenger.answers.append(NOT_POSTED)
    due.send()
    after(due, seconds=120)
    assert due.messenger.finds == [utc("2027-01-11 10:00")]


def test_a_message_posted_while_our_clock_was_hours_ahead_is_found(due: House) -> None:
    due.messenger.answers.append(Lost())
    due.send()
    due.messenger.standing[0] = replace(due.messenger.standing[0], seen_at=utc("2027-01-11 14:00"))
    after(due, seconds=120)
    assert due.delivery().status == "sent"
    assert len(due.messenger.standing) == 1


def test_one_look_that_finds_nothing_is_not_enough(due: House) -> None:
    due.messenger.answers.append(NOT_POSTED)
    due.send()
    assert after(due, seconds=120) == Settling()
    assert due.delivery().status == "unknown"
    assert after(due, seconds=59) == Settling()
    assert after(due, seconds=1).again == 1
    due.send()
    assert due.delivery().status == "sent"
    assert len(due.messenger.standing) == 1


def test_what_is_surely_not_there_expires_when_it_is_stale(due: House) -> None:
    due.messenger.answers.append(NOT_POSTED)
    due.send()
    after(due, seconds=120)
    due.clock.now = utc("2027-01-13 00:00")
    assert settle_deliveries(due.core).expired == 1
    assert due.delivery().status == "expired"


@pytest.mark.parametrize(
    "error",
    [
        TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=3)),
        InstallationStopped(slack_code="missing_scope"),
        ValueError("no JSON"),
    ],
)
def test_a_conversation_that_cannot_be_read_stays_unknown_however_long(due: House, error: Exception) -> None:
    due.messenger.answers.append(NOT_POSTED)
    due.send()
    due.messenger.unreadable = error
    for _ in range(5):
        assert after(due, hours=12).unreadable == 1
    due.send()
    assert due.delivery().status == "unknown"
    assert due.messenger.standing == []


def test_one_unreadable_conversation_does_not_keep_the_others_from_being_settled(house: House) -> None:
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    house.messenger.always = Lost()
    house.at("2027-01-12 10:00")
    find = house.messenger.find

    def find_all_but_ana(person_id: str, *rest: object) -> object:
        if person_id == ANA:
            raise ValueError("no JSON")
        return find(person_id, *rest)  # type: ignore[arg-type]

    house.messenger.find = find_all_but_ana  # type: ignore[assignment,method-assign]
    assert after(house, seconds=120) == Settling(found=8, unreadable=1)


def test_an_unreadable_conversation_is_asked_for_ever_more_rarely(due: House) -> None:
    due.messenger.answers.append(NOT_POSTED)
    due.send()
    due.messenger.unreadable = TemporaryFailure(slack_code="internal_error")
    looks = sum(after(due, minutes=2).unreadable for _ in range(12 * 30))
    assert 4 < looks < 25


def test_nothing_is_posted_again_before_it_is_settled(due: House) -> None:
    due.messenger.answers.append(NOT_POSTED)
    due.send()
    for _ in range(17):
        due.clock.advance(seconds=10)
        due.tick()
        assert len(due.messenger.asked) == 1
    due.clock.advance(seconds=10)
    due.tick()
    assert len(due.messenger.asked) == 2


def test_at_start_what_was_in_flight_is_looked_up_and_not_sent_again(due: House) -> None:
    class Killed(BaseException):
        """The process ends between Slack's answer and our recording it."""

    def die(*_parts: object) -> None:
        raise Killed

    accept = due.messenger._accept
    due.messenger._accept = lambda *parts: (accept(*parts), die())[0]  # type: ignore[method-assign]
    with pytest.raises(Killed):
        due.send()
    due.messenger._accept = accept  # type: ignore[method-assign]
    assert due.delivery().status == "sending"
    assert abandon_all(due.core) == 1
    assert due.send() == []
    assert after(due, seconds=120).found == 1
    assert due.messenger.doubled() == 0


def test_a_claim_past_its_lease_is_looked_up(due: House) -> None:
    with due.core.db.begin() as session:
        (late,) = deliveries.claim_due(session, due.core.workspace_id, now=due.clock(), limit=1)
    assert after(due, seconds=59).abandoned == 0
    assert after(due, seconds=1).abandoned == 1
    with due.core.db.begin() as session:
        assert not deliveries.mark_sent(session, late, channel_id="D", message_ts="1", now=due.clock())


@pytest.mark.parametrize(("delay", "doubled"), [(0, 0), (30, 0), (119, 0), (200, 1)])
def test_a_late_acceptance_doubles_only_when_settling_is_shorter_than_the_delay(
    due: House, delay: int, doubled: int
) -> None:
    due.messenger.answers.append(Lost(timedelta(seconds=delay)))
    due.send()
    for _ in range(40):
        due.clock.advance(seconds=10)
        due.tick()
    assert due.messenger.doubled() == doubled
    assert due.delivery().status == "sent"


@pytest.mark.parametrize("seed", lucks(2))
def test_in_a_storm_of_faults_nothing_is_lost_or_doubled(house: House, seed: int) -> None:
    dice = random.Random(seed)
    house.run(a_text(first_tip='{week: 1, day: tue, at: "10:00", window: 6h}', segments="billing"))
    house.at("2027-01-12 09:00")
    faults = [
        Lost(),
        Lost(timedelta(seconds=100)),
        NOT_POSTED,
        TemporaryFailure(slack_code="connection_refused"),
        TemporaryFailure(slack_code="ratelimited", retry_after=timedelta(seconds=7)),
        RuntimeError("a bug"),
    ]
    house.clock.now = utc("2027-01-12 10:00")
    for _ in range(100):
        house.messenger.answers.clear()
        house.messenger.answers.extend(dice.choice([None, *faults]) for _ in range(9))
        house.messenger.unreadable = dice.choice([None, TemporaryFailure(slack_code="internal_error")])
        house.tick()
        house.clock.advance(seconds=130)
    house.messenger.answers.clear()
    house.messenger.unreadable = None
    house.walk("2027-01-12 17:00")
    assert house.states() == {"sent": 9}
    assert house.messenger.doubled() == 0
    assert len(house.messenger.standing) == 9
    assert sum(message.is_first for one in house.messenger.standing for message in [one.message]) == 9


def test_two_senders_at_once_post_nothing_twice(house: House) -> None:
    house.run(a_text(segments="customer-service", first_tip='{week: 1, day: tue, at: "10:00"}'))
    house.at("2027-01-12 09:30")
    house.clock.now = utc("2027-01-12 10:00")
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(lambda: send_due(house.core, limit=5)) for _ in range(12)]:
            done.result(30)
    assert house.messenger.doubled() == 0
