"""Coming back from a pause: on a morning of the person's own week, and never before what they asked for."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.delivery.absence import rests_until
from nudges.domain.playbooks.company import Company
from nudges.domain.times.workdays import WorkCalendar, calendar_of
from tests.builders import a_person
from tests.fakes import utc


def a_calendar(own_hours: str = "", zone: str = "Europe/Lisbon") -> WorkCalendar:
    return calendar_of(a_person(zone=zone, country="", place="", own_hours=own_hours), Company())


@pytest.mark.parametrize(
    ("asked", "own_hours", "ends"),
    [
        ("2027-01-15 16:30", "", "2027-01-18 09:00"),  # a Friday afternoon: Monday morning
        ("2027-01-15 08:00", "", "2027-01-15 09:00"),
        ("2027-01-15 11:59", "", "2027-01-15 11:59"),  # a morning already
        ("2027-01-15 12:00", "", "2027-01-18 09:00"),
        ("2027-01-16 12:00", "", "2027-01-18 09:00"),  # a Saturday
        ("2027-01-12 15:00", "10:00-16:00 mon-thu", "2027-01-13 10:00"),
        ("2027-01-14 12:30", "10:00-16:00 mon-thu", "2027-01-18 10:00"),  # Friday is no day of theirs
        ("2027-01-12 10:30", "14:00-16:00 tue", "2027-01-12 14:00"),
    ],
)
def test_a_pause_ends_on_a_morning_of_ones_own(asked: str, own_hours: str, ends: str) -> None:
    assert rests_until(utc(asked), a_calendar(own_hours)) == utc(ends)


@given(
    asked=st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 1)),
    zone=st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Europe/Lisbon"]),
    own=st.sampled_from(["", "10:00-16:00 mon-thu", "22:00-23:30 sun"]),
)
def test_a_pause_is_never_shorter_than_asked_and_ends_in_a_morning(asked: datetime, zone: str, own: str) -> None:
    calendar, instant = a_calendar(own, zone), asked.replace(tzinfo=utc("2027-01-01 00:00").tzinfo)

    ends = rests_until(instant, calendar)

    assert instant <= ends < instant + timedelta(days=9)
    assert calendar.is_open(ends)
    assert calendar.local(ends).hour < 12 or not calendar.is_open(ends - timedelta(minutes=1))
