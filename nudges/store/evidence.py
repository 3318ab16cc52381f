"""What people say is in the way: this module alone writes `barrier_reports` and `ask_backs`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.barriers.evidence import SAID
from nudges.store.engine import fetch, rows_changed
from nudges.store.tables import AskBackRow, BarrierReportRow

_ASKED = (
    select(col(AskBackRow.ask_id), col(AskBackRow.kind), col(AskBackRow.playbook))
    .add_columns(col(AskBackRow.reply_id), col(AskBackRow.asked_at))
    .where(col(AskBackRow.workspace_id) == bindparam("workspace_id"))
    .where(col(AskBackRow.person_hash) == bindparam("hashed"))
)


@dataclass(frozen=True)
class StoredReport:
    """One person's word of one kind in a period; the playbook is empty for Home and the shortcut."""

    person_hash: str
    kind: str
    playbook: str
    weight: float = SAID
    week: int | None = None


@dataclass(frozen=True)
class OwnReport:
    """What a person said, as they may see it themselves."""

    period: int
    kind: str
    playbook: str
    weight: float = SAID
    week: int | None = None


@dataclass(frozen=True)
class Asked:
    """The last question back to a person; its kind is empty once they have answered."""

    ask_id: str
    kind: str
    playbook: str
    reply_id: int | None
    asked_at: datetime


def add_report(
    session: Session,
    workspace_id: str,
    *,
    hashed: str,
    kind: str,
    period: int,
    playbook: str,
    weight: float = SAID,
    week: int | None = None,
) -> bool:
    """Store a report, or give one that was a guess the higher weight; False when as much was said before."""
    row = session.get(BarrierReportRow, (workspace_id, hashed, kind, period, playbook))
    if row is not None:
        is_more = weight > row.weight
        row.weight = max(weight, row.weight)
        return is_more
    row = BarrierReportRow(workspace_id=workspace_id, person_hash=hashed, kind=kind, period=period, playbook=playbook)
    row.weight, row.week = weight, week
    session.add(row)
    return True


def reports_of_period(session: Session, workspace_id: str, period: int) -> list[StoredReport]:
    """Return what people said themselves in a period; guesses are not among it, so nothing can count them."""
    return _stored(session, workspace_id, col(BarrierReportRow.period) == period, col(BarrierReportRow.weight) >= SAID)


def reports_of_person(session: Session, workspace_id: str, hashed: str) -> list[OwnReport]:
    """Return each report of one person, for their own eyes."""
    rows = session.execute(
        select(BarrierReportRow)
        .where(*_theirs(workspace_id, hashed))
        .order_by(col(BarrierReportRow.period), col(BarrierReportRow.kind))
    ).scalars()
    return [OwnReport(row.period, row.kind, row.playbook, row.weight, row.week) for row in rows]


def take_back(session: Session, workspace_id: str, hashed: str, kind: str, *, after_period: int) -> int:
    """Delete what a person said of a kind in periods that are still open; return how many rows."""
    open_ones = (*_theirs(workspace_id, hashed), col(BarrierReportRow.kind) == kind)
    return rows_changed(
        session, delete(BarrierReportRow).where(*open_ones, col(BarrierReportRow.period) > after_period)
    )


def drop_guess(session: Session, workspace_id: str, hashed: str, kind: str) -> int:
    """Delete what we only guessed of a person's words; what they said themselves stays. Return how many rows."""
    guessed = (col(BarrierReportRow.kind) == kind, col(BarrierReportRow.weight) < SAID)
    return rows_changed(session, delete(BarrierReportRow).where(*_theirs(workspace_id, hashed), *guessed))


def asked(session: Session, workspace_id: str, hashed: str) -> Asked | None:
    """Return the last question back to a person, or None when there was none lately."""
    row = fetch(session, _ASKED, workspace_id=workspace_id, hashed=hashed).first()
    return Asked(row.ask_id, row.kind, row.playbook, row.reply_id, row.asked_at) if row else None


def ask(session: Session, workspace_id: str, hashed: str, new: Asked) -> None:
    """Note that a person is asked back, in the place of the time before."""
    row = session.get(AskBackRow, (workspace_id, hashed))
    if row is None:
        row = AskBackRow(workspace_id=workspace_id, person_hash=hashed, ask_id=new.ask_id, asked_at=new.asked_at)
        session.add(row)
    row.ask_id, row.kind, row.playbook = new.ask_id, new.kind, new.playbook
    row.reply_id, row.asked_at = new.reply_id, new.asked_at


def settle_ask(session: Session, workspace_id: str, hashed: str, ask_id: str) -> Asked | None:
    """Note that a question was answered and return it as it stood; None when it is not open (any more)."""
    open_one = asked(session, workspace_id, hashed)
    if open_one is None or open_one.ask_id != ask_id or not open_one.kind:
        return None
    where = (col(AskBackRow.workspace_id) == workspace_id, col(AskBackRow.person_hash) == hashed)
    still_open = (*where, col(AskBackRow.ask_id) == ask_id, col(AskBackRow.kind) != "")
    done = update(AskBackRow).where(*still_open).values(kind="", playbook="", reply_id=None)
    return open_one if rows_changed(session, done) else None


def forget_ask(session: Session, workspace_id: str, hashed: str, kind: str) -> None:
    """Close an open question about this kind, because the person took back what it is about."""
    mine = (col(AskBackRow.workspace_id) == workspace_id, col(AskBackRow.person_hash) == hashed)
    done = update(AskBackRow).where(*mine, col(AskBackRow.kind) == kind).values(kind="", playbook="", reply_id=None)
    rows_changed(session, done)


def erase_person(session: Session, workspace_id: str, hashed: str) -> int:
    """Delete a person's evidence; what a closed period has published stays. Return how many reports."""
    mine = (col(AskBackRow.workspace_id) == workspace_id, col(AskBackRow.person_hash) == hashed)
    rows_changed(session, delete(AskBackRow).where(*mine))
    return rows_changed(session, delete(BarrierReportRow).where(*_theirs(workspace_id, hashed)))


def prune(session: Session, workspace_id: str, *, before_period: int, asked_before: datetime) -> int:
    """Delete reports that no decision looks at any more, and old questions; return how many reports."""
    old = (col(AskBackRow.workspace_id) == workspace_id, col(AskBackRow.asked_at) < asked_before)
    rows_changed(session, delete(AskBackRow).where(*old))
    here = col(BarrierReportRow.workspace_id) == workspace_id
    return rows_changed(session, delete(BarrierReportRow).where(here, col(BarrierReportRow.period) < before_period))


def _stored(session: Session, workspace_id: str, *where: ColumnElement[bool]) -> list[StoredReport]:
    here = col(BarrierReportRow.workspace_id) == workspace_id
    rows = session.execute(select(BarrierReportRow).where(here, *where)).scalars()
    return [StoredReport(row.person_hash, row.kind, row.playbook, row.weight, row.week) for row in rows]


def _theirs(workspace_id: str, hashed: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (col(BarrierReportRow.workspace_id) == workspace_id, col(BarrierReportRow.person_hash) == hashed)
