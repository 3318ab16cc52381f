"""A folder with a company's past: this module reads its files into records, or lists what is wrong with them.

Rows are taken one at a time and counted at once, so that millions of them need little memory.
"""

import csv
import json
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nudges.domain.detection.records import NOWHERE, Counts, Records, Report
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.errors import ImportRefused

REQUIRED = ("membership.csv", "deliveries.csv", "responses.csv")
MOST_WEEKS = 520
SHOWN = 50  # faults listed at most
NO_ANSWER = frozenset({"stop", "mute", "pause", "snooze", "unsubscribe"})  # kinds of response that say "not now"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "membership.csv": ("employee_id", "team_id", "department", "geo", "from_week", "to_week"),
    "deliveries.csv": ("week", "employee_id", "nudge_id"),
    "responses.csv": ("week", "employee_id", "nudge_id"),
    "usage.csv": ("week", "employee_id", "active_days"),
    "calendar.csv": ("week", "geo"),
}
KINDS = frozenset(kind.value for kind in BarrierKind)
Tell = Callable[[str], None]
Events = tuple[NDArray[np.intp], NDArray[np.intp]]  # weeks and people


@dataclass
class Numbers:
    """Names and their numbers, in the order in which they were met."""

    of: dict[str, int] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """Return the number of a name, a new one for a new name; -1 for none."""
        return self.of.setdefault(name, len(self.of)) if name else NOWHERE


@dataclass
class Past:
    """What has been read so far."""

    folder: Path
    people: Numbers = field(default_factory=Numbers)
    groups: Mapping[str, Numbers] = field(
        default_factory=lambda: {"team": Numbers(), "department": Numbers(), "place": Numbers()}
    )
    faults: list[str] = field(default_factory=list)


def read_history(folder: Path, tell: Tell = lambda _: None) -> Records:
    """Return the records of the folder; ImportRefused lists every fault with its file and line."""
    past = Past(folder)
    missing = [name for name in REQUIRED if not (folder / name).is_file()]
    if missing:
        hint = "See docs/barriers.md for the files of a history."
        raise ImportRefused(f"{folder} has no {' and no '.join(missing)}.", hint=hint)
    tell("membership.csv")
    spans = list(_memberships(past))
    delivered, answered = (_events(past, name, tell) for name in ("deliveries.csv", "responses.csv"))
    weeks = int(delivered[0].max()) + 1 if len(delivered[0]) else 1
    member_of = {one: np.full((len(past.people.of), weeks), NOWHERE, dtype=np.int32) for one in past.groups}
    for person, begin, end, homes in spans:
        for scope_type, home in homes.items():
            member_of[scope_type][person, begin:end] = home
    records = Records(
        names={one: list(numbers.of) for one, numbers in past.groups.items()},
        member_of=member_of,
        asked=_counted(past, delivered, weeks),
        answered=_counted(past, answered, weeks),
        used=_used(past, weeks, tell),
        reports=list(_reports(past, weeks, tell)),
        rest=frozenset(_holidays(past)),
    )
    _refuse(past)
    return records


def _memberships(past: Past) -> Iterator[tuple[int, int, int | None, Mapping[str, int]]]:
    for line, row in _rows(past, "membership.csv"):
        begin, end = _whole(past, "membership.csv", line, row[4]), None
        if row[5].strip():
            end = _whole(past, "membership.csv", line, row[5])
        if not row[0].strip():
            past.faults.append(f"membership.csv:{line}: there is no employee_id.")
            continue
        names = dict(zip(past.groups, (one.strip() for one in row[1:4]), strict=True))
        homes = {one: past.groups[one].number(name) for one, name in names.items()}
        yield past.people.number(row[0].strip()), begin, end, homes


def _events(past: Past, name: str, tell: Tell) -> Events:
    """Return week and person of each row; the same nudge of a person twice counts once."""
    tell(name)
    nudges, seen = Numbers(), set[int]()
    weeks, people = array("H"), array("l")
    for line, row in _rows(past, name):
        week, person = _whole(past, name, line, row[0]), past.people.of.get(row[1].strip())
        is_refusal = name == "responses.csv" and len(row) > 3 and row[3].strip() in NO_ANSWER
        if person is None or is_refusal:
            continue
        key = nudges.number(row[2]) * len(past.people.of) + person
        if key not in seen:
            seen.add(key)
            weeks.append(week)
            people.append(person)
    return np.array(weeks, dtype=np.intp), np.array(people, dtype=np.intp)


