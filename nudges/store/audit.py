"""Who looked at or changed what: this module is the only writer of `audit`, and it only adds."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.tables import AuditRow


def record(
    session: Session, workspace_id: str, *, actor_id: str, action: str, subject: str = "", now: datetime
) -> None:
    """Add one line."""
    session.add(AuditRow(workspace_id=workspace_id, at=now, actor_id=actor_id, action=action, subject=subject))


def lines(session: Session, workspace_id: str) -> list[tuple[datetime, str, str, str]]:
    """Return all lines, oldest first: when, who, what, about what."""
    statement = select(AuditRow).where(col(AuditRow.workspace_id) == workspace_id).order_by(col(AuditRow.audit_id))
    return [(row.at, row.actor_id, row.action, row.subject) for row in session.execute(statement).scalars()]


def lines_of(session: Session, workspace_id: str, actor_id: str) -> list[tuple[datetime, str, str]]:
    """Return what one person looked at or changed: when, what, about what."""
    return [(at, action, subject) for at, who, action, subject in lines(session, workspace_id) if who == actor_id]
