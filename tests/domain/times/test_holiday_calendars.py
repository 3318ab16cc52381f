"""The holidays package: every country that it has is there, though only those asked for are loaded."""

import sys

from holidays import list_supported_countries

from nudges.domain.times.holidays import is_known_calendar


def test_every_country_and_each_first_subdivision_is_known() -> None:
    supported = list_supported_countries()
    names = [*supported, *(f"{country}-{parts[0]}" for country, parts in supported.items() if parts)]
    assert [name for name in names if not is_known_calendar(name)] == []


def test_an_unknown_country_stays_unknown() -> None:
    assert not is_known_calendar("XX")
    assert "holidays.countries.xx" not in sys.modules
