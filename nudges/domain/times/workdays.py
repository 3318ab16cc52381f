"""When one person works: this module is their zone, their hours and their days off, joined into one small value."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from nudges.domain.people.people import Person
from nudges.domain.people.segments import plain
from nudges.domain.playbooks.company import Company
from nudges.domain.times.holidays import calendar_name, is_public_holiday
from nudges.domain.times.hours import OpenSpan, Weekday, WorkingWeek, parse_days
from nudges.domain.times.own_hours import week_within
from nudges.domain.times.zones import is_zone


class ZoneSource(StrEnum):
    """Where we know a person's zone from; `plan` says so when it is not Slack."""

    SLACK = "slack"
    PLACE = "place"
    DEFAULT = "default"


@dataclass(frozen=True)
class HomeZone:
    """A zone name that this machine knows, and where it comes from."""

    name: str
    source: ZoneSource

    @property
    def is_fallback(self) -> bool:
        """Whether Slack gave no usable zone."""
        return self.source != ZoneSource.SLACK


@dataclass(frozen=True)
class WorkCalendar:
    """When one person may be written to; many people share one value."""

    zone: str
    week: WorkingWeek
    holidays: str = ""  # "PT", "DE-BY", or empty for none

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone's rules; asked anew each time, so that newer zone data is seen."""
        return ZoneInfo(self.zone)

    def is_working_day(self, day: date) -> bool:
        """Return whether the person works on that local day."""
        return bool(self.spans_on(day))

    def spans_on(self, day: date) -> tuple[OpenSpan, ...]:
        """Return the open spans of that local day, earliest first; none on days off and public holidays."""
        spans = self.week.spans_on(Weekday(day.weekday()))
        return () if spans and is_public_holiday(day, self.holidays) else spans

    def local(self, instant: datetime) -> datetime:
        """Return the person's wall time, without a zone."""
        return instant.astimezone(self.zone_info).replace(tzinfo=None, fold=0)

    def local_day(self, instant: datetime) -> date:
        """Return the person's calendar day."""
        return self.local(instant).date()

    def is_open(self, instant: datetime) -> bool:
        """Return whether the person's wall clock shows working time of a working day."""
        wall = self.local(instant)
        return any(span.start <= wall.time() < span.end for span in self.spans_on(wall.date()))


def calendar_of(person: Person, company: Company) -> WorkCalendar:
    """Return when this person may be written to: in their working time, and within the hours they asked for."""
    return WorkCalendar(
        zone_of(person, company).name,
        week_within(working_week_of(person, company), person.own_hours),
        calendar_name(person.country, company.holidays),
    )


def is_working_day(person: Person, company: Company, day: date) -> bool:
    """Return whether this person works on that local day."""
    return calendar_of(person, company).is_working_day(day)


def zone_of(person: Person, company: Company) -> HomeZone:
    """Return Slack's zone for the person, else their place's, else the company's default, else UTC."""
    if is_zone(person.zone):
        return HomeZone(person.zone, ZoneSource.SLACK)
    zone = _zone_of_place(person.place, company)
    if is_zone(zone):
        return HomeZone(zone, ZoneSource.PLACE)
    return HomeZone(company.default_zone if is_zone(company.default_zone) else "UTC", ZoneSource.DEFAULT)


def working_week_of(person: Person, company: Company) -> WorkingWeek:
    """Return the person's own hours and days, else their country's, else the company's default."""
    country = next((name for name in company.working_hours if plain(name) == plain(person.country)), "")
    return _own_week(person.hours.strip(), person.working_days.strip(), company.working_week(country))


def _zone_of_place(place: str, company: Company) -> str:
    wanted = plain(place)
    return next((zone for name, zone in company.place_zones.items() if plain(name) == wanted), "") if wanted else ""


@lru_cache(maxsize=4096)
def _own_week(hours: str, days: str, usual: WorkingWeek) -> WorkingWeek:
    week = _own_hours(hours, usual)
    try:
        return week.on_days(parse_days(days)) if days else week
    except ValueError:  # the import has already said so to whoever can mend it
        return week


def _own_hours(hours: str, usual: WorkingWeek) -> WorkingWeek:
    if not hours:
        return usual
    try:
        week = WorkingWeek.parse(hours)
    except ValueError:
        return usual
    # Hours without days are the person's hours on the days their country works.
    return week if re.search("[a-zA-Z]", hours) else week.on_days(_days(usual))


def _days(week: WorkingWeek) -> frozenset[Weekday]:
    return frozenset().union(*(span.days for span in week.spans))