def _counted(past: Past, events: Events, weeks: int) -> Counts:
    when, who = events
    kept = when < weeks
    size = len(past.people.of) * weeks
    counts = np.bincount(who[kept] * weeks + when[kept], minlength=size)
    return np.minimum(counts, 255).astype(np.uint8).reshape(-1, weeks)


def _used(past: Past, weeks: int, tell: Tell) -> Counts | None:
    if not (past.folder / "usage.csv").is_file():
        return None
    tell("usage.csv")
    days = np.zeros((len(past.people.of), weeks), dtype=np.uint8)
    for line, row in _rows(past, "usage.csv"):
        week, person = _whole(past, "usage.csv", line, row[0]), past.people.of.get(row[1].strip())
        if person is not None and week < weeks:
            days[person, week] = min(7, _whole(past, "usage.csv", line, row[2]))
    return days


def _reports(past: Past, weeks: int, tell: Tell) -> Iterator[Report]:
    """Yield what people tapped; free text that nobody confirmed names no kind."""
    path = past.folder / "reports.jsonl"
    if not path.is_file():
        return
    tell("reports.jsonl")
    with _readable(path) as lines:
        for number, line in enumerate(lines, start=1):
            report = _report(past, number, line, weeks)
            if report is not None:
                yield report


def _report(past: Past, number: int, line: str, weeks: int) -> Report | None:
    if not line.strip():
        return None
    try:
        said = json.loads(line)
        week, person, kind = int(said["week"]), past.people.of.get(str(said["employee_id"])), str(said["category"])
    except (ValueError, KeyError, TypeError, RecursionError):
        past.faults.append(f"reports.jsonl:{number}: a report is an object with week, employee_id, channel, category.")
        return None
    if person is None or not 0 <= week < weeks or said.get("channel") != "button" or kind not in KINDS:
        return None
    return Report(week, person, kind)


def _holidays(past: Past) -> Iterator[tuple[int, int]]:
    if (past.folder / "calendar.csv").is_file():
        for line, row in _rows(past, "calendar.csv"):
            place = past.groups["place"].of.get(row[1].strip())
            if place is not None:
                yield _whole(past, "calendar.csv", line, row[0]), place


def _rows(past: Past, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line's number and its fields in the order of COLUMNS, with `kind` after them where there is one."""
    wanted = COLUMNS[name]
    with _readable(past.folder / name) as lines:
        reader = csv.reader(lines)
        header = [one.strip().lower() for one in next(reader, [])]
        missing = [one for one in wanted if one not in header]
        if missing:
            raise ImportRefused(f"{name}:1: the header has no column {', '.join(missing)}.")
        places = [header.index(one) for one in (*wanted, *(["kind"] if "kind" in header else []))]
        for row in reader:
            if len(row) >= len(header):
                yield reader.line_num, [row[place] for place in places]
            elif row:
                past.faults.append(f"{name}:{reader.line_num}: {len(row)} fields where the header has {len(header)}.")


def _whole(past: Past, name: str, line: int, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if 0 <= number < MOST_WEEKS:
        return number
    past.faults.append(f"{name}:{line}: {text.strip()[:20]!r} is no whole number from 0 to {MOST_WEEKS - 1}.")
    return 0


@contextmanager
def _readable(path: Path) -> Iterator[Iterator[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield lines
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{path.name} is not UTF-8 text. Save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise ImportRefused(f"{path.name} is no CSV ({error}).") from error


def _refuse(past: Past) -> None:
    if past.faults:
        more = f"\n... and {len(past.faults) - SHOWN} more" if len(past.faults) > SHOWN else ""
        listed = "\n".join(past.faults[:SHOWN])
        raise ImportRefused(f"The history has {len(past.faults)} faults, so nothing was looked at:\n{listed}{more}")
