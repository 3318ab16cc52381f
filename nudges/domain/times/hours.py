"""Working weeks: this module is the reading of `09:00-17:00 mon-thu, 09:00-12:00 fri` into opening spans."""

import re
from dataclasses import dataclass
from datetime import time
from enum import IntEnum


class Weekday(IntEnum):
    """A day of the week, numbered as `date.weekday()` does."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6

    @classmethod
    def parse(cls, text: str) -> "Weekday":
        """Return the day whose name starts with these three letters or more; ValueError otherwise."""
        word = text.strip().lower()
        for day in cls:
            if len(word) >= 3 and _FULL_NAMES[day].startswith(word):
                return day
        raise ValueError(f"{text!r} is not a day of the week; write mon, tue, wed, thu, fri, sat or sun")


_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z", re.ASCII)
_SPAN = re.compile(
    r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})(?:\s+([a-zA-Z]{3,9})(?:\s*-\s*([a-zA-Z]{3,9}))?)?\Z", re.ASCII
)


def parse_time(text: str) -> time:
    """Return a time of day written `9:00` or `22:30`; ValueError otherwise."""
    match = _TIME.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time of day; write it as 10:00")
    return time(int(match[1]), int(match[2]))


@dataclass(frozen=True)
class OpenSpan:
    """On these weekdays, from start until end (the end itself is outside)."""

    days: frozenset[Weekday]
    start: time
    end: time


@dataclass(frozen=True)
class WorkingWeek:
    """The hours in which a person may be written to."""

    spans: tuple[OpenSpan, ...]

    @classmethod
    def parse(cls, text: str) -> "WorkingWeek":
        """Return the week written as `09:00-17:00 mon-thu, 09:00-12:00 fri`; ValueError says what is wrong."""
        return cls(tuple(_parse_span(part) for part in text.split(",")))

    def spans_on(self, day: Weekday) -> tuple[OpenSpan, ...]:
        """Return the spans open on that day, earliest first."""
        return tuple(sorted((span for span in self.spans if day in span.days), key=lambda span: span.start))

    def describe(self) -> str:
        """Return the week as a person would write it."""
        return ", ".join(f"{s.start:%H:%M}-{s.end:%H:%M} {_days_in_words(s.days)}" for s in self.spans)

    def on_days(self, days: frozenset[Weekday]) -> "WorkingWeek":
        """Return the same hours on other days: where a day had none, those of the first day that has some."""
        kept = tuple(OpenSpan(span.days & days, span.start, span.end) for span in self.spans if span.days & days)
        new_days = days - frozenset().union(*(span.days for span in self.spans))
        model = self.spans_on(min(self.spans[0].days))
        return WorkingWeek((*kept, *(OpenSpan(new_days, span.start, span.end) for span in model if new_days)))


def parse_days(text: str) -> frozenset[Weekday]:
    """Return the days written as `mon-thu`, `sun-thu`, `mon wed fri` or `mon,wed`; ValueError otherwise."""
    days: set[Weekday] = set()
    for part in re.split(r"[\s,;]+", text.strip()):
        first, _, last = part.partition("-")
        days |= _day_range(Weekday.parse(first), Weekday.parse(last or first))
    return frozenset(days)


def _parse_span(text: str) -> OpenSpan:
    match = _SPAN.match(text.strip())
    if match is None:
        raise ValueError(f"{text.strip()!r} is not a span of working hours; write it as 09:00-17:00 mon-fri")
    start, end = parse_time(match[1]), parse_time(match[2])
    if end <= start:
        raise ValueError(f"{text.strip()!r} ends before it starts")
    first = Weekday.parse(match[3] or "mon")
    last = Weekday.parse(match[4] or match[3] or "fri")
    return OpenSpan(_day_range(first, last), start, end)


def _day_range(first: Weekday, last: Weekday) -> frozenset[Weekday]:
    # A week may wrap round: sun-thu is a working week in several countries.
    return frozenset(Weekday((first + step) % 7) for step in range((last - first) % 7 + 1))


def _days_in_words(days: frozenset[Weekday]) -> str:
    names = [day.name.lower() for day in sorted(days)]
    ordered = sorted(days)
    if len(names) > 2 and ordered[-1] - ordered[0] == len(names) - 1:
        return f"{names[0]}-{names[-1]}"
    return " ".join(names)
