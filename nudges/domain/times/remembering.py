"""A calendar that remembers what it was asked: this module is for forecasts, which ask the same a thousand times over.

Zone rules and holidays may change while the app runs, so nobody else remembers: one that remembers is thrown away
with its forecast.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nudges.domain.times.hours import OpenSpan
from nudges.domain.times.workdays import WorkCalendar


@dataclass(frozen=True, eq=False)
class RememberingCalendar(WorkCalendar):
    """The same answers as a calendar of these values, most of them without looking anything up."""

    _zone_info: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"), repr=False)
    _spans: dict[date, tuple[OpenSpan, ...]] = field(default_factory=dict, repr=False)
    _walls: dict[datetime, datetime] = field(default_factory=dict, repr=False)

    @property
    def zone_info(self) -> ZoneInfo:
        """Return the zone's rules as they were at the beginning."""
        return self._zone_info

    def spans_on(self, day: date) -> tuple[OpenSpan, ...]:
        """Return the open spans of that local day."""
        found = self._spans.get(day)
        if found is None:
            found = self._spans[day] = super().spans_on(day)
        return found

    def local(self, instant: datetime) -> datetime:
        """Return the person's wall time, without a zone."""
        found = self._walls.get(instant)
        if found is None:
            found = self._walls[instant] = super().local(instant)
        return found


def remembering(calendar: WorkCalendar) -> RememberingCalendar:
    """Return the same calendar, with a memory of its own."""
    return RememberingCalendar(calendar.zone, calendar.week, calendar.holidays, calendar.zone_info)
