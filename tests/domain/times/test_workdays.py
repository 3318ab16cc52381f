"""When a person works: this module is the tests of zones, hours and holidays."""

from datetime import date

import pytest

from nudges.domain.times.holidays import calendar_name, is_known_calendar, is_public_holiday
from nudges.domain.times.workdays import ZoneSource, calendar_of, is_working_day, working_week_of, zone_of
from tests.builders import a_company, a_person

GULF = {"default": "09:00-17:00 mon-fri", "AE": "09:00-17:00 mon-thu, 09:00-12:00 fri", "IL": "09:00-17:00 sun-thu"}


def test_slacks_zone_comes_before_the_place_and_the_default() -> None:
    company = a_company(place_zones={"Berlin": "Europe/Berlin"})
    at_home = zone_of(a_person(zone="Asia/Kolkata", place="Berlin"), company)
    by_place = zone_of(a_person(zone="", place=" berlin"), company)
    by_default = zone_of(a_person(zone="", place="Oslo"), company)
    assert (at_home.name, at_home.source, at_home.is_fallback) == ("Asia/Kolkata", ZoneSource.SLACK, False)
    assert (by_place.name, by_place.source, by_place.is_fallback) == ("Europe/Berlin", ZoneSource.PLACE, True)
    assert (by_default.name, by_default.source) == ("Europe/Lisbon", ZoneSource.DEFAULT)


@pytest.mark.parametrize("name", ["Mars/Olympus", "America", "../etc/passwd", "Europe/Lisbon\0", " "])
def test_a_zone_that_nobody_knows_falls_back(name: str) -> None:
    assert zone_of(a_person(zone=name), a_company()).source == ZoneSource.DEFAULT


def test_a_company_without_a_usable_default_falls_back_to_utc() -> None:
    assert zone_of(a_person(zone=""), a_company(default_zone="Nowhere/Land")).name == "UTC"


@pytest.mark.parametrize(
    ("values", "week"),
    [
        ({"country": "PT"}, "09:00-17:00 mon-fri"),
        ({"country": "ae"}, "09:00-17:00 mon-thu, 09:00-12:00 fri"),
        ({"hours": "08:00-12:00"}, "08:00-12:00 mon-fri"),
        ({"hours": "08:00-12:00", "country": "IL"}, "08:00-12:00 mon-thu, 08:00-12:00 sun"),
        ({"hours": "08:00-12:00 tue-wed"}, "08:00-12:00 tue wed"),
        ({"working_days": "mon-wed"}, "09:00-17:00 mon-wed"),
        ({"working_days": "fri sat", "country": "AE"}, "09:00-12:00 fri, 09:00-17:00 sat"),
        ({"hours": "10:00-14:00", "working_days": "sat sun"}, "10:00-14:00 sat sun"),
        ({"hours": "when I like", "working_days": "often"}, "09:00-17:00 mon-fri"),
    ],
)
def test_own_hours_and_days_come_before_those_of_the_country(values: dict[str, str], week: str) -> None:
    assert working_week_of(a_person(**values), a_company(hours=GULF)).describe() == week


def test_a_lunch_break_stays_on_days_that_are_added() -> None:
    person = a_person(hours="09:00-12:00 mon-fri, 13:00-17:00 mon-fri", working_days="mon sat")
    spans = working_week_of(person, a_company())
    assert spans.describe() == "09:00-12:00 mon, 13:00-17:00 mon, 09:00-12:00 sat, 13:00-17:00 sat"


def test_a_bavarian_feast_is_a_day_off_in_bavaria_only() -> None:
    epiphany = date(2027, 1, 6)
    company = a_company(holidays={"DE": "DE-BY"})
    assert not is_working_day(a_person(country="DE"), company, epiphany)
    assert is_working_day(a_person(country="DE"), a_company(holidays={"DE": "auto"}), epiphany)


@pytest.mark.parametrize(
    ("country", "rules", "name"),
    [
        ("pt", {"PT": "auto"}, "PT"),
        ("DE", {"de": "DE-BY"}, "DE-BY"),
        ("FR", {"PT": "auto"}, "FR"),
        ("FR", {"FR": "none"}, ""),
        ("", {"PT": "auto"}, ""),
    ],
)
def test_a_country_has_its_own_holidays_unless_told_otherwise(country: str, rules: dict[str, str], name: str) -> None:
    assert calendar_name(country, rules) == name


def test_an_unknown_country_has_no_holidays() -> None:
    assert not is_public_holiday(date(2027, 1, 1), "XX")
    assert not is_known_calendar("DE-ZZ")
    assert is_known_calendar("DE-BY")


def test_a_calendar_knows_when_it_is_open() -> None:
    calendar = calendar_of(a_person(zone="Asia/Kolkata", country="IN"), a_company())
    assert calendar.zone == "Asia/Kolkata"
    assert calendar.is_working_day(date(2027, 1, 12))
    assert not calendar.is_working_day(date(2027, 1, 26)), "Republic Day"
    assert not calendar.is_working_day(date(2027, 1, 16)), "a Saturday"
