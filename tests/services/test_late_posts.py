"""What becomes of a post that comes after its claim had run out: the tests that nobody keeps the same message twice."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from nudges.domain.delivery.messages import Message
from nudges.errors import TemporaryFailure
from nudges.services.delivery.settle_deliveries import settle_deliveries
from nudges.services.keeping.forget_person import forget
from tests.fakes import RecordingMessenger, utc
from tests.services.house import BILLING, House, a_text

DUE = utc("2027-01-12 10:00")


@pytest.fixture
def waiting(house: House) -> House:
    """A house in which one message is due; its process will sleep in the middle of the post."""
    house.run(a_text(first_tip='{week: 1, day: tue, at: "10:00", valid_for: 2d}', segments="billing"))
    house.at("2027-01-12 09:00")
    house.clock.now = DUE
    return house


def while_it_sleeps(house: House, happens: Callable[[], object]) -> None:
    """Let something happen between the last look at the clock and the moment Slack takes the first post."""
    slack: RecordingMessenger = house.messenger

    def sleep(_person_id: str, _message: Message) -> None:
        slack.before_send = lambda _person_id, _message: None
        happens()

    slack.before_send = sleep
    house.send(limit=1)


def looked_up_in_vain(house: House) -> None:
    house.clock.advance(minutes=6)
    for _ in range(3):
        settle_deliveries(house.core)
        house.clock.advance(minutes=2)


def sent_anew(house: House) -> None:
    looked_up_in_vain(house)
    house.send()


def where_it_stands(house: House) -> list[tuple[str, str]]:
    """Return each message that stands at Slack, by its delivery and its name there."""
    return sorted((one.delivery_id, one.receipt.message_ts) for one in house.messenger.standing)


def where_it_is_noted(house: House) -> list[tuple[str, str]]:
    with house.core.db.reading() as session:
        asked = "SELECT delivery_id, message_ts FROM deliveries WHERE status = 'sent' ORDER BY delivery_id"
        return [tuple(row) for row in session.execute(text(asked))]


def test_a_late_post_beside_the_one_that_was_sent_anew_is_taken_away(waiting: House) -> None:
    while_it_sleeps(waiting, lambda: sent_anew(waiting))
    assert len(waiting.messenger.deleted) == 1
    assert where_it_stands(waiting) == where_it_is_noted(waiting) != []


def test_a_late_post_that_nobody_has_sent_anew_is_the_message(waiting: House) -> None:
    while_it_sleeps(waiting, lambda: looked_up_in_vain(waiting))
    waiting.tick()
    assert waiting.messenger.deleted == []
    assert where_it_stands(waiting) == where_it_is_noted(waiting) != []


def test_a_late_post_that_cannot_be_taken_away_harms_nothing_else(waiting: House) -> None:
    waiting.messenger.change_answers.append(TemporaryFailure(slack_code="internal_error"))
    while_it_sleeps(waiting, lambda: sent_anew(waiting))
    assert waiting.states() == {"sent": len(BILLING)}


def test_what_arrives_for_somebody_who_was_forgotten_meanwhile_is_taken_away(waiting: House) -> None:
    while_it_sleeps(waiting, lambda: [forget(waiting.core, id_) for id_ in BILLING])
    waiting.tick()
    assert where_it_stands(waiting) == []
