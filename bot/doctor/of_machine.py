"""This machine and the playbooks: this module is checks of Python, zone data and the playbooks folder."""

import importlib.resources
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.doctor.checks import Check, error, ok, warning
from bot.settings import Settings
from nudges.domain.times.zones import is_zone
from nudges.errors import TextExtraMissing
from nudges.services.authoring.import_playbooks import Library, read_folder
from nudges.services.barriers.read_texts import Method, reader

PYTHON_NEEDED = (3, 11)
WELL_KNOWN_ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
ZONES_AT_LEAST = 400
ZONES_OLD_AFTER_YEARS = 2


def check_python() -> Check:
    """Check the interpreter's version."""
    present = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < PYTHON_NEEDED:
        return error("python", f"Python {present} is too old.", "Install Python 3.11 or newer.")
    return ok("python", f"Python {present}.")


def check_texts() -> Check:
    """Check how the running app guesses what a text is about; what it guesses is only ever asked back."""
    try:
        reader(Method.EMBEDDING)
    except TextExtraMissing as missing:
        return ok("texts", "What people write is read by word lists alone.", missing.hint)
    return ok("texts", "What people write is read by word lists and by meaning.")


def check_zones(now: datetime) -> Check:
    """Check that time zones are known, and from how recent a release."""
    missing = [name for name in WELL_KNOWN_ZONES if not is_zone(name)]
    known = len(zoneinfo.available_timezones())
    if missing or known < ZONES_AT_LEAST:
        named = f", {', '.join(missing)} not among them" if missing else ""
        return error("zones", f"Only {known} time zones are known{named}.", "pip install --upgrade tzdata")
    release = zone_release()
    message = f"{known} time zones, release {release or 'unknown'}."
    if release[:4].isdigit() and now.year - int(release[:4]) >= ZONES_OLD_AFTER_YEARS:
        hint = "pip install --upgrade tzdata, or update the system: countries change their clocks."
        return warning("zones", message, hint)
    return ok("zones", message)


def zone_release() -> str:
    """Return the release of the zone data in use (2026a): the system's where it has one, else the package's."""
    for folder in zoneinfo.TZPATH:
        file = Path(folder) / "tzdata.zi"
        if file.is_file():
            with file.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()
    try:
        return str(getattr(importlib.import_module("tzdata"), "IANA_VERSION", "")) or version("tzdata")
    except (ImportError, PackageNotFoundError):
        return ""


def check_playbooks(settings: Settings) -> Iterator[Check]:
    """Check the playbooks folder as `nudger check` does, and that somebody may steer."""
    library = read_folder(settings.nudger_playbooks)
    errors = sum(finding.is_error for finding in library.findings)
    yield _folder(settings.nudger_playbooks, library, errors)
    if not settings.admins and not (library.company and library.company.admins):
        hint = "Name Slack user ids under `admins` in company.yaml, or in NUDGER_ADMINS."
        yield warning("admins", "Nobody is an admin, so nobody can see /nudge status or pause a campaign.", hint)


def _folder(folder: Path, library: Library, errors: int) -> Check:
    if errors:
        places = ", ".join(library.broken[:5])
        message = f"{errors} fault{'' if errors == 1 else 's'} in the playbooks: {places}."
        return error("playbooks", message, f"nudger check {folder}")
    if not library.playbooks:
        hint = "docs/playbooks.md shows how to write one; NUDGER_PLAYBOOKS names the folder."
        return warning("playbooks", f"There is no playbook in {folder}.", hint)
    advice = len(library.findings)
    more = f" and {advice} pieces of advice" if advice else ""
    return ok("playbooks", f"{len(library.playbooks)} playbooks can be used{more}.")
