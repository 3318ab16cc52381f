"""When clocks change: this module is the tests of wall times that come twice or never, and of rules that move."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from nudges.domain.delivery.deliveries import Planned
from nudges.domain.times.cadence import (
    planned_for,
    resolve,
)
from nudges.domain.times.hours import WorkingWeek
from nudges.domain.times.workdays import WorkCalendar
from tests.builders import a_day

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("posix", "right")))


def test_in_a_gap_the_first_valid_minute_and_in_an_overlap_the_first_occurrence() -> None:
    lisbon = ZoneInfo("Europe/Lisbon")
    assert resolve(datetime(2027, 3, 28, 1, 30), lisbon) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert resolve(datetime(2027, 10, 31, 1, 30), lisbon) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_clock_change_at_midnight_leads_into_the_next_day_with_a_window_of_its_own() -> None:
    # Greenland leaves out the last hour of the Saturday.
    nuuk = WorkCalendar("America/Nuuk", WorkingWeek.parse("00:00-23:59 mon-sun"))
    planned = planned_for(a_day(day="sat", at="23:30"), starts_on=date(2027, 3, 22), calendar=nuuk)
    assert isinstance(planned, Planned)
    assert planned.local_due == "2027-03-28T00:00"
    assert planned.window_ends_at - planned.due_at == timedelta(hours=2)
    last = planned_for(a_day(day="sat", at="23:30"), starts_on=date(2027, 3, 21), calendar=nuuk)
    assert isinstance(last, Planned)
    assert last.local_due == "2027-03-27T21:59"  # the week ends with that Saturday


def test_a_day_that_a_country_left_out_resolves_to_the_minute_after_it() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert resolve(datetime(2011, 12, 30, 12), apia).astimezone(apia) == datetime(2011, 12, 31, tzinfo=apia)


def clock_changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[datetime]:
    """Return the days (as UTC midnights) on which the zone's offset changes."""
    days, day, end = [], datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year, 1, 1, tzinfo=UTC)
    while day < end:
        if day.astimezone(zone).utcoffset() != (day + timedelta(days=1)).astimezone(zone).utcoffset():
            days.append(day)
        day += timedelta(days=1)
    return days


def test_every_half_hour_near_every_clock_change_of_three_years_resolves_by_the_rule() -> None:
    checked = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in clock_changes(zone, 2026, 2029):
            wall = (change - timedelta(hours=14)).replace(tzinfo=None)
            for step in range(56 * 2):
                _check_rule(wall + timedelta(minutes=30 * step), zone)
                checked += 1
    assert checked > 10_000


def _check_rule(wall: datetime, zone: ZoneInfo) -> None:
    at = resolve(wall, zone)
    back = at.astimezone(zone).replace(tzinfo=None, fold=0)
    assert back >= wall
    if back == wall:
        assert at.astimezone(zone).fold == 0
        return
    # In a gap: the minute before still shows a time before the wall time asked for.
    before = (at - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    assert before < wall < back
