"""People who say what is in the way: this module writes their words, and reads what is kept of them."""

from nudges.domain.barriers.evidence import AskBack
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.answers.record_response import record_reply
from nudges.services.barriers.review_barriers import review_barriers
from nudges.store.tables import (
    BarrierReportRow,
)
from tests.fakes import utc
from tests.services.house import ANA, House

NOON, NEXT = "2027-01-12 12:00", "2027-02-01 00:00"  # the first period began on Monday 4 January
BOSS_WORDS = "My boss hates it when we post there"
NO_TIME = BarrierKind.NO_TIME
DISCOURAGES = BarrierKind.MANAGER_DISCOURAGES


def writes(house: House, words: str = BOSS_WORDS, person_id: str = ANA, event: str = "Ev1") -> AskBack | None:
    return record_reply(house.core, person_id, event, words, "en").ask


def asked(house: House, words: str = BOSS_WORDS, person_id: str = ANA) -> AskBack:
    found = writes(house, words, person_id)
    assert found is not None
    return found


def said(house: House) -> list[tuple[str, float]]:
    return [(row.kind, row.weight) for row in house.rows(BarrierReportRow)]


# ---- what counts


def close(house: House) -> None:
    house.clock.now = utc(NEXT)
    review_barriers(house.core)
