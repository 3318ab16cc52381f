"""A period and its end: this module lets people report within one, and closes it."""

from collections.abc import Iterable

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.answers.record_response import record_barrier
from nudges.services.barriers.review_barriers import Review, review_barriers
from tests.fakes import utc
from tests.services.house import (
    ANA,
    House,
    a_text,
)

DISCOURAGES = BarrierKind.MANAGER_DISCOURAGES
NOON = "2027-01-12 12:00"
LAST_DAY = "2027-01-31 23:59"  # the first period began on Monday 4 January
NEXT = "2027-02-01 00:00"
REMEDY = "remedies:\n  manager_discourages: [{do: Ask Dana to post first, by: owner, within: 7d}]\n"


def open_a_period(house: House) -> None:
    house.run(a_text(more=REMEDY, segments="billing"))
    house.walk(NOON)


def say(house: House, people: Iterable[str], kind: BarrierKind = DISCOURAGES, *, is_under_nudge: bool = True) -> None:
    """Let these people report, under a nudge of the playbook or on Home."""
    if is_under_nudge and not house.rows(person_id=ANA, status="sent"):
        house.walk(NOON)
    for person_id in people:
        delivery_id = house.delivery(person_id=person_id).delivery_id if is_under_nudge else ""
        record_barrier(house.core, person_id, delivery_id, kind)


def close(house: House, at: str = NEXT) -> Review:
    house.clock.now = utc(at)
    return review_barriers(house.core)
