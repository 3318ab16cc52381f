"""A workshop as a file for calendars: this module writes one event in the words of RFC 5545.

Instants are written in UTC, so that no description of a time zone is needed and every calendar shows its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

LINE_MAX = 75  # octets, the line's end not counted
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class CalendarEvent:
    """What stands in a calendar."""

    uid: str
    title: str
    begins_at: datetime
    ends_at: datetime
    written_at: datetime
    sequence: int = 0
    place: str = ""
    about: str = ""
    link: str = ""


def calendar_text(event: CalendarEvent) -> str:
    """Return the file's text, its lines ended and folded as the standard asks."""
    link = event.link if event.link.isprintable() and " " not in event.link else ""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Nudger//Workshops//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{_stamp(event.written_at)}",
        f"DTSTART:{_stamp(event.begins_at)}",
        f"DTEND:{_stamp(event.ends_at)}",
        f"SEQUENCE:{event.sequence}",
        f"SUMMARY:{escaped(event.title)}",
        *([f"LOCATION:{escaped(event.place)}"] if event.place else []),
        *([f"DESCRIPTION:{escaped(event.about)}"] if event.about else []),
        *([f"URL:{link}"] if link else []),
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """Return a text as a value: backslash, comma, semicolon and line ends escaped, control characters left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in plain if letter == "\n" or letter.isprintable() or letter == "\t")
    for sign in ("\\", ";", ","):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def folded(line: str) -> str:
    """Return the line in pieces of at most 75 octets, never in the middle of a letter."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE_MAX:
            pieces.append(piece)
            piece, size = "", 1  # the space that begins a line which goes on counts
        piece, size = piece + letter, size + octets
    return "\r\n ".join([*pieces, piece])


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime(_STAMP)
