"""Times and numbers as people read them: this module is Babel with the person's own zone beside each time."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from bot.texts import DEFAULT_LANGUAGE

_FULL, _EMPTY = "▰", "▱"
BAR_CHARACTERS = _FULL + _EMPTY


def when(instant: datetime, zone: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `Tue 12 Jan, 10:00 (Europe/Lisbon)`."""
    known, name = _zone(zone)
    local = instant.astimezone(known)
    return f"{format_datetime(local, 'EEE d MMM, HH:mm', locale=_locale(language))} ({name})"


def day(on: date, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `Tue 12 Jan 2027`."""
    return format_date(on, "EEE d MMM y", locale=_locale(language))


def local_day(instant: datetime, zone: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the day, in the person's zone, on which the instant falls: `Tue 12 Jan`."""
    return format_date(instant.astimezone(_zone(zone)[0]).date(), "EEE d MMM", locale=_locale(language))


def number(value: int, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `1,280`."""
    return format_decimal(value, locale=_locale(language))


def share(part: int, whole: int, language: str = DEFAULT_LANGUAGE) -> str:
    """Return `40 of 50 (80%)`, or `0 of 0` where there is nothing to divide by."""
    figures = f"{number(part, language)} of {number(whole, language)}"
    return f"{figures} ({format_percent(part / whole, '#,##0%', locale=_locale(language))})" if whole else figures


def bar(part: int, whole: int, width: int = 16) -> str:
    """Return a bar made of characters: never empty when there is something, never full while something is missing."""
    if whole <= 0:
        return _EMPTY * width
    filled = round(width * min(part, whole) / whole)
    if 0 < part < whole:
        filled = min(max(filled, 1), width - 1)
    return _FULL * filled + _EMPTY * (width - filled)


def _zone(name: str) -> tuple[tzinfo, str]:
    try:
        return (ZoneInfo(name), name) if name else (UTC, "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC, "UTC"


def _locale(language: str) -> str:
    # British English writes the day before the month, as the rest of the world does.
    return "en_GB" if language == DEFAULT_LANGUAGE else language.replace("-", "_")
