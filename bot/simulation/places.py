"""Where simulated people work: this module takes places, zones and languages from company.yaml, or makes some up."""

from dataclasses import dataclass

from babel.core import get_global

from nudges.domain.playbooks.company import Company
from nudges.domain.times.zones import is_zone

ENGLISH = "en"
# Where a country has several zones: the one of its largest offices.
LARGEST = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CL": "America/Santiago", "CN": "Asia/Shanghai", "DE": "Europe/Berlin",
    "ES": "Europe/Madrid", "ID": "Asia/Jakarta", "MX": "America/Mexico_City", "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "US": "America/New_York",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One office; any of the texts may be empty."""

    name: str
    country: str
    zone: str
    language: str


def places_of(company: Company) -> tuple[Place, ...]:
    """Return the company's places; where it names none, one for each country of its calendar, else one at home."""
    named = tuple(_place(name, zone) for name, zone in company.place_zones.items())
    if named:
        return named
    countries = [*company.holidays, *(name for name in company.working_hours if name != "default")]
    found = {country.upper(): main_zone(country) for country in countries}
    homes = tuple(_place(_city(zone), zone) for zone in found.values() if zone)
    return homes or (_place(_city(company.default_zone), company.default_zone),)


def zone_for(place: str, country: str, company: Company) -> str:
    """Return the zone of an imported person: their place's, else the main one of their country, else none."""
    wanted = place.strip().casefold()
    by_place = next((zone for name, zone in company.place_zones.items() if name.strip().casefold() == wanted), "")
    return by_place or main_zone(country)


def main_zone(country: str) -> str:
    """Return the zone most of a country lives in, or empty."""
    code = country.strip().upper()
    zones = [*([LARGEST[code]] if code in LARGEST else []), *get_global("territory_zones").get(code, [])]
    return next((zone for zone in zones if is_zone(zone)), "")


def language_of(country: str) -> str:
    """Return the language most people of a country write in; English where that is not known."""
    likely = get_global("likely_subtags").get(f"und_{country}", ENGLISH)
    return str(likely).partition("_")[0]


def _place(name: str, zone: str) -> Place:
    country = get_global("zone_territories").get(zone, "")
    known = "" if country in ("001", "ZZ") else country
    return Place(name, known, zone, language_of(known) if known else ENGLISH)


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
