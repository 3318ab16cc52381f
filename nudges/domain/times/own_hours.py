"""Hours of one's own: this module reads them as a person types them, and joins them with the working hours.

We keep to what both have in common. Where a day has nothing in common, the person knows their day better than a list
does, so theirs count; a day they did not name stays free, and so does one on which they do not work, unless no day
were left at all.
"""

import re
from datetime import time

from nudges.domain.times.hours import OpenSpan, Weekday, WorkingWeek, parse_days

LONGEST = 100  # characters of a wish
_TO = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2}(?::\d{2})?)-(\d{1,2}(?::\d{2})?)([^\d]*)", re.ASCII)


def read_own_hours(text: str) -> str:
    """Return hours like `10-16 mon-thu` as they are kept, `10:00-16:00 mon-thu`; ValueError says what is wrong.

    Hours without days have those of the hours behind them: `9-11, 14-16 mon wed` is both on both days.
    """
    shown = _TO.sub("-", " ".join(text.split()))[:LONGEST]
    spans = _SPAN.findall(shown)
    if not spans or _SPAN.sub("", shown).strip(" ,;"):
        raise ValueError(f"{text[:LONGEST]!r} is not a span of hours; write it as 10:00-16:00 mon-thu")
    kept: list[str] = []
    days = ""
    for start, end, named in reversed(spans):
        days = named.strip(" ,;.") or days
        kept += [f"{_clock(start)}-{_clock(end)}{run}" for run in (_runs(days) if days else [""])]
    WorkingWeek.parse(", ".join(reversed(kept)))
    return ", ".join(reversed(kept))


def _clock(text: str) -> str:
    return text.zfill(5) if ":" in text else f"{text.zfill(2)}:00"


def _runs(days: str) -> list[str]:
    """Return the days as runs, the last one first: `mon-wed fri` is ` fri` and ` mon-wed`."""
    runs: list[list[Weekday]] = []
    for day in sorted(parse_days(days), reverse=True):
        if runs and runs[-1][0] == day + 1:
            runs[-1].insert(0, day)
        else:
            runs.append([day])
    return [f" {run[0].name.lower()}" + (f"-{run[-1].name.lower()}" if len(run) > 1 else "") for run in runs]


def week_within(usual: WorkingWeek, own_hours: str) -> WorkingWeek:
    """Return when a person who works as usual and asks for these hours may be written to."""
    if not own_hours:
        return usual
    try:
        own = WorkingWeek.parse(own_hours)
    except ValueError:  # read when it was stored, by whatever the rules were then
        return usual
    # Hours without days are meant for the days on which one works.
    wanted = own if re.search("[a-z]", own_hours) else own.on_days(_days(usual))
    return _joined(usual, wanted)


def differs_wholly(usual: WorkingWeek, own_hours: str) -> bool:
    """Return whether some of the hours asked for lie outside of the usual ones, and count all the same."""
    within = week_within(usual, own_hours)
    return any(not _shared(usual.spans_on(day), (span,)) for day in Weekday for span in within.spans_on(day))


def _joined(usual: WorkingWeek, own: WorkingWeek) -> WorkingWeek:
    days: dict[tuple[time, time], set[Weekday]] = {}
    for day in Weekday:
        theirs, mine = usual.spans_on(day), own.spans_on(day)
        for span in (_shared(theirs, mine) or mine) if theirs else ():
            days.setdefault((span.start, span.end), set()).add(day)
    spans = tuple(OpenSpan(frozenset(on), *hours) for hours, on in days.items())
    return WorkingWeek(spans) if spans else own


def _shared(first: tuple[OpenSpan, ...], second: tuple[OpenSpan, ...]) -> tuple[OpenSpan, ...]:
    pairs = ((max(a.start, b.start), min(a.end, b.end), a.days & b.days) for a in first for b in second)
    return tuple(OpenSpan(days, start, end) for start, end, days in pairs if start < end)


def _days(week: WorkingWeek) -> frozenset[Weekday]:
    return frozenset().union(*(span.days for span in week.spans))
