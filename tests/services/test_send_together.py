"""One look and one note for a whole batch: this module tests that it sends what sending one by one sends."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery
from nudges.errors import OutcomeUnknown
from nudges.services.delivery.send_deliveries import Attempt, send_due
from nudges.services.delivery.settle_deliveries import abandon_all
from nudges.services.own.preferences import stop
from nudges.store import ahead, campaigns, history, people
from nudges.store.tables import PreferenceRow
from tests.fakes import utc
from tests.services.house import ADMIN, ANA, House, a_text

NINE = 9
NOBODY = "U0NOBODY"


@pytest.fixture
def due(house: House) -> House:
    """Nine people for whom a tip is due, in an app that nobody else writes beside."""
    house.core = replace(house.core, is_alone=True)
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    house.clock.now = utc("2027-01-12 10:00")
    return house


class Killed(BaseException):
    """The process ends here."""


def killed_before(place: int) -> Callable[[Callable[[Delivery], Attempt], list[Delivery]], Iterable[Attempt]]:
    def run(post: Callable[[Delivery], Attempt], claimed: list[Delivery]) -> Iterable[Attempt]:
        for delivery in claimed[:place]:
            post(delivery)
        raise Killed

    return run


def statements(house: House) -> list[str]:
    """Return a list that grows with each statement from now on."""
    said: list[str] = []
    for engine in (house.core.db.reader, house.core.db.writer):
        event.listen(engine, "before_cursor_execute", lambda *asked: said.append(asked[2]))
    return said


@pytest.mark.parametrize("is_alone", [True, False])
def test_a_batch_leaves_the_same_rows_as_posting_one_by_one(due: House, is_alone: bool) -> None:
    due.core = replace(due.core, is_alone=is_alone)
    stop(due.core, ANA)
    due.messenger.answers.append(OutcomeUnknown(slack_code="fatal_error"))
    due.send()
    assert due.states() == {"sent": NINE - 2, "unknown": 1, "skipped:stopped": 1}
    introduced = {row.person_id: row.channel_id for row in due.rows(PreferenceRow) if row.introduced_at}
    sent = {row.person_id: row.channel_id for row in due.rows(status="sent")}
    assert introduced == sent
    assert {one.person_id for one in due.messenger.standing} == sent.keys()


def test_a_stop_after_one_batch_holds_for_the_next(due: House) -> None:
    send_due(due.core, limit=3)
    (waiting, *_) = due.rows(status="planned")
    stop(due.core, waiting.person_id)
    due.send()
    assert due.messenger.sent_to(waiting.person_id) == []


def test_a_kill_within_a_batch_leaves_what_was_posted_to_be_looked_up(due: House) -> None:
    with pytest.raises(Killed):
        send_due(due.core, limit=20, run=killed_before(4))
    assert due.states() == {"sending": NINE}
    abandon_all(due.core)
    due.at("2027-01-12 10:03")
    due.at("2027-01-12 10:05")
    assert due.states() == {"sent": NINE}
    assert len(due.messenger.standing) == NINE


def test_nine_posts_together_take_few_statements(due: House) -> None:
    said = statements(due)
    assert len(send_due(due.core, limit=20)) == NINE
    assert len([one for one in said if "UPDATE deliveries" in one]) == 2  # the claim, and the marks of all
    assert len(said) < 2 * NINE


def test_a_second_message_in_the_same_conversation_does_not_note_it_again(due: House) -> None:
    due.send()
    due.run(a_text("write-it-once", segments="billing"), "write-it-once")
    said = statements(due)
    due.at("2027-01-19 10:00")
    assert due.rows(status="sent", campaign_id=2)
    assert not [one for one in said if "INTO preferences" in one]


def test_what_is_looked_up_together_is_what_each_is_told_alone(due: House) -> None:
    due.send()
    stop(due.core, ADMIN)
    claimed = [due.delivery(person_id=row.person_id) for row in due.rows(nudge_key="first-tip")]
    claimed += [replace(claimed[0], person_id=NOBODY), replace(claimed[0], person_id=ADMIN)]
    with due.core.db.reading() as together:
        ahead.look_ahead(together, due.core.workspace_id, claimed)
        said = statements(due)
        for one in claimed:
            with due.core.db.reading() as alone:
                assert told(together, due, one) == told(alone, due, one)
        assert len(said) == len(claimed) * len(told(together, due, claimed[0]))  # all of them asked alone


def told(session: Session, house: House, one: Delivery) -> tuple[object, ...]:
    here = house.core.workspace_id
    return (
        people.person(session, here, one.person_id),
        people.preference(session, here, one.person_id),
        campaigns.member(session, one.campaign_id, one.person_id),
        history.sendings(session, here, one.person_id, besides=one.delivery_id),
    )


def test_an_empty_batch_asks_for_nothing(due: House) -> None:
    due.send()
    said = statements(due)
    assert send_due(due.core, limit=20) == []
    assert not [one for one in said if "FROM people" in one]
