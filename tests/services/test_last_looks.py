"""The last look before a posting: it misses nothing, and reads only where something was stored meanwhile."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event

from nudges.domain.delivery.messages import Message
from nudges.services.delivery.last_looks import LastLooks
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.own.preferences import stop
from nudges.store import campaigns
from nudges.store.ahead import standings_of
from nudges.store.stamps import Stamp, stamping
from tests.fakes import utc
from tests.services.house import ADMIN, House, a_text

NINE = 9


@pytest.fixture
def due(house: House) -> House:
    """Nine people for whom a tip is due."""
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    house.clock.now = utc("2027-01-12 10:00")
    return house


@pytest.fixture
def stamp(due: House) -> Iterator[Stamp]:
    with stamping(due.core.db) as found:
        yield found


def looks_of(house: House, stamp: Stamp) -> tuple[LastLooks, list[str]]:
    """Return the last looks of all that waits, and a list that grows with each statement that reads."""
    said: list[str] = []
    ids, since = sorted(row.delivery_id for row in house.rows()), stamp()
    with house.core.db.reading() as session:
        known = standings_of(session, ids)
    event.listen(house.core.db.reader, "before_cursor_execute", lambda *asked: said.append(asked[2]))
    return LastLooks(house.core, stamp, since=since, known=known), said


def test_what_is_stored_for_anybody_is_seen_by_the_next_look(due: House, stamp: Stamp) -> None:
    looks, _ = looks_of(due, stamp)
    first, *others = sorted(due.rows(), key=lambda row: row.delivery_id)
    assert looks.is_as_it_was(first.delivery_id)
    stop(due.core, others[3].person_id)
    assert [looks.is_as_it_was(one.delivery_id) for one in others] == [place != 3 for place in range(NINE - 1)]


@pytest.mark.sqlite_only
def test_while_nobody_stores_anything_nothing_is_read_again_and_then_all_that_is_left_at_once(
    due: House, stamp: Stamp
) -> None:
    first, second, *others = sorted(row.delivery_id for row in due.rows())
    looks, said = looks_of(due, stamp)
    assert looks.is_as_it_was(first)
    assert looks.is_as_it_was(second)
    assert said == []
    stop(due.core, ADMIN)
    said.clear()
    assert all(looks.is_as_it_was(one) for one in others)
    assert len(said) == 1


@pytest.mark.sqlite_only
def test_a_stamp_changes_with_what_is_committed_and_with_nothing_else(due: House, stamp: Stamp) -> None:
    before = stamp()
    due.rows()
    assert stamp() == before
    with due.core.db.begin() as session:
        campaigns.stop_nudge(session, 1, "first-tip", slack_code=campaigns.RECALLED, now=due.clock.now)
        assert stamp() == before, "not yet"
    assert stamp() != before


def test_a_no_that_comes_while_a_batch_is_posted_keeps_back_all_who_are_still_to_come(due: House) -> None:
    due.core = replace(due.core, is_alone=False)

    def say_no(person_id: str, _message: Message) -> None:
        due.messenger.before_send = lambda _person_id, _message: None
        for row in due.rows(status="sending"):
            if row.person_id != person_id:
                stop(due.core, row.person_id)

    due.messenger.before_send = say_no
    assert len(send_due(due.core, limit=20)) == NINE
    assert due.states() == {"sent": 1, "skipped:stopped": NINE - 1}
