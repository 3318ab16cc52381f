"""Nine people and a tip on Tuesday at ten: this module is the text, the time, and one of their rows."""

from tests.services.house import House, a_text

TUESDAY = "2027-01-12 10:00"
BILLING_ONLY = a_text(segments="billing")
NINE = 9


def row(house: House, person_id: str) -> tuple[str, str]:
    (found,) = house.rows(person_id=person_id, nudge_key="first-tip")
    return found.status, found.reason
