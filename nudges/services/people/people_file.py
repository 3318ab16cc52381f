"""The company's people file: this module turns its text into people, or lists every line that is wrong."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nudges.domain.people.people import Person
from nudges.domain.times.hours import WorkingWeek, parse_days
from nudges.errors import ImportRefused
from nudges.services.people.csv_rows import Row, open_csv, refuse_faults, text_of

KNOWN = ("department", "place", "country", "region", "role", "title", "team", "language", "hours", "working_days")
OURS = ("slack_id", "email", "manager", *KNOWN)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

IdsByEmail = Callable[[], Mapping[str, str]]


@dataclass
class _File:
    """What has been read so far."""

    custom: tuple[str, ...]
    by_email: Mapping[str, str]
    found: dict[str, Person] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_people(text: str, ids_by_email: IdsByEmail) -> tuple[list[Person], tuple[str, ...]]:
    """Return the people of the file and the names of its own columns; ImportRefused lists every faulty line.

    Addresses are looked up in memory and never kept.
    """
    reader = open_csv(text)
    header = reader.fieldnames = _header(reader)
    custom = tuple(name for name in header if name and name not in OURS)
    file = _File(custom, ids_by_email() if "email" in header else {})
    try:
        for row in reader:
            _take(file, reader.line_num, row)
    except csv.Error as error:
        file.faults.append(f"Line {reader.line_num}: this is no CSV any more ({error}).")
    refuse_faults("people file", file.faults, has_rows=bool(file.found))
    return list(file.found.values()), custom


def _column(name: str) -> str:
    plain = name.strip()
    return plain.lower() if plain.lower() in OURS else plain


def _header(reader: "csv.DictReader[str]") -> list[str]:
    try:
        header = [_column(name) for name in reader.fieldnames or []]
    except csv.Error as error:
        raise ImportRefused(f"Line 1: this is no CSV ({error}).") from error
    if "slack_id" not in header and "email" not in header:
        raise ImportRefused("Line 1: the header needs a column slack_id (or email).")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise ImportRefused(f"Line 1: the header names {', '.join(twice)} twice.")
    return header


def _take(file: _File, line: int, row: Row) -> None:
    person_id = _id(file, row.get("slack_id"), row.get("email"))
    manager = text_of(row, "manager")
    manager_id = _id(file, None, manager) if "@" in manager else manager
    problem = _problem(file, row, person_id) or _manager_problem(manager, manager_id)
    if problem:
        file.faults.append(f"Line {line}: {problem}")
        return
    values = {name: text_of(row, name) for name in KNOWN}
    attributes = {name: text_of(row, name) for name in file.custom}
    file.found[person_id] = Person(person_id, manager_id=manager_id, attributes=attributes, **values)  # type: ignore[arg-type]  # KNOWN names text fields only


def _id(file: _File, slack_id: str | None, email: str | None) -> str:
    return (slack_id or "").strip() or file.by_email.get((email or "").strip().lower(), "")


def _problem(file: _File, row: Row, person_id: str) -> str:
    if None in row.values() or None in row:
        return "the number of fields differs from the header's."
    if not person_id:
        return "nobody in Slack has this id or address."
    if person_id in file.found:
        return f"{person_id} stands twice in the file."
    if re.search(r"\s", person_id) or "@" in person_id:
        return "slack_id is not a Slack id (U...)."
    kept = (*KNOWN, *file.custom)
    address = next((name for name in kept if _ADDRESS.search(text_of(row, name))), "")
    if address:
        return f"{address} holds an address; addresses are not stored, so leave the column out."
    return _hours_problem(row)


def _manager_problem(manager: str, manager_id: str) -> str:
    return "" if manager_id or not manager else "nobody in Slack has the manager's address."


def _hours_problem(row: Row) -> str:
    parsers: tuple[tuple[str, Callable[[str], object]], ...]
    parsers = (("hours", WorkingWeek.parse), ("working_days", parse_days))
    for name, parse in parsers:
        value = text_of(row, name)
        try:
            if value:
                parse(value)
        except ValueError as error:
            return f"{name}: {error}."
    return ""
