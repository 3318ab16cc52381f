"""Times and numbers as people read them: this module is Babel with the person's own zone beside each time."""

import re
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime, get_day_names
from babel.numbers import format_decimal, format_percent

from bot.texts import DEFAULT_LANGUAGE, shown, text
from nudges.domain.times.hours import Weekday

_DAY_WORD = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)\b")
_FULL, _EMPTY = "▰", "▱"
BAR_CHARACTERS = _FULL + _EMPTY


def when(instant: datetime, zone: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `Tue 12 Jan, 10:00 (Europe/Lisbon)`."""
    return f"{local_time(instant, zone, language)} ({_zone(zone)[1]})"


def local_time(instant: datetime, zone: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `Tue 12 Jan, 10:00`, for a sentence that names the zone elsewhere."""
    local = instant.astimezone(_zone(zone)[0])
    return format_datetime(local, text("pattern.when", language), locale=_locale(language))


def soon(instant: datetime, zone: str, now: datetime, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the same with `today` or `tomorrow` before it where it is so in that zone."""
    known = _zone(zone)[0]
    days = (instant.astimezone(known).date() - now.astimezone(known).date()).days
    key = {0: "home.today", 1: "home.tomorrow"}.get(days)
    told = when(instant, zone, language)
    return text(key, language, when=told) if key else told


def day(on: date, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `Tue 12 Jan 2027`."""
    return format_date(on, text("pattern.day", language), locale=_locale(language))


def local_day(instant: datetime, zone: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the day, in the person's zone, on which the instant falls: `Tue 12 Jan`."""
    return short_day(instant.astimezone(_zone(zone)[0]).date(), language)


def short_day(on: date, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `Tue 12 Jan`."""
    return format_date(on, text("pattern.short_day", language), locale=_locale(language))


def month(on: date, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `January`."""
    return format_date(on, "LLLL", locale=_locale(language))


def number(value: float, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `1,280` or `1.5`."""
    return format_decimal(value, locale=_locale(language))


def share(part: int, whole: int, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `40 of 50 (80%)`, or `0 of 0` where there is nothing to divide by."""
    if not whole:
        return text("share.of_nothing", language, part=part, whole=whole)
    percent = format_percent(part / whole, locale=_locale(language))
    return text("share.of", language, part=part, whole=whole, percent=percent)


def percent(part: float, language: str = DEFAULT_LANGUAGE) -> str:
    """Return a share from 0 to 1 as `10%`."""
    return str(format_percent(part, locale=_locale(language)))


def band_share(band: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return a share in steps of ten points, `30-40 %` or `under 10 %`, as the language says it."""
    key = {"under 10 %": "share.under", "over 90 %": "share.over"}.get(band)
    return text(key, language) if key else band


def band_bar(band: str, width: int = 10) -> str:
    """Return a bar for a share in steps of ten points, drawn to the middle of its step."""
    tens = {"under 10 %": 0, "over 90 %": 9}.get(band)
    middle = 10 * tens + 5 if tens is not None else int(band.partition("-")[0]) + 5
    return bar(middle, 100, width)


def hours(described: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return working hours such as `09:00-17:00 mon-fri` with the language's short names of days."""
    return _DAY_WORD.sub(lambda match: day_name(Weekday.parse(match[0]), language), described)


def bar(part: int, whole: int, width: int = 16) -> str:
    """Return a bar made of characters: never empty when there is something, never full while something is missing."""
    if whole <= 0:
        return _EMPTY * width
    filled = round(width * min(part, whole) / whole)
    if 0 < part < whole:
        filled = min(max(filled, 1), width - 1)
    return _FULL * filled + _EMPTY * (width - filled)


def day_name(weekday: Weekday, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the short name of a day of the week."""
    return str(get_day_names("abbreviated", locale=_locale(language))[int(weekday)])


def _zone(name: str) -> tuple[tzinfo, str]:
    try:
        return (ZoneInfo(name), name) if name else (UTC, "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC, "UTC"


def _locale(language: str) -> str:
    used = shown(language)
    # British English writes the day before the month, as the rest of the world does.
    return "en_GB" if used == DEFAULT_LANGUAGE else used
