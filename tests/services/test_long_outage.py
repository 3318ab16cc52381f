"""Three days in which nothing ran, in a large company: this module counts who gets what on the day after.

`NUDGER_SOAK=1` has a hundred thousand people, in cities from Auckland to Honolulu.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nudges.services.people.sync_people import import_people, sync_people
from nudges.store.engine import open_database
from tests.builders import a_person
from tests.fakes import utc
from tests.services.house import COMPANY, House, a_text, people_csv
from tests.soak import IS_LONG, times

PEOPLE = times(120, 100_000)
ZONES = ("Pacific/Auckland", "Asia/Kolkata", "Asia/Dubai", "Europe/Lisbon", "America/New_York", "Pacific/Honolulu")
WAVES = ('mon, at: "10:00"', 'mon, at: "11:00"', 'tue, at: "10:00"', 'tue, at: "11:00"')

pytestmark = [pytest.mark.once, pytest.mark.timeout(7200 if IS_LONG else 180)]


@pytest.fixture
def waiting(house: House) -> Iterator[House]:
    """Four tips, fresh for four days, and one that is not; all planned on Sunday, then the lights go out.

    Five a day would be allowed: that only one comes is because it is caught up on.
    """
    house.core.db.close()
    scratch = open_database(house.core.db.url, is_scratch=house.core.db.is_sqlite)
    house.core = replace(house.core, db=scratch.of_workspace(house.core.workspace_id))
    everybody = [a_person(f"U0C{number:06d}", zone=ZONES[number % len(ZONES)]) for number in range(PEOPLE)]
    house.directory.everybody += everybody
    sync_people(house.core)
    import_people(house.core, people_csv(everybody))
    house.write(COMPANY.replace("{day: 1, week: 3}", "{day: 5, week: 15}"), "company")
    for number, day in enumerate(WAVES):
        lasting = f"{{week: 1, day: {day}, valid_for: 4d}}"
        house.run(a_text(f"wave-{number}", segments="billing", first_tip=lasting), f"wave-{number}")
    house.run(a_text("stale", segments="billing"), "stale")
    for text in ("2027-01-09 19:00", "2027-01-09 20:00", "2027-01-10 06:00"):
        house.at(text)
    yield house


def test_after_three_days_everybody_gets_one_message_in_their_own_hours_and_what_is_stale_is_counted(
    waiting: House,
) -> None:
    assert not waiting.messenger.standing
    zones = {one.person_id: ZoneInfo(one.zone) for one in waiting.directory.everybody}
    posted: list[tuple[str, datetime]] = []
    waiting.messenger.before_send = lambda person_id, _: posted.append((person_id, waiting.clock()))

    waiting.clock.now = utc("2027-01-13 18:00")  # three days and twelve hours later; Wednesday evening in Europe
    while waiting.clock.now < utc("2027-01-14 08:00"):
        waiting.tick()
        waiting.clock.advance(minutes=30)

    local = [(person_id, at.astimezone(zones[person_id])) for person_id, at in posted]
    assert max(Counter((person_id, at.date()) for person_id, at in local).values()) == 1, "one a day, whatever waits"
    assert [at for _, at in local if at.weekday() > 4 or not 9 <= at.hour < 17] == []
    assert waiting.messenger.doubled() == 0
    assert len({person_id for person_id, _ in local}) >= PEOPLE * 0.6, "it was day in most of the cities"
    waves = [waiting.books(f"wave-{number}") for number in range(len(WAVES))]
    assert all(one.is_balanced for one in waves)
    stale = waiting.books("stale")
    assert stale.is_balanced and stale.sent == 0 and stale.expired + sum(stale.skipped.values()) >= PEOPLE
    assert len(posted) == sum(one.sent for one in waves)
