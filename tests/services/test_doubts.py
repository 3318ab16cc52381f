"""What was in doubt: this module is the tests that admins hear of it, and how each doubt ended."""

from bot.blocks.answers_status import health_answer, status_answer
from bot.cli.reports import _text
from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.delivery.doubts import Doubts
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.delivery.settle_deliveries import abandon_all, settle_deliveries
from nudges.services.measuring.read_status import health, status
from nudges.store.tables import DeliveryRow
from tests.services.house import ADMIN, House, a_text


def be_due(house: House) -> None:
    """Plan a tip for nine people; it is time to send it."""
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    house.clock.advance(hours=1)


class Crash(BaseException):
    """The process ends here."""


def claim_and_die(house: House) -> None:
    house.messenger.before_send = lambda _person, _message: die()
    try:
        send_due(house.core, limit=1)
    except Crash:
        house.messenger.before_send = lambda _person, _message: None


def send_due_and_forget(house: House) -> None:
    """Post one and die before it is noted."""
    accept = house.messenger._accept

    def accept_and_die(*args: object) -> None:
        accept(*args)  # type: ignore[arg-type]
        die()

    house.messenger._accept = accept_and_die  # type: ignore[method-assign, assignment]
    try:
        send_due(house.core, limit=1)
    except Crash:
        house.messenger._accept = accept  # type: ignore[method-assign]


def die() -> None:
    raise Crash


def doubts(house: House) -> Doubts:
    told = health(house.core).doubts
    assert told == status(house.core, ADMIN).doubts
    return told


def test_after_a_crash_admins_hear_what_was_in_doubt_and_how_it_ended(house: House) -> None:
    be_due(house)
    for _ in range(2):
        send_due_and_forget(house)
    claim_and_die(house)
    assert doubts(house) == Doubts()

    abandon_all(house.core)  # started again
    assert doubts(house) == Doubts(unsettled=3)
    for _ in range(2):  # two looks
        house.clock.advance(minutes=3)
        settle_deliveries(house.core)
    assert doubts(house) == Doubts(found=2, waiting=1)
    house.send()
    assert doubts(house) == Doubts(found=2, again=1)
    assert house.messenger.doubled() == 0
    house.clock.advance(days=8)
    assert doubts(house) == Doubts()


def test_what_was_in_doubt_for_too_long_is_not_sent_again_and_said(house: House) -> None:
    be_due(house)
    claim_and_die(house)
    house.clock.advance(days=2)
    abandon_all(house.core)
    for _ in range(2):
        house.clock.advance(minutes=3)
        settle_deliveries(house.core)
    assert doubts(house) == Doubts(too_late=1)


def test_what_gave_way_to_another_message_is_told_apart_from_what_nobody_wants(house: House) -> None:
    be_due(house)
    for _ in range(2):
        claim_and_die(house)
    abandon_all(house.core)
    with house.core.db.begin() as session:
        first, second = (row.delivery_id for row in house.rows(status="unknown"))
        for delivery_id, reason in ((first, SkipReason.CAP_DAY), (second, SkipReason.STOPPED)):
            row = session.get_one(DeliveryRow, delivery_id)
            row.status, row.reason = DeliveryStatus.SKIPPED, reason
    assert doubts(house) == Doubts(full=1, given_up=1)


def test_the_words_are_the_same_in_slack_and_in_the_terminal(house: House) -> None:
    be_due(house)
    send_due_and_forget(house)
    abandon_all(house.core)
    for _ in range(2):
        house.clock.advance(minutes=3)
        settle_deliveries(house.core)
    words = "In the last seven days it was unknown of 1 message whether it had arrived: 1 was found at Slack."
    assert words in str(health_answer(health(house.core)).blocks)
    assert words in str(status_answer(status(house.core, ADMIN)).blocks)
    assert "In doubt within the last seven days: 1 (1 found at Slack)." in _text(status(house.core, ADMIN))
