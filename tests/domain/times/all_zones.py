"""Every zone's clock, written out: this module is what the time rules are compared with, built without them.

Only the one direction without doubt is used: an instant has one wall time in a zone. The instants of a few days are
listed on a grid of fifteen minutes, and what a rule should answer is looked up in that list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from nudges.domain.delivery.deliveries import Planned
from nudges.domain.playbooks.playbook import FixedDay
from nudges.domain.times.cadence import may_send_at, planned_for, rederive
from nudges.domain.times.hours import Weekday, WorkingWeek
from nudges.domain.times.workdays import WorkCalendar
from nudges.domain.times.zones import zone_names

DAY, SIX_HOURS = timedelta(days=1), timedelta(hours=6)
GRID, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
Changes = tuple[tuple[datetime, timedelta], ...]  # the offset from each instant on
HALF_HOURS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
WEEKS = (
    "00:00-23:59 mon-sun",  # always: nothing may be skipped
    "09:00-17:00 mon-sun",
    "22:00-23:59 mon-sun, 00:00-06:00 mon-sun",  # through the hours in which clocks change
    "02:00-02:30 mon-sun",  # lies wholly in most gaps
)


@dataclass
class Findings:
    """What was counted; all but the first must stay 0."""

    decisions: int = 0
    skipped: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)  # in working time, but not at the instant the rule names

    def describe(self) -> str:
        """Return the figures as one line."""
        faults = (len(self.skipped), len(self.doubled), len(self.outside), len(self.elsewhere))
        return "{:,} decisions: {} skipped, {} doubled, {} outside hours, {} elsewhere".format(self.decisions, *faults)


class WrittenOut:
    """The wall times of some days of a zone, instant by instant."""

    def __init__(self, zone: ZoneInfo, first: date, days: int) -> None:
        self._start = datetime.combine(first, time.min, UTC) - 2 * DAY
        grid = [self._start + GRID * step for step in range((days + 4) * 96)]
        self.walls = [(at, at.astimezone(zone).replace(tzinfo=None, fold=0)) for at in grid]
        self._zone = zone
        self._firsts: dict[datetime, datetime] = {}
        for at, wall in self.walls:
            self._firsts.setdefault(wall, at)

    def first_valid(self, wall: datetime) -> datetime:
        """Return the first instant that shows this wall time, or the first after it when none does."""
        found = self._firsts.get(wall)
        if found is not None:
            return found
        after = next(at for at, shown in self.walls if shown > wall)
        while self._shown(after - MINUTE) > wall:  # Casey changed its clocks at one minute past midnight
            after -= MINUTE
        return after

    def first_open(self, wall: datetime, week: WorkingWeek) -> datetime | None:
        """Return the first instant from this wall time on that is within the hours."""
        earliest = self.first_valid(wall)
        rest = self.walls[(earliest - self._start) // GRID + 1 :]
        candidates = [(earliest, self._shown(earliest)), *rest]
        return next((at for at, shown in candidates if shown >= wall and _is_open(shown, week)), None)

    def _shown(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None, fold=0)


def distinct_zones(first_year: int, last_year: int) -> dict[Changes, list[str]]:
    """Return all zones by how their clocks go in these years; those that go alike are one to any rule."""
    by_file: dict[bytes, list[str]] = {}
    for name in zone_names():
        path = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
        by_file.setdefault(path.read_bytes() if path.is_file() else name.encode(), []).append(name)
    found: dict[Changes, list[str]] = {}
    for names in by_file.values():
        found.setdefault(changes(ZoneInfo(names[0]), first_year, last_year), []).extend(names)
    return found


def changes(zone: ZoneInfo, first_year: int, last_year: int) -> Changes:
    """Return the offset from each instant on; it is read every six hours, and each change is then closed in on."""
    instant, end = datetime(first_year, 1, 1, tzinfo=UTC) - 3 * DAY, datetime(last_year + 1, 1, 1, tzinfo=UTC) + 3 * DAY
    offset = _offset(zone, instant)
    found = [(instant, offset)]
    while instant < end:
        instant += SIX_HOURS
        if _offset(zone, instant) != offset:
            offset = _offset(zone, instant)
            found.append((_first_with(offset, zone, instant - SIX_HOURS, instant), offset))
    return tuple(found)


def days_to_look_at(found: Changes, last_year: int) -> Iterator[tuple[date, int]]:
    """Give stretches of days: each clock change with its neighbours, and a day in each stretch without any.

    Between two changes the offset is one number, so that one day there stands for all.
    """
    ends = [*(at for at, _ in found[1:]), datetime(last_year + 1, 1, 1, tzinfo=UTC)]
    offset = found[0][1]
    for (at, new_offset), until in zip(found, ends, strict=True):
        if at != found[0][0]:
            days = {(at + one).date() for one in (offset, new_offset)}
            yield min(days) - DAY, (max(days) - min(days)).days + 3
        if until - at > 12 * DAY:
            yield (at + (until - at) / 2).date(), 1
        offset = new_offset


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _first_with(offset: timedelta, zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        before, after = (before, middle) if _offset(zone, middle) == offset else (middle, after)
    return after.replace(second=0, microsecond=0)


def look_at(name: str, stretch: tuple[date, int], findings: Findings, weeks: Sequence[str] = WEEKS) -> None:
    """Ask the rules for each half hour of these days, and compare."""
    first, days = stretch
    zone = ZoneInfo(name)
    written = WrittenOut(zone, first, days)
    assert all((wall.minute % 15, wall.second) == (0, 0) for _, wall in written.walls), f"{name} is off the grid"
    for text in weeks:
        calendar = WorkCalendar(name, WorkingWeek.parse(text))
        for day in (first + DAY * step for step in range(days)):
            for at in HALF_HOURS:
                _look_at_one(calendar, datetime.combine(day, at), written, findings)


def _look_at_one(calendar: WorkCalendar, wall: datetime, written: WrittenOut, findings: Findings) -> None:
    findings.decisions += 1
    where = f"{calendar.zone} {wall} {calendar.week.describe()}"
    when = FixedDay(week=1, day=Weekday(wall.weekday()), at=wall.time())
    planned = planned_for(when, starts_on=wall.date(), calendar=calendar)
    if not isinstance(planned, Planned):
        findings.skipped.append(where)
        return
    if rederive(planned.local_due, calendar=calendar) != planned:
        findings.doubled.append(where)
    if not _is_open(_shown(calendar, planned.due_at), calendar.week):
        findings.outside.append(where)
    expected = written.first_open(wall, calendar.week)
    if planned.due_at != expected:
        findings.elsewhere.append(f"{where}: {planned.due_at}, expected {expected}")
    if wall.hour == wall.minute == 0:
        _look_at_sending(calendar, planned, written, findings)


def _look_at_sending(calendar: WorkCalendar, planned: Planned, written: WrittenOut, findings: Findings) -> None:
    for at, shown in written.walls:
        if may_send_at(at, planned, calendar) and not (at >= planned.due_at and _is_open(shown, calendar.week)):
            findings.outside.append(f"{calendar.zone} posting at {shown}")


def _shown(calendar: WorkCalendar, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(calendar.zone)).replace(tzinfo=None, fold=0)


def _is_open(wall: datetime, week: WorkingWeek) -> bool:
    return any(span.start <= wall.time() < span.end and wall.weekday() in span.days for span in week.spans)
