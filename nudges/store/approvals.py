"""Questions to a second person: this module is the only writer of `approvals`."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import rows_changed
from nudges.store.tables import ApprovalRow


class ApprovalKind(StrEnum):
    """What is asked for."""

    PUBLISH = "publish"
    UPDATE = "update"
    WIDEN = "widen"


class ApprovalReason(StrEnum):
    """Why a second person is asked."""

    COMPANY = "company"  # company.yaml wants it of every publishing
    GROWTH = "growth"  # more new people than company.yaml allows
    PILOT = "pilot"  # the playbook wants a yes before its pilot is widened


class Decision(StrEnum):
    """What became of a question; an empty word while it is open."""

    OPEN = ""
    APPROVED = "approved"
    DECLINED = "declined"
    REPLACED = "replaced"  # by a newer question about the same campaign


@dataclass(frozen=True)
class Approval:
    """One question, about exactly one content."""

    approval_id: int
    campaign_id: int
    kind: ApprovalKind
    version: int
    content_hash: str
    reason: ApprovalReason
    asked_by: str
    asked_at: datetime
    rest_starts_on: date | None = None
    decision: Decision = Decision.OPEN
    decided_by: str = ""
    decided_at: datetime | None = None
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision == Decision.OPEN


def ask(session: Session, workspace_id: str, new: Approval) -> int:
    """Store a question and return its id; open ones about the same campaign are replaced by it."""
    where = (*_open(workspace_id), col(ApprovalRow.campaign_id) == new.campaign_id)
    values = {"decision": Decision.REPLACED, "decided_at": new.asked_at}
    session.execute(update(ApprovalRow).where(*where).values(**values))
    wanted = {name: value for name, value in new.__dict__.items() if name != "approval_id"}
    statement = insert(ApprovalRow).values(workspace_id=workspace_id, **wanted).returning(col(ApprovalRow.approval_id))
    return int(session.execute(statement).scalar_one() or 0)


def decide(
    session: Session, workspace_id: str, approval_id: int, decision: Decision, *, by: str, why: str = "", now: datetime
) -> bool:
    """Record what was decided; False when it was decided before."""
    where = (*_open(workspace_id), col(ApprovalRow.approval_id) == approval_id)
    values = {"decision": decision, "decided_by": by, "decided_at": now, "why": why}
    return rows_changed(session, update(ApprovalRow).where(*where).values(**values)) == 1


def find(session: Session, workspace_id: str, approval_id: int) -> Approval | None:
    """Return one question of this workspace, or None."""
    row = session.get(ApprovalRow, approval_id)
    return _to_approval(row) if row is not None and row.workspace_id == workspace_id else None


def is_open(session: Session, workspace_id: str, approval_id: int) -> bool:
    """Return whether this question still waits."""
    found = find(session, workspace_id, approval_id)
    return found is not None and found.is_open


def open_ones(session: Session, workspace_id: str) -> list[Approval]:
    """Return the questions that wait, oldest first."""
    statement = select(ApprovalRow).where(*_open(workspace_id)).order_by(col(ApprovalRow.approval_id))
    return [_to_approval(row) for row in session.execute(statement).scalars()]


def about(session: Session, workspace_id: str, campaign_id: int) -> list[Approval]:
    """Return all questions about a campaign, oldest first."""
    where = (col(ApprovalRow.workspace_id) == workspace_id, col(ApprovalRow.campaign_id) == campaign_id)
    statement = select(ApprovalRow).where(*where).order_by(col(ApprovalRow.approval_id))
    return [_to_approval(row) for row in session.execute(statement).scalars()]


def _open(workspace_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(ApprovalRow.workspace_id) == workspace_id, col(ApprovalRow.decision) == Decision.OPEN


def _to_approval(row: ApprovalRow) -> Approval:
    values = {field.name: getattr(row, field.name) for field in fields(Approval)}
    kind, reason, decision = ApprovalKind(row.kind), ApprovalReason(row.reason), Decision(row.decision)
    return Approval(**{**values, "kind": kind, "reason": reason, "decision": decision})
