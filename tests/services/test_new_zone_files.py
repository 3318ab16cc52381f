"""New zone data between plan and sending: this module plays Lebanon's spring of 2023 with the two real zone files.

On 23 March 2023 the clocks' going forward was put off from the 26th of March to the 21st of April; edition 2023b says
so, edition 2023c takes it back four days later. Whoever had planned by the one had every instant of the weeks between
wrong by an hour under the other.
"""

import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nudges.domain.delivery.messages import Message
from nudges.services.delivery.settle_deliveries import abandon_all
from nudges.services.people.sync_people import import_people, sync_people
from tests.builders import a_person
from tests.fakes import Lost, utc
from tests.services.house import BILLING, COMPANY, House, a_text, people_csv

pytestmark = pytest.mark.once

EDITIONS = Path(__file__).parent.parent / "data" / "zoneinfo"
AS_EVER, PUT_OFF = "2023c", "2023b"
OPENING = '{week: 1, day: mon, at: "09:00"}'  # the first minute of work: an hour early is outside of it
CLOSING = '{week: 1, day: tue, at: "16:30", valid_for: 3d}'  # an hour late is outside of it
BEFORE = utc("2023-03-22 09:00")
BEIRUT = [a_person(person_id, zone="Asia/Beirut", place="Beirut", country="") for person_id in BILLING]


def put_in_force(edition: str) -> None:
    """Let zones be read from this edition first, as after an update and a start."""
    folder = str(EDITIONS / edition)
    zoneinfo.reset_tzpath(to=[folder, *(path for path in zoneinfo.TZPATH if not path.startswith(str(EDITIONS)))])
    ZoneInfo.clear_cache()


@pytest.fixture(autouse=True)
def zones_as_before() -> Iterator[None]:
    paths = list(zoneinfo.TZPATH)
    yield
    zoneinfo.reset_tzpath(to=paths)
    ZoneInfo.clear_cache()


@pytest.fixture
def beirut(house: House) -> House:
    """Nine people in Beirut, in the week before the clocks change, or do not."""
    house.clock.now = BEFORE
    house.directory.everybody = list(BEIRUT)
    sync_people(house.core)
    import_people(house.core, people_csv(BEIRUT))
    house.messenger.before_send = lambda _person_id, _message: assert_open(house.clock())
    return house


def assert_open(now: datetime) -> None:
    wall = now.astimezone(ZoneInfo("Asia/Beirut"))
    assert wall.weekday() < 5, f"posted on {wall:%A}"
    assert 9 <= wall.hour < 17, f"posted at {wall:%H:%M} in Beirut"


def plan(house: House) -> None:
    house.write(COMPANY.replace("PT: none", "PT: none, LB: none"), "company")
    house.run(a_text(opening=OPENING, closing=CLOSING, segments="billing"), starts_on=date(2023, 3, 27))
    house.tick()


def start_anew(house: House) -> None:
    """Do what a start does: settle what was in flight, then every job, the directory's reading among them."""
    abandon_all(house.core)
    sync_people(house.core)
    house.tick()


def live_through_the_week(house: House) -> None:
    """Do what is due every quarter of an hour of Monday and Tuesday in which anything might be, and once later."""
    for begins, ends in (("2023-03-27 05:00", "07:30"), ("2023-03-28 05:45", "06:15"), ("2023-03-28 13:00", "15:30")):
        house.clock.now = utc(begins)
        while f"{house.clock():%H:%M}" <= ends:
            house.tick()
            house.clock.advance(minutes=15)
    house.at("2023-03-29 08:00")


def posted_at(house: House, nudge_key: str) -> set[str]:
    """Return when a nudge was posted, as the clocks in Beirut showed it."""
    zone = ZoneInfo("Asia/Beirut")
    return {f"{row.sent_at.astimezone(zone):%a %H:%M}" for row in house.rows(nudge_key=nudge_key, status="sent")}


def test_the_two_editions_disagree_about_the_weeks_between() -> None:
    put_in_force(AS_EVER)
    assert datetime(2023, 3, 27, 9, tzinfo=ZoneInfo("Asia/Beirut")).utcoffset() == timedelta(hours=3)
    put_in_force(PUT_OFF)
    assert datetime(2023, 3, 27, 9, tzinfo=ZoneInfo("Asia/Beirut")).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(("old", "new"), [(AS_EVER, PUT_OFF), (PUT_OFF, AS_EVER)])
def test_what_was_planned_by_the_old_file_is_posted_at_the_wall_time_of_the_new(
    beirut: House, old: str, new: str
) -> None:
    put_in_force(old)
    plan(beirut)
    assert {row.status for row in beirut.rows()} == {"planned"}
    put_in_force(new)
    start_anew(beirut)
    live_through_the_week(beirut)
    assert posted_at(beirut, "opening") == {"Mon 09:00"}
    assert posted_at(beirut, "closing") == {"Tue 16:30"}
    assert len(beirut.messenger.standing) == 2 * len(BILLING)


@pytest.mark.parametrize(("old", "new"), [(AS_EVER, PUT_OFF), (PUT_OFF, AS_EVER)])
def test_even_before_the_directory_is_read_again_nothing_is_posted_outside_of_hours(
    beirut: House, old: str, new: str
) -> None:
    put_in_force(old)
    plan(beirut)
    put_in_force(new)
    live_through_the_week(beirut)
    assert len(beirut.messenger.standing) == 2 * len(BILLING)


def test_a_swap_in_the_middle_of_posting_sends_nothing_twice_and_nothing_outside_of_hours(beirut: House) -> None:
    put_in_force(AS_EVER)
    plan(beirut)
    beirut.clock.now = utc("2023-03-27 06:00")  # nine o'clock by the old file, eight by the new
    beirut.messenger.answers.extend([None, Lost(), Lost(), None])
    posting, beirut.messenger.before_send = beirut.messenger.before_send, swap_at(beirut, 5)
    beirut.send()
    beirut.messenger.before_send = posting
    start_anew(beirut)
    live_through_the_week(beirut)
    assert beirut.messenger.doubled() == 0
    assert len(beirut.messenger.standing) == 2 * len(BILLING)
    assert beirut.states("opening") == {"sent": len(BILLING)}


def swap_at(house: House, number: int) -> "SwapAt":
    return SwapAt(house, number)


class SwapAt:
    """Puts the new file in force just after a post has begun."""

    def __init__(self, house: House, number: int) -> None:
        self._house, self._left = house, number

    def __call__(self, _person_id: str, _message: Message) -> None:
        assert_open(self._house.clock())
        self._left -= 1
        if self._left == 0:
            put_in_force(PUT_OFF)
