"""Who there is: this module takes over Slack's directory and the company's people file, whole or not at all."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from nudges.domain.cadence import rederive
from nudges.domain.deliveries import Planned, person_hash
from nudges.domain.hours import WorkingWeek, parse_days
from nudges.domain.people import Person, PersonKind
from nudges.domain.workdays import calendar_of
from nudges.errors import ImportRefused
from nudges.services.core import Core
from nudges.services.plan_deliveries import refresh_audience
from nudges.store import campaigns, deliveries, instance, people
from nudges.store.campaigns import CampaignStatus

KNOWN = ("department", "place", "country", "region", "role", "title", "team", "language", "hours", "working_days")


@dataclass(frozen=True)
class SyncReport:
    """What a reading of the directory found."""

    people: int
    sendable: int
    moved: int


@dataclass(frozen=True)
class ImportReport:
    """What a people file brought."""

    rows: int
    custom: tuple[str, ...]
    unknown_ids: int


def sync_people(core: Core) -> SyncReport:
    """Read the whole directory, then store it; nothing is stored when a page is missing (DirectoryError)."""
    listed = list(core.directory.people())
    now = core.clock()
    with core.db.begin() as session:
        gone = people.forgotten(session, core.workspace_id)
        kept = [person for person in listed if _hash(core, person.person_id) not in gone]
        count = people.upsert_directory(session, core.workspace_id, kept, now)
        instance.mark_synced(session, core.workspace_id, now)
        refresh_audiences(core, session)
    moved = follow_zones(core)
    sendable = sum(person.kind == PersonKind.MEMBER for person in kept)
    return SyncReport(count, sendable, moved)


def import_people(core: Core, text: str) -> ImportReport:
    """Take over a people file; ImportRefused lists every faulty line, and then nothing is stored."""
    rows, custom = _read(text, core)
    now = core.clock()
    with core.db.begin() as session:
        gone = people.forgotten(session, core.workspace_id)
        kept = [person for person in rows if _hash(core, person.person_id) not in gone]
        known = {person.person_id for person in people.everybody(session, core.workspace_id)}
        people.upsert_file(session, core.workspace_id, kept, now)
        refresh_audiences(core, session)
    follow_zones(core)
    return ImportReport(len(kept), custom, sum(person.person_id not in known for person in kept))


def refresh_audiences(core: Core, session: Session) -> None:
    """Make the audience of each running campaign what its rules say today."""
    running = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
    for campaign in running:
        refresh_audience(session, core, campaign, core.clock())


def follow_zones(core: Core) -> int:
    """Derive the instants of all waiting deliveries again; return how many moved with a zone or its rules."""
    with core.db.reading() as session:
        directory = {person.person_id: person for person in people.everybody(session, core.workspace_id)}
        waiting = deliveries.waiting(session, core.workspace_id)
    moves = []
    for delivery in waiting:
        person = directory.get(delivery.person_id)
        if person is None or delivery.is_notice:
            continue
        calendar = calendar_of(person, core.company())
        window, valid_for = delivery.window_ends_at - delivery.due_at, delivery.fresh_until - delivery.due_at
        planned = rederive(delivery.local_due, calendar=calendar, window=window, valid_for=valid_for)
        if isinstance(planned, Planned) and planned.due_at != delivery.due_at:
            moves.append((delivery, planned))
    if not moves:
        return 0
    with core.db.begin() as session:
        return sum(deliveries.move(session, delivery, planned) for delivery, planned in moves)


def _hash(core: Core, person_id: str) -> str:
    return person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)


def _read(text: str, core: Core) -> tuple[list[Person], tuple[str, ...]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    header = [name.strip() for name in reader.fieldnames or []]
    if "slack_id" not in header and "email" not in header:
        raise ImportRefused("Line 1: the header needs a column slack_id (or email).")
    reader.fieldnames = header
    by_email = core.directory.ids_by_email() if "slack_id" not in header else {}
    custom = tuple(name for name in header if name and name not in (*KNOWN, "slack_id", "email", "manager"))
    faults: list[str] = []
    found: dict[str, Person] = {}
    for row in reader:
        line = reader.line_num
        person_id = _person_id(row, by_email)
        problem = _problem(row, person_id, found)
        if problem:
            faults.append(f"Line {line}: {problem}")
        else:
            found[person_id] = _person(row, person_id, custom)
    if faults:
        shown = "\n".join(faults[:20]) + (f"\n... and {len(faults) - 20} more" if len(faults) > 20 else "")
        raise ImportRefused(f"The people file has {len(faults)} faults, so nothing was taken from it:\n{shown}")
    if not found:
        raise ImportRefused("The people file has a header and no people.")
    return list(found.values()), custom


def _person_id(row: Mapping[str, str | None], by_email: Mapping[str, str]) -> str:
    return (row.get("slack_id") or "").strip() or by_email.get((row.get("email") or "").strip().lower(), "")


def _problem(row: Mapping[str, str | None], person_id: str, found: Mapping[str, Person]) -> str:
    if None in row.values() or None in row:
        return "the number of fields differs from the header's."
    if not person_id:
        return "nobody in Slack has this id or address."
    if person_id in found:
        return f"{person_id} stands twice in the file."
    for name, parse in (("hours", WorkingWeek.parse), ("working_days", parse_days)):
        value = (row.get(name) or "").strip()
        try:
            if value:
                parse(value)
        except ValueError as error:
            return f"{name}: {error}."
    return ""


def _person(row: Mapping[str, str | None], person_id: str, custom: tuple[str, ...]) -> Person:
    values = {name: (row.get(name) or "").strip() for name in KNOWN}
    attributes = {name: (row.get(name) or "").strip() for name in custom}
    values["manager_id"] = (row.get("manager") or "").strip()
    return Person(person_id, attributes=attributes, **values)  # type: ignore[arg-type]  # KNOWN names text fields only
