"""Public holidays: this module is the holidays package asked with what company.yaml says of a country."""

import sys
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType

AUTO = "auto"
NONE = ("none", "no", "off")


def calendar_name(country: str, by_country: Mapping[str, str]) -> str:
    """Return the calendar of a country as `DE` or `DE-BY`; empty when it has none.

    A country that company.yaml does not mention has its national holidays: nobody should be written to on a
    feast day because an author forgot a line.
    """
    code = country.strip().upper()
    wanted = next((value for key, value in by_country.items() if key.strip().upper() == code), AUTO).strip()
    if not code or wanted.lower() in NONE:
        return ""
    return code if wanted.lower() == AUTO else wanted.upper()


def is_known_calendar(name: str) -> bool:
    """Return whether the holidays package has this country and subdivision."""
    return _holidays_in(name, 2026) is not None


def is_public_holiday(day: date, name: str) -> bool:
    """Return whether the day is a public holiday of the calendar; an unknown calendar has none."""
    return bool(name) and day in (_holidays_in(name, day.year) or ())


@lru_cache(maxsize=1024)
def _holidays_in(name: str, year: int) -> frozenset[date] | None:
    import holidays  # four megabytes, and nobody may have a country

    country, _, subdivision = name.partition("-")
    _load_only_what_is_asked_for(Path(holidays.__file__).parent)
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return None


def _load_only_what_is_asked_for(package: Path) -> None:
    """Keep the package from loading its 250 countries for one: that is a third of `nudger check`, and of a start.

    Each country is a module of its own, found by the package's registry; only the list of them all names the rest. So
    that list stands empty here, and a test asks for every country to see that none misses it.
    """
    countries = "holidays.countries"
    if countries not in sys.modules:
        empty = ModuleType(countries)
        empty.__path__ = [str(package / "countries")]
        sys.modules[countries] = empty
