"""Time zones by name: this module is whether a zone exists and which one was probably meant."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from nudges.domain.files.suggest import nearest


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Return whether the zone data knows this name."""
    if not name.isascii() or len(name) > 60 or name.startswith(("posix", "right")):
        return False
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # each system has its own way of not finding a file
        return False
    return True


@lru_cache(maxsize=256)
def zone_meant(name: str) -> str | None:
    """Return the zone that was probably meant: the city alone is enough."""
    if len(name) > 60:
        return None
    zones = sorted(zone for zone in available_timezones() if "/" in zone)
    by_city = {zone.rpartition("/")[2]: zone for zone in zones}
    city = nearest(name.replace(" ", "_").rpartition("/")[2], by_city)
    return by_city[city] if city else None


def zone_names() -> tuple[str, ...]:
    """Return every zone one may write, in order."""
    kept = (name for name in available_timezones() if is_zone(name) and name != "localtime")
    return tuple(sorted(kept))
