"""Two editions of the zone data: this module puts another one in force in the middle of a run, as an update does.

A zone file is written by hand: no list of past changes, only the rule for ever, which is all that a run asks for.
"""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.simulation.world.humans import rules_of

# As when Lebanon put its clock change off in 2023, two days before: other days, other hours, or none at all.
EDITIONS = {
    "Europe/Lisbon": ("WET0WEST,M4.3.0/1,M10.4.0", "<+01>-1"),
    "Europe/Berlin": ("CET-1CEST,M4.2.0,M10.3.0/3", "<+02>-2"),
    "America/New_York": ("EST5EDT,M3.4.0,M10.5.0", "<-04>4"),
    "Asia/Jerusalem": ("IST-2IDT,M4.1.5/26,M10.2.0", "<+03>-3"),
    "Pacific/Auckland": ("NZST-12NZDT,M10.2.0,M3.4.0/3", "<+13>-13"),
}


def swap(folder: Path, zone: str, edition: int) -> None:
    """Put another rule for this zone in force, as the next start of a process finds it."""
    file = folder / zone
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(zone_file(EDITIONS[zone][edition % 2]))
    _use([str(folder), *(path for path in zoneinfo.TZPATH if path != str(folder))])


def zone_file(rule: str) -> bytes:
    """Return a zone file of version 2 that says this rule and nothing else."""
    counts = (0, 0, 0, 0, 1, 4)  # no marks, no leap seconds, no changes; one kind of time, called UTC
    body = b"TZif2" + bytes(15) + b"".join(count.to_bytes(4, "big") for count in counts) + bytes(6) + b"UTC\0"
    return body + body + b"\n" + rule.encode() + b"\n"


@contextmanager
def as_before() -> Iterator[None]:
    """Give back the zone data that was in force."""
    paths = list(zoneinfo.TZPATH)
    try:
        yield
    finally:
        if list(zoneinfo.TZPATH) != paths:
            _use(paths)


def _use(paths: list[str]) -> None:
    zoneinfo.reset_tzpath(to=paths)
    zoneinfo.ZoneInfo.clear_cache()
    rules_of.cache_clear()
