"""Messages to owners and admins: this module is the only writer of `notices`; they go out as deliveries."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import rows_changed
from nudges.store.tables import NoticeRow


def add(
    session: Session, workspace_id: str, *, notice_key: str, text_key: str, values: dict[str, Any], now: datetime
) -> bool:
    """Store a message for owners and admins once under its key; False when it was there."""
    if session.get(NoticeRow, (workspace_id, notice_key)) is not None:
        return False
    session.add(
        NoticeRow(workspace_id=workspace_id, notice_key=notice_key, text_key=text_key, values=values, created_at=now)
    )
    return True


def notice(session: Session, workspace_id: str, notice_key: str) -> tuple[str, dict[str, Any]] | None:
    """Return a notice's text key and values, or None."""
    row = session.get(NoticeRow, (workspace_id, notice_key))
    return (row.text_key, row.values) if row else None


def prune(session: Session, workspace_id: str, before: datetime) -> int:
    """Delete old messages; return how many."""
    where = (col(NoticeRow.workspace_id) == workspace_id, col(NoticeRow.created_at) < before)
    return rows_changed(session, delete(NoticeRow).where(*where))
