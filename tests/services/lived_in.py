"""A house somebody has lived in: this module is how they lived, and looks for them in every table."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import text

from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.delivery.responses import Feedback
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.recall.recall import Met, answered
from nudges.services.answers.record_response import record_answer, record_barrier, record_feedback, record_reply
from nudges.services.barriers.review_barriers import review_barriers
from nudges.services.own.preferences import pause
from nudges.services.own.saved_nudges import save
from nudges.services.own.votes import vote
from nudges.store import recall
from nudges.store.tables import Row
from tests.fakes import utc
from tests.services.house import (
    ANA,
    BILLING,
    TEAM,
    TUESDAY_AT_TEN,
    House,
    a_quiz_text,
    a_text,
)


def live_a_month(house: House) -> None:
    house.run(
        a_text("find-an-expert", a_quiz_text("quiz", '{week: 2, day: tue, at: "10:00"}'), first_tip=TUESDAY_AT_TEN)
    )
    vote(house.core, ANA, "find-an-expert")
    review_barriers(house.core)
    house.walk("2027-01-20 10:00")
    record_answer(house.core, ANA, house.delivery("quiz").delivery_id, "mail")
    record_feedback(house.core, ANA, house.delivery("first-tip").delivery_id, Feedback.USEFUL)
    record_reply(house.core, ANA, "Ev1", "I like this a lot")
    record_reply(house.core, ANA, "Ev2", "My boss hates it when we post there")  # asked back, and not answered yet
    save(house.core, ANA, house.delivery("first-tip").delivery_id)
    for person_id in BILLING[:5]:
        record_barrier(house.core, person_id, "", BarrierKind.MANAGER_DISCOURAGES, f"words of {person_id}")
    pause(house.core, ANA, 3)
    house.walk("2027-02-01 10:00")
    met_on = utc("2027-01-20 10:00")
    card = answered(None, is_right=False, confidence="sure", now=met_on)
    with house.core.db.begin() as session:
        recall.keep(session, TEAM, Met(ANA, 1, "quiz", card, met_on, card.due_at))


def cells(house: House) -> Iterator[tuple[str, str, str]]:
    """Give table, column and text of everything in the database file."""
    for name, table in Row.metadata.tables.items():
        with house.core.db.reading() as session:
            for row in session.execute(text(f"SELECT * FROM {name}")).mappings():
                yield from ((name, one.key, str(row[one.key])) for one in table.columns)


def where(house: House, *wanted: str) -> set[str]:
    return {name for name, _, value in cells(house) if any(one in value for one in wanted)}


def hashed(house: House, person_id: str = ANA) -> str:
    return person_hash(key=house.core.key, workspace_id=TEAM, person_id=person_id)


# ---- what people see of themselves


def plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    else:
        yield plain(value)
