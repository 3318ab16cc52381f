"""The usage file: this module turns its text into weeks of usage, or lists every line that is wrong."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from nudges.errors import ImportRefused
from nudges.services.people.csv_rows import Row, open_csv, refuse_faults, text_of
from nudges.services.people.people_file import IdsByEmail
from nudges.store.usage import Usage

COLUMNS = ("week", "slack_id", "email", "person", "active_days", "tool")
DAYS = 7
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII | re.IGNORECASE)


@dataclass
class _File:
    """What has been read so far."""

    by_email: Mapping[str, str]
    today: date
    found: dict[tuple[str, date, str], Usage] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_usage(text: str, ids_by_email: IdsByEmail, *, today: date) -> list[Usage]:
    """Return the weeks of the file; ImportRefused lists every faulty line.

    Addresses are looked up in memory and never kept.
    """
    reader = open_csv(text)
    header = reader.fieldnames = _header(reader)
    has_addresses = {"email", "person"} & set(header)
    file = _File(ids_by_email() if has_addresses else {}, today)
    try:
        for row in reader:
            _take(file, reader.line_num, row)
    except csv.Error as error:
        file.faults.append(f"Line {reader.line_num}: this is no CSV any more ({error}).")
    refuse_faults("usage file", file.faults, has_rows=bool(file.found))
    return list(file.found.values())


def _header(reader: "csv.DictReader[str]") -> list[str]:
    try:
        header = [name.strip().lower() for name in reader.fieldnames or []]
    except csv.Error as error:
        raise ImportRefused(f"Line 1: this is no CSV ({error}).") from error
    strangers = [name for name in header if name not in COLUMNS]
    if strangers:
        raise ImportRefused(f"Line 1: a usage file has no column {', '.join(strangers)}; it has {', '.join(COLUMNS)}.")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise ImportRefused(f"Line 1: the header names {', '.join(twice)} twice.")
    missing = [name for name in ("week", "active_days") if name not in header]
    if missing:
        raise ImportRefused(f"Line 1: the header needs a column {' and a column '.join(missing)}.")
    if not {"slack_id", "email", "person"} & set(header):
        raise ImportRefused("Line 1: the header needs a column slack_id (or email, or person for either).")
    return header


def _take(file: _File, line: int, row: Row) -> None:
    try:
        usage = _read(file, row)
    except ValueError as fault:
        file.faults.append(f"Line {line}: {fault}")
        return
    file.found[usage.person_id, usage.week_on, usage.tool] = usage


def _read(file: _File, row: Row) -> Usage:
    if None in row.values() or None in row:
        raise ValueError("the number of fields differs from the header's.")
    person_id = _person(file, row)
    usage = Usage(
        person_id, _week(text_of(row, "week"), file.today), _days(text_of(row, "active_days")), text_of(row, "tool")
    )
    if (usage.person_id, usage.week_on, usage.tool) in file.found:
        raise ValueError(f"{person_id} stands twice in the week of {usage.week_on}.")
    return usage


def _person(file: _File, row: Row) -> str:
    given = text_of(row, "slack_id") or text_of(row, "email") or text_of(row, "person")
    if not given:
        raise ValueError("nobody is named.")
    person_id = file.by_email.get(given.lower(), "") if "@" in given else given
    if not person_id:
        raise ValueError("nobody in Slack has this address.")
    if re.search(r"\s", person_id):
        raise ValueError("slack_id is not a Slack id (U...).")
    return person_id


def _week(text: str, today: date) -> date:
    monday = _monday(text)
    if monday > today:
        raise ValueError(f"the week of {monday} has not begun.")
    return monday


def _monday(text: str) -> date:
    match = _WEEK.fullmatch(text)
    try:
        day = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text or 'nothing'} is no week; write its Monday, 2027-01-18, or 2027-W03.") from None
    if day.weekday():
        raise ValueError(f"{day} is no Monday; its week is {day - timedelta(days=day.weekday())}.")
    return day


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-7]", text, re.ASCII):
        raise ValueError(f"active_days is {text or 'nothing'}; write a number from 0 to {DAYS}.")
    return int(text)
